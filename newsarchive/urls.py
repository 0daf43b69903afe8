"""The addresses of the whole site."""

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from articles.admin.health import health_page, healthz

from . import languages

CODES = "|".join(code for code, _name in settings.LANGUAGES)


def closed(request: HttpRequest, place: str) -> HttpResponse:
    """Django's way from any row to its page would tell all staff the address, hence the title, of what is hidden."""
    raise Http404


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/health/", admin.site.admin_view(health_page), name="health"),
    path("admin/r/<path:place>", closed),
    path("admin/", admin.site.urls),
    re_path(f"^language/(?P<code>{CODES})/$", languages.choose, name="language"),
    path("", include("articles.urls")),
]
