"""The archive's settings over the folder that NEWSARCHIVE_DATA names, and the stock Haystack engine beside ours."""

from newsarchive.settings import *  # noqa: F403
from newsarchive.settings import DATA, HAYSTACK_CONNECTIONS, STATIC_ROOT

HAYSTACK_CONNECTIONS = {
    **HAYSTACK_CONNECTIONS,
    "stock": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": f"{DATA}/stock"},
}

# Pages are made without their styles having been collected.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(exist_ok=True)
