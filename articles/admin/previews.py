"""The preview of an import: what each file is, how its first articles will look, and what a person decides of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse

from .. import jobs, previewing
from ..meeting import Rule
from ..models import ImportInput, ImportJob, JobState, Result
from ..preparing import LONGEST_NAME
from ..previewing import Preview
from .uploads import is_small

FILES_ON_A_PAGE = 20
# A form has so many fields at most; the columns behind these keep what their names say. A page ends before the fields
# of its files are more than what is taken in at once (`DATA_UPLOAD_MAX_NUMBER_FIELDS`).
MOST_COLUMNS = 60
MOST_FIELDS = 900
KINDS = {"": "As its content says"} | previewing.KINDS


@dataclass(frozen=True)
class Decisions:
    """What was decided of one file, as it comes from the form and as its row keeps it."""

    entry: ImportInput
    data: QueryDict

    def field(self, name: str) -> str:
        return f"{name}-{self.entry.pk}"

    def said(self) -> dict[str, Any]:
        """What differs from what happens anyway. The columns are those of what the file was taken for before."""
        kind = self._format()
        told = {
            "format": kind,
            "columns": dict(self._columns()) if kind == self.entry.guidance.get("format", "") else {},
            "mend": self.field("mend") in self.data,
            "sections": self._names(self.data.get(self.field("also"), "").split("\n")),
            "not_sections": self._not_sections(),
            "passed_over": self.entry.guidance.get("passed_over"),
        }
        return {name: value for name, value in told.items() if value}

    def _format(self) -> str:
        """By the button of another kind, if that was pressed, else by the list of kinds."""
        key, _, pressed = self.data.get("as", "").partition(":")
        name = pressed if key == str(self.entry.pk) else self.data.get(self.field("format"), "")
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
        return [name for name in evened if 0 < len(name) <= LONGEST_NAME][: previewing.MOST_SECTIONS]


@dataclass(frozen=True)
class Stretch:
    """The files that were looked at, by their numbers from 1, of so many in all."""

    previews: list[Preview]
    first: int
    total: int

    @property
    def last(self) -> int:
        return self.first + len(self.previews) - 1

    @property
    def before(self) -> int:
        """Where the files before these begin; 0 where there are none."""
        return max(1, self.first - FILES_ON_A_PAGE) if self.first > 1 else 0

    @property
    def after(self) -> int:
        """Where the files behind these begin; 0 where there are none."""
        return self.last + 1 if self.last < self.total else 0

    @property
    def said(self) -> list[tuple[str, int]]:
        return previewing.in_words(sum((preview.counts for preview in self.previews), Counter[str]()))


def look(job: ImportJob, first: int) -> Stretch:
    """As many files from the number `first` as there is time for, and room in a form."""
    total = job.inputs.count()
    first = max(1, min(first, total))
    shown: list[Preview] = []
    room = MOST_FIELDS
    for preview in previewing.preview(job, first - 1, FILES_ON_A_PAGE):
        room -= fields_of(preview)
        if room < 0 and shown:
            break
        shown.append(preview)
    return Stretch(shown, first, total)


def fields_of(preview: Preview) -> int:
    """How many fields a file has in the form, at most."""
    return 4 + 2 * min(len(preview.columns), MOST_COLUMNS) + 2 * len(preview.sections)


def number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 1


def decide(request: HttpRequest, job: ImportJob, first: int) -> HttpResponse:
    """Keep what was decided of the files that were shown; then look again or on, import, or discard."""
    if "discard" in request.POST:
        jobs.discard(job)
        return HttpResponseRedirect(reverse("admin:articles_importjob_upload"))
    shown = [number(key) for key in request.POST.getlist("file")]
    for entry in job.inputs.filter(pk__in=shown[:FILES_ON_A_PAGE]):
        entry.guidance = Decisions(entry, request.POST).said()
        entry.save(update_fields=["guidance"])
    if "import" not in request.POST:
        place = request.POST.get("as", "").partition(":")[0]
        where = f"#file-{number(place)}" if place else ""
        return HttpResponseRedirect(f"{request.path}?from={number(request.POST.get('from', str(first)))}{where}")
    jobs.confirm(job)
    if job.state == JobState.QUEUED and is_small(job.inputs.count(), job.bytes_total):
        run_here(job)
    return HttpResponseRedirect(job.get_absolute_url())


def run_here(job: ImportJob) -> None:
    if jobs.claim(job, jobs.worker_name()):
        jobs.run(job)


def page(request: HttpRequest, job: ImportJob, frame: dict[str, Any]) -> HttpResponse:
    first = number(request.GET.get("from"))
    if request.method == "POST":
        return decide(request, job, first)
    context = {
        **frame,
        "title": f"Preview: {job.label}",
        "job": job,
        "stretch": look(job, first),
        "kinds": KINDS.items(),
        "fields": previewing.FIELD_WORDS.items(),
        "most_read": previewing.MOST_READ,
        "most_named": previewing.MOST_NAMED,
        "most_columns": MOST_COLUMNS,
        "rules": rules(),
    }
    return TemplateResponse(request, "admin/articles/importjob/preview.html", context)


def rules() -> list[tuple[str, str]]:
    """What makes a record the same as an article, and what follows, in the order in which it is tried."""
    told = {"day": "some day since", "facts": "facts"}
    becomes = previewing.BECOMES | {Result.UPDATED: "a new version"}
    return [(rule.words.format(**told), becomes[rule.result]) for rule in Rule if rule.words]
