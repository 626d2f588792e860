"""Addresses of figures, once for each language (`urls.py`). They never change: others link to them."""

from django.urls import path, register_converter

from helpline.public import figures

register_converter(figures.PeriodConverter, "period")

urlpatterns = [
    path("", figures.latest, name="latest"),
    path("archive/", figures.archive, name="archive"),
    path("how/", figures.how, name="how"),
    path("<period:period>/", figures.period, name="period"),
    path("<period:period>/<slug:dimension>/<str:code>/", figures.group, name="group"),
    path("<period:period>.csv", figures.csv, name="csv"),
    path("<period:period>.json", figures.json, name="json"),
    path("<period:period>.pdf", figures.pdf, name="pdf"),
]
