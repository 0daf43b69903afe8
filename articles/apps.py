"""The app."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from . import checks, ledger


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Archive"

    def ready(self) -> None:
        pre_migrate.connect(lay_books_aside, sender=self)
        post_migrate.connect(keep_books, sender=self)
        register(checks.one_whoosh)


def lay_books_aside(using: str, plan: list[Any], **kwargs: Any) -> None:
    """Before each migration that has something to do: see ledger.lift."""
    if plan:
        ledger.lift(connections[using])


def keep_books(using: str, **kwargs: Any) -> None:
    """After each migration: see ledger.install."""
    ledger.install(connections[using])
