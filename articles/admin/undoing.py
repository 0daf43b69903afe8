"""Undoing an import: first a page that says what would become of each article, then the deed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html

from .. import undoing
from ..fates import Fate
from ..keeping import counted
from ..models import ImportJob, Result
from ..records import Status
from ..undoing import NotUndoable
from ..wording.archive import moment_time
from .receipts import address, undoer
from .uploads import may_publish, may_upload

# A batch of so many articles is undone while the person waits, a larger one in the background.
AT_ONCE = 500
RIGHTS = ("articles.change_article", "articles.delete_article")
# In the order of the page.
WORDS = {
    Fate.REMOVED: "removed: this import brought it",
    Fate.RESTORED: "put back to what it said before this import",
    Fate.EDITED: "kept: it was edited here since, was taken down, or is in the trash",
    Fate.SHARED: "kept: another import brought it too, or changed it since",
    Fate.TAKEN: "kept: another article has its former text or address by now",
    Fate.UNKEPT: "kept: it was changed before versions were kept, and what it said is not known",
}


def may_undo(user: Any, job: ImportJob) -> bool:
    """Who may change and delete articles may undo any import; who may upload, their own.

    Who may not publish does so as long as all that came are drafts.
    """
    own = may_upload(user) and job.created_by_id == user.pk
    return user.has_perms(RIGHTS) or (own and (may_publish(user) or not _has_left_drafts(job)))


def _has_left_drafts(job: ImportJob) -> bool:
    brought = job.outcomes.filter(result__in=(Result.CREATED, Result.UPDATED), article__isnull=False)
    return brought.exclude(article__status=Status.DRAFT).exists()


def undone_words(job: ImportJob) -> str:
    """When and by whom it was undone, for its receipt, or how far that is; "" if it was not."""
    if undoing.is_asked(job):
        return _progress_words(job)
    if not job.undone_at:
        return ""
    return format_html(
        "Undone on {}, by {}: {} removed, and {} put back. What was edited since, or came by another import too, "
        "stays. So does this receipt, which says what the import did then.",
        moment_time(job.undone_at),
        undoer(job),
        counted(job.removed, "article"),
        f"{job.put_back:,}",
    )


def _progress_words(job: ImportJob) -> str:
    told = undoing.progress(job)
    return (
        f"Being undone in the background, as {undoer(job)} asked: of {told.total:,} articles at most, {told.gone:,} "
        f"are removed and {told.back:,} put back so far. You can close this page; load it again to see how far it is."
    )


def counts_in_words(counts: Counter[Fate]) -> str:
    told = [f"{counts[fate]:,} {WORDS[fate]}" for fate in WORDS if counts[fate]]
    return "; ".join(told) or "nothing to undo"


def undo_page(request: HttpRequest, job: ImportJob, frame: dict[str, Any]) -> HttpResponse:
    """Ask whether to undo the import, or undo it. `frame` is what every page of the admin shows."""
    if not may_undo(request.user, job):
        raise PermissionDenied
    try:
        return _undo(request, job) if request.method == "POST" else _ask(request, job, frame)
    except NotUndoable as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(job.get_absolute_url())


def _ask(request: HttpRequest, job: ImportJob, frame: dict[str, Any]) -> HttpResponse:
    if undoing.is_asked(job):
        return HttpResponseRedirect(job.get_absolute_url())
    plan = undoing.plan(job)
    context = {
        **frame,
        "title": f"Undo: {job.label}",
        "job": job,
        "plan": plan,
        "counts": [(words, plan.counts[fate]) for fate, words in WORDS.items() if plan.counts[fate]],
        "staying": [(address(article), article, WORDS[fate]) for article, fate in plan.staying],
        "most_counted": undoing.MOST_COUNTED,
        "is_large": undoing.is_large(job, AT_ONCE),
    }
    return TemplateResponse(request, "admin/articles/importjob/undo.html", context)


def _undo(request: HttpRequest, job: ImportJob) -> HttpResponse:
    if undoing.is_large(job, AT_ONCE):
        undoing.ask(job, request.user)
        _note(request, job, "Undoing asked for, in the background.")
        return HttpResponseRedirect(job.get_absolute_url())
    done = undoing.undo(job, by=request.user)
    words = counts_in_words(done.counts)
    messages.success(request, f"The import is undone. Articles: {words}.")
    return HttpResponseRedirect(job.get_absolute_url())


def _note(request: HttpRequest, job: ImportJob, words: str) -> None:
    LogEntry.objects.log_actions(request.user.pk or 0, [job], CHANGE, words, single_object=True)
