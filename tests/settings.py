"""The settings of the tests: the archive's own, over a data folder that goes away with the process."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="newsarchive-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["NEWSARCHIVE_DATA"] = _folder

from newsarchive.settings import *  # noqa: E402, F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Tests of what is noted switch it on: no other counts its queries.
KEEP_SEARCHES = False
# Programs that test ask faster than any person. Tests of the limits switch them on.
RATE = 0
AXES_ENABLED = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# WhiteNoise complains of a missing folder. The live server takes the files from where they are written.
STATIC_ROOT.mkdir()  # noqa: F405
