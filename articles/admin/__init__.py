"""The admin, by subject."""

from django.apps import apps
from django.db.models.signals import post_migrate

from .accounts import AccountAdmin
from .articles import ArticleAdmin
from .drafts import DraftAdmin
from .fruitless import FruitlessSearchAdmin
from .groups import make_groups
from .imports import ImportJobAdmin
from .log import LogAdmin
from .names import NameAdmin, SourceAdmin
from .originals import OriginalAdmin
from .searching import FollowedSearchAdmin, NameRingAdmin
from .sections import SectionAdmin

__all__ = [
    "AccountAdmin",
    "ArticleAdmin",
    "DraftAdmin",
    "FollowedSearchAdmin",
    "FruitlessSearchAdmin",
    "ImportJobAdmin",
    "LogAdmin",
    "NameAdmin",
    "NameRingAdmin",
    "OriginalAdmin",
    "SectionAdmin",
    "SourceAdmin",
]

# The permissions of all apps that the roles name are made by then.
post_migrate.connect(make_groups, sender=apps.get_app_config("contenttypes"))
