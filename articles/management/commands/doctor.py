"""What is wrong with the archive, and what to do."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from newsarchive.doctor import findings


class Command(BaseCommand):
    help = "Look at settings, data folder, database, originals, index and work, and say what is wrong and what to do."
    # They are looked at with the rest.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        ill = 0
        for found in findings():
            ill += not found.ok
            self.stdout.write(f"{'ok   ' if found.ok else 'WRONG'}  {found.title}: {found.words}")
        if ill:
            sys.exit(1)
