"""The front door of carriers: two addresses for each, and nothing else."""

from django.urls import path

from helpline.channels.sms.webhooks import views

handler400 = "helpline.channels.sms.webhooks.views.bad_request"
handler404 = "helpline.channels.sms.webhooks.views.not_found"
handler500 = "helpline.channels.sms.webhooks.views.failed"

urlpatterns = [
    path("hooks/sms/<slug:name>/text", views.text, name="carrier-text"),
    path("hooks/sms/<slug:name>/receipt", views.receipt, name="carrier-receipt"),
]
