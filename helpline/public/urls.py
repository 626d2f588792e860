"""The anonymous front door: pages, and the chat included by name (public code never reaches conversations)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
