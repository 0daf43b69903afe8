"""The WSGI application that a server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")

application = get_wsgi_application()

# What is loaded stays: to look through it for rubbish again and again would take as long as some pages do.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
