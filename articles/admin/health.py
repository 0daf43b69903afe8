"""Two faces: the health of the archive for staff, and for machines that watch over it."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import health

RIGHT = "articles.view_health"


@require_safe
def health_page(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "Health",
        "parts": health.parts(),
        "queue": health.queue(),
        "sizes": health.sizes(),
        "backup": health.last_backup(),
        "versions": health.versions(),
    }
    return TemplateResponse(request, "admin/health.html", context)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """To anybody it says of each part whether it is well, and nothing more."""
    found = health.parts()
    well = all(part.ok for part in found)
    told = {part.name: "ok" if part.ok else "failed" for part in found}
    return JsonResponse({"status": "ok" if well else "failed", "parts": told}, status=200 if well else 503)
