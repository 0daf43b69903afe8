"""manage.py serve: the whole archive in one command."""

import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand

from newsarchive.serving import CannotServe, serve


class Command(BaseCommand):
    help = "Makes the archive ready and serves it, with what imports and indexes, until Ctrl-C."
    # The data folder is looked at first, and then all checks.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            # start.py holds them back until here.
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))
            serve(self.say)
        except CannotServe as reason:
            # Without the word CommandError in front.
            sys.exit(str(reason))
        except KeyboardInterrupt:
            self.say("\n")
        self.say("Stopped.\n")

    def say(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()
