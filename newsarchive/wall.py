"""The wall: with NEWSARCHIVE_LOGIN nothing of the archive is shown to anybody who is not logged in.

A view is behind it unless the view itself says otherwise (`login_not_required`): what is new is closed.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control


class LoginWall(LoginRequiredMiddleware):
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.LOGIN_WALL:
            raise MiddlewareNotUsed
        super().__init__(get_response)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
        """An address that is none leads to the login too: which ones there are is nobody else's business."""
        if response.status_code == 404 and request.resolver_match is None and not request.user.is_authenticated:
            response = redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        patch_cache_control(response, private=True)
        return response
