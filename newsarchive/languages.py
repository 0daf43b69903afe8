"""In which language a page speaks: the one that its reader chose by a link, else the one that the browser asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

DESK = "/admin/"
YEAR = 365 * 24 * 60 * 60


class LanguageMiddleware:
    """Django's `LocaleMiddleware` for readers' pages.

    What programs read is in English, so that one copy of it serves all; so is the desk, which has not been translated.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_for_programs(request.path_info) or request.path_info.startswith(DESK):
            translation.activate(settings.LANGUAGE_CODE)
            return self.get_response(request)
        activate_for(request)
        response = self.get_response(request)
        vary_by_language(response)
        return response


def is_for_programs(path: str) -> bool:
    """An address whose last part has a dot in it, such as /tag/ice.csv; that of a page for readers ends in a slash."""
    return "." in path.rpartition("/")[2]


def activate_for(request: HttpRequest) -> None:
    translation.activate(translation.get_language_from_request(request))


def vary_by_language(response: HttpResponse) -> None:
    """Tells caches what the language hangs on."""
    patch_vary_headers(response, ("Accept-Language", "Cookie"))


@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponseRedirect:
    """Keeps the choice in a cookie, and leads back to the page that it was made on."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
    return response
