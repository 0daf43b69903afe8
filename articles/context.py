"""What every page may say about the archive itself."""

from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from .models import FollowedSearch

# Seconds until the first followed search is linked from every page, or the last is no more.
MINUTE = 60


def archive(request: HttpRequest) -> dict[str, Any]:
    return {"archive_name": settings.ARCHIVE_NAME, "is_followed": is_followed, "reader": partial(reader, request)}


def reader(request: HttpRequest) -> str:
    """Who reads, where that is asked at all; everywhere else a page is the same for everybody."""
    return request.user.get_username() if settings.LOGIN_WALL and hasattr(request, "user") else ""


def is_followed() -> bool:
    """Whether there are followed searches to link to."""
    return bool(cache.get_or_set("articles.is_followed", FollowedSearch.objects.exists, MINUTE))
