"""The editors' front door: arriving and leaving, and behind them Wagtail's editor, every view of it guarded."""

from django.urls import include, path
from wagtail.admin import urls as wagtails
from wagtail.utils.urlpatterns import decorate_urlpatterns

from helpline.web import pictures
from helpline.workspace import editing

handler400 = "helpline.web.views.bad_request"
handler403 = "helpline.web.views.permission_denied"
handler404 = "helpline.web.views.page_not_found"
handler500 = "helpline.web.views.server_error"

urlpatterns = [
    path("arrive/", editing.arrive, name="arrive"),
    path("arrive/take", editing.take, name="take-pass"),
    path("logout/", editing.leave, name="leave-editing"),  # where Wagtail's own button leads
    path(
        pictures.ROUTE, editing.for_editors(pictures.picture), name="picture"
    ),  # as the public has them: a preview shows them too
    path("", include(decorate_urlpatterns(wagtails.urlpatterns, editing.for_editors))),
]
