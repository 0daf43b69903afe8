"""Uploading articles: what is taken in, what is refused at the door, and what is run at once."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_protect

from .. import jobs, previewing
from ..models import ImportJob, JobState, Source
from .forms import UploadForm
from .spool import Spool

logger = logging.getLogger(__name__)

PERMISSION = "articles.upload_article"
PUBLISH = "articles.publish_article"
# What is done in a moment is done at once; the rest is left to the process that imports.
AT_ONCE_FILES = 50
AT_ONCE_BYTES = 2 * settings.MB
SOURCES_TO_CHOOSE = 500
# Of all files together, as they are sent; beside them there is room for a pasted text.
LONGEST_PATHS = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2


def megabytes(count: int) -> str:
    return f"{count // settings.MB:,} MB"


def problems() -> dict[str, str]:
    """What is said of an upload that is turned away."""
    admin = "ask who runs the archive to"
    return {
        "too_large": (
            f"The upload is larger than {megabytes(settings.UPLOAD_TOTAL_BYTES)}, and nothing of it was taken in. "
            f"Upload it in parts, or {admin} raise NEWSARCHIVE_UPLOAD_TOTAL_MB."
        ),
        "too_many": (
            f"The upload has more than {settings.UPLOAD_FILES:,} files, and nothing of it was taken in. "
            f"Make a ZIP archive of them and upload that, or {admin} raise NEWSARCHIVE_UPLOAD_FILES."
        ),
        "too_long": (
            f"The pasted text is longer than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes, and nothing was taken in. "
            "Save it as a file and upload that."
        ),
        "paths_too_long": (
            f"The paths of the files are longer than {LONGEST_PATHS:,} characters together, and nothing was taken in. "
            "Make a ZIP archive of the folder and upload that."
        ),
        "not_kept": (
            f"The archive could not write the upload down, and nothing was imported. "
            f"Please {admin} look at its disk; then upload again."
        ),
    }


def envelope_bytes() -> int:
    """What an upload has beside the bytes of its files, at most."""
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1024 * settings.UPLOAD_FILES


def may_upload(user: Any) -> bool:
    return bool(user.is_active and user.is_staff and user.has_perm(PERMISSION))


def may_publish(user: Any) -> bool:
    """Whether what somebody uploads may be seen by readers at once. What others upload are drafts, their own."""
    return bool(user.has_perm(PUBLISH))


def upload(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """Ask for files, or take them in. `frame` is what every page of the admin shows. Wants a view without CSRF check:

    who may not upload, and what is too large, is turned away before a byte is read. The check reads them all, so it
    comes after.
    """
    if not may_upload(request.user):
        raise PermissionDenied
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_TOTAL_BYTES + envelope_bytes():
        return _refused(request, frame, "too_large", 413)
    if request.method != "POST":
        return _page(request, frame, UploadForm(may_publish=may_publish(request.user)))
    try:
        request.upload_handlers = [Spool(request)]
        return csrf_protect(_take_in)(request, frame)
    except TooManyFilesSent:
        return _refused(request, frame, "too_many", 413)
    except (RequestDataTooBig, TooManyFieldsSent):
        return _refused(request, frame, "too_long", 413)
    except (OSError, OperationalError):
        logger.exception("an upload could not be kept")
        return _refused(request, frame, "not_kept", 507)


def _take_in(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES, may_publish=may_publish(request.user))
    if not form.is_valid():
        return _page(request, frame, form)
    job = take_in(form, request.user, preview="preview" in request.POST)
    return HttpResponseRedirect(job.get_absolute_url())


def is_small(files: int, size: int) -> bool:
    return files <= AT_ONCE_FILES and size <= AT_ONCE_BYTES


def take_in(form: UploadForm, user: Any, *, preview: bool = False) -> ImportJob:
    """Keep the files of a valid form as one job. It waits for its preview, or is run at once if it is small."""
    small = not preview and is_small(len(form.names), form.size)
    job = jobs.enqueue(
        form.incoming(),
        label=form.label,
        gifts=form.gifts(),
        by=user,
        most=settings.UPLOAD_FILE_BYTES,
        claimed_by=jobs.worker_name() if small else "",
        state=JobState.PROPOSED if preview else JobState.QUEUED,
    )
    if job.state == JobState.RUNNING:
        jobs.run(job)
    return job


def _page(request: HttpRequest, frame: dict[str, Any], form: UploadForm) -> HttpResponse:
    context = {
        **frame,
        "title": "Upload articles",
        "form": form,
        "sources": Source.objects.by_size()[:SOURCES_TO_CHOOSE],
        "readable": previewing.readable(),
        "most_files": settings.UPLOAD_FILES,
        "most_bytes": settings.UPLOAD_TOTAL_BYTES,
        "longest_paths": LONGEST_PATHS,
        "most_file_bytes": settings.UPLOAD_FILE_BYTES,
        **problems(),
    }
    return TemplateResponse(request, "admin/articles/importjob/upload.html", context)


def _refused(request: HttpRequest, frame: dict[str, Any], problem: str, status: int) -> HttpResponse:
    context = {**frame, "title": "Nothing was uploaded", "problem": problems()[problem]}
    return TemplateResponse(request, "admin/articles/importjob/refused.html", context, status=status)
