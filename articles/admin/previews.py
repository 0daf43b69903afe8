"""The preview of an import: what each file is, how its first articles will look, and what a person decides of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse

from .. import jobs, previewing
from ..meeting import Rule
from ..models import ImportInput, ImportJob, JobState, Result
from ..preparing import LONGEST_NAME
from ..previewing import Preview
from .uploads import is_small

FILES_ON_A_PAGE = 5
# A form has so many fields at most; the columns behind these keep what their names say.
MOST_COLUMNS = 60
MOST_SECTIONS = 100
SUMMED = {**previewing.BECOMES, Result.UPDATED: "new versions"}
KINDS = {"": "As its content says"} | previewing.KINDS


@dataclass(frozen=True)
class Decisions:
    """What was decided of one file, as it comes from the form and as its row keeps it."""

    entry: ImportInput
    data: QueryDict

    def field(self, name: str) -> str:
        return f"{name}-{self.entry.pk}"

    def said(self) -> dict[str, Any]:
        """What differs from what happens anyway."""
        told = {
            "format": self._format(),
            "columns": dict(self._columns()),
            "mend": self.field("mend") in self.data,
            "sections": self._names(self.data.get(self.field("also"), "").split("\n")),
            "not_sections": self._not_sections(),
        }
        return {name: value for name, value in told.items() if value}

    def _format(self) -> str:
        name = self.data.get(self.field("format"), "")
        return name if name in previewing.KINDS else ""

    def _columns(self) -> Iterator[tuple[str, str]]:
        headers = self.data.getlist(self.field("header"))[:MOST_COLUMNS]
        fields = self.data.getlist(self.field("column"))
        for header, name in zip(headers, fields, strict=False):
            if name in previewing.FIELD_WORDS:
                yield header, name

    def _not_sections(self) -> list[str]:
        kept = self.data.getlist(self.field("section"))
        return [name for name in self._names(self.data.getlist(self.field("found"))) if name not in kept]

    def _names(self, names: Iterable[str]) -> list[str]:
        evened = (" ".join(name.split()) for name in names)
        return [name for name in evened if 0 < len(name) <= LONGEST_NAME][:MOST_SECTIONS]


def decide(request: HttpRequest, job: ImportJob, shown: Page) -> HttpResponse:
    """Keep what was decided of the files that were shown; then look again, import, or discard."""
    if "discard" in request.POST:
        jobs.discard(job)
        return HttpResponseRedirect(reverse("admin:articles_importjob_upload"))
    for entry in shown.object_list:
        entry.guidance = Decisions(entry, request.POST).said()
        entry.save(update_fields=["guidance"])
    if "import" not in request.POST:
        return HttpResponseRedirect(f"{request.path}?page={shown.number}")
    jobs.confirm(job)
    if job.state == JobState.QUEUED and is_small(job.inputs.count(), job.bytes_total):
        run_here(job)
    return HttpResponseRedirect(job.get_absolute_url())


def run_here(job: ImportJob) -> None:
    if jobs.claim(job, jobs.worker_name()):
        jobs.run(job)


def page(request: HttpRequest, job: ImportJob, frame: dict[str, Any]) -> HttpResponse:
    shown = Paginator(job.inputs.select_related("original"), FILES_ON_A_PAGE).get_page(request.GET.get("page"))
    if request.method == "POST":
        return decide(request, job, shown)
    previews = list(previewing.preview(job, shown.start_index() - 1, FILES_ON_A_PAGE)) if shown.object_list else []
    context = {
        **frame,
        "title": f"Preview: {job.label}",
        "job": job,
        "page": shown,
        "previews": previews,
        "said": summary(previews),
        "kinds": KINDS.items(),
        "fields": previewing.FIELD_WORDS.items(),
        "most_columns": MOST_COLUMNS,
        "rules": rules(),
    }
    return TemplateResponse(request, "admin/articles/importjob/preview.html", context)


def summary(previews: list[Preview]) -> list[tuple[str, int]]:
    """How many of the records that were read would become what."""
    counts = sum((preview.counts for preview in previews), Counter[str]())
    return [(words, counts[result]) for result, words in SUMMED.items() if counts[result]]


def rules() -> list[tuple[str, str]]:
    """What makes a record the same as an article, and what follows, in the order in which it is tried."""
    told = {"day": "some day since", "facts": "facts"}
    return [(rule.words.format(**told), previewing.BECOMES[rule.result]) for rule in Rule if rule.words]
