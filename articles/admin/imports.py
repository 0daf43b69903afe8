"""Imports in the admin: the upload page, the list of imports, and a receipt for each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .. import batches, desk, jobs
from ..models import ImportJob, ImportOutcome, JobState
from ..undoing import undoable
from ..wording.archive import moment_time
from . import previews
from .lists import BoundedPaginator
from .receipts import WORDS, Receipt, as_csv, lines, where_for
from .undoing import may_undo, undo_page, undone_words
from .uploads import may_upload, upload

STATES = {
    JobState.PROPOSED: "waiting for a decision",
    JobState.QUEUED: "waiting for its turn",
    JobState.RUNNING: "being read",
    JobState.DONE: "done",
    JobState.FAILED: "broken off",
    JobState.CANCELLED: "cancelled",
}
# Of the files that a cancelled import did not reach, so many are named over its receipt.
MOST_UNREAD = 10
# So many files are looked through for columns that were left out, and so many are named for one list of them.
MOST_WITH_COLUMNS = 1000
MOST_NAMED = 10


class RefusedFilter(admin.SimpleListFilter):
    title = "refused"
    parameter_name = "refused"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "This month, not settled")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return desk.refused(queryset) if self.value() == "yes" else None


class JobList(ChangeList):
    """Imports with their counts, in one query for the whole page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        held: list[Any] = list(self.result_list)
        tallies = tally_of(held)
        for job in held:
            job.tally = tallies[job.pk]
        self.result_list = held

    def url_for_result(self, result: Any) -> str:
        return result.get_absolute_url()


def tally_of(held: Iterable[ImportJob]) -> dict[int, Counter[str]]:
    tallies: dict[int, Counter[str]] = {job.pk: Counter() for job in held}
    rows = ImportOutcome.objects.filter(job__in=tallies).order_by().values_list("job", "result").annotate(Count("id"))
    for job, result, count in rows:
        tallies[job][result] = count
    return tallies


