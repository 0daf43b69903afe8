"""Brings the catalogues of translations up to date with the code and the templates, and compiles them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from newsarchive import catalogues


class Command(BaseCommand):
    help = "Collects what is marked for translation into locale/*/LC_MESSAGES/django.po, and compiles those."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        for language in catalogues.TRANSLATED:
            catalogues.update(language)
            left = len(catalogues.missing(catalogues.kept(language)))
            self.stdout.write(f"{catalogues.po_path(language)}: {left} not translated")
