"""What every page may say about the archive itself."""

from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from .models import FollowedSearch, Takedown

# Seconds until the first followed search or tombstone is linked from every page, or the last is no more.
MINUTE = 60


def archive(request: HttpRequest) -> dict[str, Any]:
    asked = {"is_followed": is_followed, "is_taken_down": is_taken_down, "reader": partial(reader, request)}
    return {"archive_name": settings.ARCHIVE_NAME, **asked}


def reader(request: HttpRequest) -> str:
    """Who reads, where that is asked at all; everywhere else a page is the same for everybody."""
    return request.user.get_username() if settings.LOGIN_WALL and hasattr(request, "user") else ""


def is_followed() -> bool:
    """Whether there are followed searches to link to."""
    return bool(cache.get_or_set("articles.is_followed", FollowedSearch.objects.exists, MINUTE))


def is_taken_down() -> bool:
    """Whether there are tombstones to list."""
    return bool(cache.get_or_set("articles.is_taken_down", Takedown.objects.tombstones().exists, MINUTE))
