"""Haystack's commands, which end with a sentence where they would end with a traceback."""

from __future__ import annotations

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from haystack.management.commands import clear_index, rebuild_index, update_index

from .edge import TROUBLE, in_a_sentence


def _is_not_told(record: logging.LogRecord) -> bool:
    """Haystack logs the traceback of every error on its way out."""
    return not (record.exc_info and isinstance(record.exc_info[1], TROUBLE))


update_index.LOG.addFilter(_is_not_told)


class Telling(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        # The engine itself waits for other writers. What else goes wrong would go wrong again, half a minute later.
        parser.set_defaults(max_retries=1)

    def handle(self, *args: Any, **options: Any) -> None:
        with in_a_sentence():
            super().handle(*args, **options)


class ClearIndex(Telling, clear_index.Command):
    pass


class RebuildIndex(Telling, rebuild_index.Command):
    pass


class UpdateIndex(Telling, update_index.Command):
    pass
