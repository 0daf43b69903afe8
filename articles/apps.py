"""The app."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db import connections
from django.db.models.signals import post_migrate

from . import checks, ledger


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Archive"

    def ready(self) -> None:
        post_migrate.connect(keep_books, sender=self)
        register(checks.one_whoosh)


def keep_books(using: str, **kwargs: Any) -> None:
    """After each migration: see ledger.install."""
    ledger.install(connections[using])
