"""Addresses of consultations. They stand in mails and on paper, and never change."""

from django.urls import path

from helpline.public import consulting

urlpatterns = [
    path("", consulting.listed, name="list"),
    path("<slug:slug>/", consulting.one, name="one"),
    path("<slug:slug>/mine/", consulting.mine, name="mine"),
    path("<slug:slug>/said.csv", consulting.as_csv, name="csv"),
    path("<slug:slug>/said.json", consulting.as_json, name="json"),
    path("<slug:slug>/<uuid:key>/", consulting.section, name="section"),
]
