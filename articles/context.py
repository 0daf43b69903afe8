"""What every page may say about the archive itself."""

from django.conf import settings
from django.http import HttpRequest


def archive(request: HttpRequest) -> dict[str, str]:
    return {"archive_name": settings.ARCHIVE_NAME}
