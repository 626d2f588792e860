"""Addresses of updates, once for each language (`urls.py`). They stand in mails, and never change."""

from django.urls import path

from helpline.public import updates

urlpatterns = [
    path("", updates.sign_up, name="sign-up"),
    path("archive/", updates.archive, name="archive"),
    path("read/<str:code>/", updates.read, name="read"),
    path("confirm/<str:token>/", updates.confirm, name="confirm"),
    path("mine/<str:link>/", updates.mine, name="mine"),
    path("mine/<str:link>/all/", updates.stop_all, name="stop-all"),
    path("mine/<str:link>/<slug:topic>/", updates.stop, name="stop"),
]
