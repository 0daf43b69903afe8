"""What waits for staff, on the first page of the admin; and two words that its templates need."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html_join

from .. import desk as waiting
from ..admin.health import RIGHT
from ..admin.receipts import address
from ..admin.uploads import may_upload

register = template.Library()
register.filter("read_at", address)


@register.filter
def path(name: str) -> str:
    """The path of a file, each part of which keeps its own direction: a folder in Arabic turns nothing around it."""
    return format_html_join("/", "<bdi>{}</bdi>", ((part,) for part in name.split("/"))) if "/" in name else name


@register.inclusion_tag("admin/_desk.html", takes_context=True)
def desk(context: dict[str, Any]) -> dict[str, Any]:
    user = context["request"].user
    return {
        "may_upload": may_upload(user),
        "may_health": user.has_perm(RIGHT),
        "matters": waiting.matters(user),
        "last": waiting.imports_of(user).order_by("-id").first(),
    }
