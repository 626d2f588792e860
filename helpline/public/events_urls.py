"""Addresses of events. They stand in mails and in calendars, and never change."""

from django.urls import path

from helpline.public import events

urlpatterns = [
    path("", events.listed, name="list"),
    path("calendar.ics", events.calendar, name="calendar"),
    path("<slug:slug>/", events.one, name="one"),
    path("<slug:slug>/event.ics", events.ics, name="ics"),
    path("<slug:slug>/register/", events.register, name="register"),
    path("<slug:slug>/confirm/<str:token>/", events.confirm, name="confirm"),
    path("<slug:slug>/mine/<str:link>/", events.mine, name="mine"),
]
