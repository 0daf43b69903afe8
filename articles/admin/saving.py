"""Forms of the admin that are saved while others write too: imports, merges of names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse

from ..attempts import repeated


class Saving(admin.ModelAdmin):
    """What others crossed is saved once more: by then it is seen what they did."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return repeated(partial(_told_once, request, partial(super().changeform_view, request, *args, **kwargs)))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return repeated(partial(_told_once, request, partial(super().delete_view, request, *args, **kwargs)))


def _told_once(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """Nothing is told of an attempt before that was crossed."""
    request._messages = default_storage(request)  # type: ignore[attr-defined]
    return view()
