"""The process that answers visitors. Nothing here may need Django's models before `load_application` has run."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

# After so many new objects rubbish is looked for, in older ones after so many of those times, in all after so many.
RUBBISH = (10_000, 50, 100)


def load_application() -> WSGIHandler:
    """Called by granian in the new process, before it sets signal handlers of its own."""
    # Until then, what the main process has told itself to do on these signals is not for this one.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # A terminal's Ctrl-C reaches the main process, which ends this one in its turn.
    os.setpgrp()
    threading.Thread(target=end_with_parent, daemon=True).start()
    return settled(get_wsgi_application())


def settled(application: WSGIHandler) -> WSGIHandler:
    """What is loaded stays: to look through it for rubbish again and again would take as long as some pages do."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RUBBISH)
    return application


def end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
