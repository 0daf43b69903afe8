"""Who may do what: two groups to begin with."""

from __future__ import annotations

from typing import Any

from django.apps import apps as installed

EDITORS = "Editors"
UPLOADERS = "Uploaders"
NAMES = ("source", "section", "tag", "author")
KEPT = ("namering", "followedsearch")
RIGHTS = {
    UPLOADERS: ("upload_article",),
    EDITORS: (
        "upload_article", "add_article", "change_article", "takedown_article", "view_article",
        "view_original", "view_importjob",
        "add_image", "change_image", "delete_image", "view_image",
        *(f"{right}_{name}" for right in ("add", "change", "view") for name in NAMES),
        *(f"{right}_{kept}" for right in ("add", "change", "delete", "view") for kept in KEPT),
    ),
}  # fmt: skip


def make_groups(apps: Any = installed, using: str = "default", **kwargs: Any) -> None:
    """After each migration and at each start, while nobody can log in: what staff make of groups stands."""
    groups = apps.get_model("auth", "Group").objects.using(using)
    if groups.exists() or apps.get_model("auth", "User").objects.using(using).exists():
        return
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for name, rights in RIGHTS.items():
        group = groups.create(name=name)
        group.permissions.set(permissions.filter(content_type__app_label="articles", codename__in=rights))
