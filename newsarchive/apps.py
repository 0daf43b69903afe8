"""The project as an app, so that Django runs its system checks."""

from django.apps import AppConfig
from django.core.checks import register

from . import checks


class NewsArchiveConfig(AppConfig):
    name = "newsarchive"

    def ready(self) -> None:
        register(checks.python_version)
        register(checks.sqlite_version)
        register(checks.data_folder)
