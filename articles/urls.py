"""The addresses of the archive's pages."""

from django.urls import URLPattern

app_name = "articles"
urlpatterns: list[URLPattern] = []
