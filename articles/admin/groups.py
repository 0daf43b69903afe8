"""Who may do what: the roles that are ready made. Each has the rights of its work and no others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps as installed
from django.db.models import Q

# An archive of an earlier version has Uploaders: they bring in what is published at once, and write no drafts.
READERS, CONTRIBUTORS, EDITORS, ADMINISTRATORS = "Readers", "Contributors", "Editors", "Administrators"
NAMES = ("source", "section", "tag", "author")
KEPT = ("namering", "followedsearch")
IMAGES = ("add_image", "change_image", "delete_image", "view_image")
EDITING = (
    "upload_article", "publish_article", "add_article", "change_article", "takedown_article", "view_article",
    "view_health", "view_original", "view_importjob", "view_fruitlesssearch", "delete_fruitlesssearch", *IMAGES,
    *(f"{right}_{name}" for right in ("add", "change", "view") for name in NAMES),
    *(f"{right}_{kept}" for right in ("add", "change", "delete", "view") for kept in KEPT),
)  # fmt: skip
RIGHTS: dict[str, tuple[str, ...]] = {
    # To read takes an account and no right: the group names those who have one for that.
    READERS: (),
    CONTRIBUTORS: ("upload_article", "add_draft", "change_draft", "view_draft", *IMAGES),
    EDITORS: EDITING,
    ADMINISTRATORS: (
        *EDITING, "delete_article", *(f"delete_{name}" for name in NAMES),
        "view_logentry", "add_user", "change_user", "delete_user", "view_user", "view_group",
    ),
}  # fmt: skip


def make_groups(apps: Any = installed, using: str = "default", **kwargs: Any) -> None:
    """After each migration and at each start, while nobody can log in: what staff make of groups stands."""
    groups = apps.get_model("auth", "Group").objects.using(using)
    if groups.exists() or apps.get_model("auth", "User").objects.using(using).exists():
        return
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for name, rights in RIGHTS.items():
        groups.create(name=name).permissions.set(permissions.filter(_named(rights)))


def _named(rights: Iterable[str]) -> Q:
    return Q(content_type__app_label__in=("articles", "auth", "admin"), codename__in=rights)
