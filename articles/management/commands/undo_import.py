"""Undo an import of any size."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles import undoing
from articles.models import ImportJob
from articles.undoing import NotUndoable


class Command(BaseCommand):
    help = "Undo an import: remove what it brought, put back what it changed. It may be stopped and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, help="the number of the import, as on its receipt")
        parser.add_argument("--plan", action="store_true", help="only say what would become of its articles")

    def handle(self, *, number: int, plan: bool, **options: Any) -> None:
        job = ImportJob.objects.filter(pk=number).first()
        if job is None:
            raise CommandError(f"There is no import {number}. The list of imports in the admin has the numbers.")
        try:
            planned = undoing.plan(job) if plan else None
            counts = planned.counts if planned else undoing.undo(job).counts
        except NotUndoable as error:
            raise CommandError(str(error)) from error
        if planned and planned.cut:
            self.stdout.write(f"Counted are the first {undoing.MOST_COUNTED:,} articles; there are more.")
        told = ", ".join(f"{count:,} {fate.value}" for fate, count in sorted(counts.items()))
        self.stdout.write(f"{'Would be' if plan else 'Articles'}: {told or 'nothing to undo'}.")
