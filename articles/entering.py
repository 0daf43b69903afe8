"""Two faces: logging in and out, for readers of an archive that asks for it (NEWSARCHIVE_LOGIN)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    """Any account that is not locked may read; which of name and password was wrong is not told."""

    template_name = "articles/login.html"
    next_page = "articles:home"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.LOGIN_WALL:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class Logout(LogoutView):
    next_page = "articles:home"
