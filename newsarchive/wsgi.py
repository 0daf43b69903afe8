"""The WSGI application that a server runs."""

import os

from django.core.wsgi import get_wsgi_application

from .web import settled

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")

application = settled(get_wsgi_application())
