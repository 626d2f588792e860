"""The API, at /directory/api/ of the public door."""

from django.urls import path

from helpline.directory import views
from helpline.directory.lists import LISTS

app_name = "directory"
urlpatterns = [
    path("", views.about, name="about"),
    path("openapi.json", views.openapi, name="openapi"),
    path("changes", views.changed, name="changes"),
    path("export.jsonl", views.everything, {"kind": "jsonl"}, name="export-jsonl"),
    path("export.zip", views.everything, {"kind": "zip"}, name="export-zip"),
    *(path(name, views.many, {"name": name}, name=name) for name in LISTS),
    *(path(f"{name}/<str:identity>", views.one, {"name": name}, name=f"{name}-one") for name in LISTS),
]
