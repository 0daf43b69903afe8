"""The process that answers visitors. Nothing here may need Django's models before `load_application` has run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

from .rubbish import settle


def load_application() -> WSGIHandler:
    """Called by granian in the new process, before it sets signal handlers of its own."""
    # Until then, what the main process has told itself to do on these signals is not for this one.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # A terminal's Ctrl-C reaches the main process, which ends this one in its turn.
    os.setpgrp()
    threading.Thread(target=end_with_parent, daemon=True).start()
    application = get_wsgi_application()
    settle()
    return application


def end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
