"""What every page may say about the archive itself."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .models import Edition, FollowedSearch, Takedown


def archive(request: HttpRequest) -> dict[str, Any]:
    return {
        "archive_name": settings.ARCHIVE_NAME,
        "is_followed": partial(kept, request, "is_followed", FollowedSearch.objects.exists),
        "is_taken_down": partial(kept, request, "is_taken_down", Takedown.objects.tombstones().exists),
        "reader": partial(reader, request),
    }


def reader(request: HttpRequest) -> str:
    """Who reads, where that is asked at all; everywhere else a page is the same for everybody."""
    return request.user.get_username() if settings.LOGIN_WALL and hasattr(request, "user") else ""


def kept(request: HttpRequest, name: str, ask: Callable[[], bool]) -> bool:
    """Whether there are followed searches, or tombstones, to link to: asked once in each edition."""
    return Edition.objects.kept(name, ask, getattr(request, "edition", None))