@admin.register(ImportJob)
class ImportJobAdmin(admin.ModelAdmin):
    """Receipts are kept for ever: an import is neither added, changed nor deleted here."""

    list_display = ("label", "state_words", "outcomes", "created_by", "came")
    list_filter = ("state", RefusedFilter)
    list_select_related = ("created_by",)
    list_per_page = 50
    search_fields = ("label",)
    ordering = ("-id",)
    sortable_by = ()
    actions = None
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ImportJob | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ImportJob | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: ImportJob | None = None) -> bool:
        """Who may upload sees the receipts of their own uploads."""
        if super().has_view_permission(request, obj):
            return True
        return may_upload(request.user) and (obj is None or obj.created_by_id == request.user.pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportJob]:
        held = super().get_queryset(request)
        return held if super().has_view_permission(request) else held.filter(created_by=request.user.pk)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return JobList

    @admin.display(description="state")
    def state_words(self, job: ImportJob) -> str:
        return state_of(job)

    @admin.display(description="articles")
    def outcomes(self, job: Any) -> str:
        return (
            ", ".join(f"{job.tally[kind]:,} {words}" for kind, words in WORDS.items() if job.tally[kind]) or "none yet"
        )

    @admin.display(description="came")
    def came(self, job: ImportJob) -> str:
        return moment_time(job.created_at)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("upload/", view(csrf_exempt(self.upload_view)), name="articles_importjob_upload"),
            path("<int:number>/preview/", view(self.preview_view), name="articles_importjob_preview"),
            path("<int:number>/cancel/", view(require_POST(self.cancel_view)), name="articles_importjob_cancel"),
            path("<int:number>/go-on/", view(require_POST(self.go_on_view)), name="articles_importjob_go_on"),
            path("<int:number>/settle/", view(require_POST(self.settle_view)), name="articles_importjob_settle"),
            path("<int:number>/receipt/", view(self.receipt_view), name="articles_importjob_receipt"),
            path("<int:number>/receipt/progress/", view(self.progress_view), name="articles_importjob_progress"),
            path("<int:number>/receipt.csv", view(self.csv_view), name="articles_importjob_csv"),
            path("<int:number>/undo/", view(self.undo_view), name="articles_importjob_undo"),
        ]
        return own + super().get_urls()

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        job = self.get_object(request, object_id)
        return HttpResponseRedirect(job.get_absolute_url()) if job else super().change_view(request, object_id)

    def frame(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts}

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        return upload(request, self.frame(request))

    def job(self, request: HttpRequest, number: int) -> ImportJob:
        """The import of this number; raises what becomes a 404 or a 403."""
        job = get_object_or_404(ImportJob.objects.select_related("created_by", "source"), pk=number)
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        return job

    def own(self, request: HttpRequest, number: int) -> ImportJob:
        """The import of this number, for somebody who may upload; raises what becomes a 404 or a 403."""
        if not may_upload(request.user):
            raise PermissionDenied
        return self.job(request, number)

    def preview_view(self, request: HttpRequest, number: int) -> HttpResponse:
        job = self.own(request, number)
        if job.state != JobState.PROPOSED:
            return HttpResponseRedirect(job.get_absolute_url())
        return previews.page(request, job, self.frame(request))

    def cancel_view(self, request: HttpRequest, number: int) -> HttpResponse:
        job = self.own(request, number)
        jobs.cancel(job)
        return HttpResponseRedirect(job.get_absolute_url())

    def go_on_view(self, request: HttpRequest, number: int) -> HttpResponse:
        job = self.own(request, number)
        if held := jobs.go_on(job):
            messages.error(request, f"The import does not go on: {held}.")
        return HttpResponseRedirect(job.get_absolute_url())

    def settle_view(self, request: HttpRequest, number: int) -> HttpResponse:
        job = self.own(request, number)
        ImportJob.objects.filter(pk=job.pk).update(settled_at=timezone.now())
        messages.success(request, "It stands no more on the first page. The receipt stays as it is.")
        return HttpResponseRedirect(job.get_absolute_url())

    def receipt_view(self, request: HttpRequest, number: int) -> HttpResponse:
        job = self.job(request, number)
        if job.state == JobState.PROPOSED:
            return HttpResponseRedirect(job.get_absolute_url())
        receipt = Receipt(job)
        page = receipt.pages().get_page(request.GET.get("page"))
        context = {
            **self.frame(request),
            "title": f"Receipt: {receipt.job.label}",
            "job": receipt.job,
            "receipt": receipt,
            "state": state_of(receipt.job),
            "took": took(receipt.job),
            "page": page,
            "lines": lines(page, where_for(request.user)),
            "may_upload": may_upload(request.user),
            "may_undo": may_undo(request.user, job) and undoable(job),
            "undone": undone_words(job),
            "may_go_on": may_upload(request.user) and not jobs.hindrance(job),
            "may_settle": may_upload(request.user) and desk.refused(ImportJob.objects.filter(pk=job.pk)).exists(),
            "columns": columns_of(job),
            "unread": job.inputs.filter(done=False)[:MOST_UNREAD] if job.state == JobState.CANCELLED else (),
        }
        return TemplateResponse(request, "admin/articles/importjob/receipt.html", context)

    def undo_view(self, request: HttpRequest, number: int) -> HttpResponse:
        return undo_page(request, self.job(request, number), self.frame(request))

    def progress_view(self, request: HttpRequest, number: int) -> HttpResponse:
        return JsonResponse(jobs.progress(self.job(request, number)))

    def csv_view(self, request: HttpRequest, number: int) -> HttpResponseBase:
        receipt = Receipt(self.job(request, number))
        site = f"{request.scheme}://{request.get_host()}"
        told = lines(receipt.rows().iterator(), where_for(request.user))
        response = StreamingHttpResponse(as_csv(receipt.job, told, site), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="receipt-{number}.csv"'
        return response


def columns_of(job: ImportJob) -> list[tuple[str, list[str], int]]:
    """What became of columns, in words, with the names of the files that it became so in and how many more there are.

    Files of one make are told of together.
    """
    noted = job.inputs.filter(Q(guidance__has_key="left_out") | Q(guidance__has_key="guessed"))
    files: dict[str, list[str]] = {}
    for name, guidance in noted.values_list("name", "guidance")[:MOST_WITH_COLUMNS]:
        files.setdefault("; ".join(batches.column_words(guidance)), []).append(name)
    return [(words, names[:MOST_NAMED], len(names[MOST_NAMED:])) for words, names in files.items()]


def state_of(job: ImportJob) -> str:
    return "undone" if job.undone_at else STATES[JobState(job.state)]


def took(job: ImportJob) -> dt.timedelta | None:
    return job.finished_at - job.started_at if job.finished_at and job.started_at else None
