"""The WSGI application that a server runs."""

import os

from django.core.wsgi import get_wsgi_application

from .rubbish import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")

application = get_wsgi_application()
settle()
