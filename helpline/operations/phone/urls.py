"""The door of the demonstration's phone and mailbox (`phone.localhost`); only `helpline demo` has any behind it."""

from django.urls import path

from helpline.operations.phone import views

handler400 = "helpline.web.views.bad_request"
handler403 = "helpline.web.views.permission_denied"
handler404 = "helpline.web.views.page_not_found"
handler500 = "helpline.web.views.server_error"

urlpatterns = [
    path("", views.people, name="people"),
    path("version/", views.version, name="version"),
    path("<slug:person>/text/<slug:line>/", views.texts, name="texts"),
    path("<slug:person>/mail/<slug:line>/", views.mails, name="mails"),
    path("<slug:person>/switch/", views.switch, name="switch"),
]
