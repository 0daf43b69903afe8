"""What needs a human: each matter with its count, where it is listed, and what cures it. The lists ask the same here.

No count costs more than it says: rows are counted up to `MOST_COUNTED`, along an index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from .models import (
    Article,
    Draft,
    FruitlessSearch,
    ImportJob,
    ImportOutcome,
    IndexBacklog,
    JobState,
    Original,
    Period,
    Result,
    Section,
    name_key,
)
from .records import Status

MOST_COUNTED = 1000
# So many articles that are printings of a story are looked at for copies, and so many sections for names run together.
MOST_PRINTINGS, MOST_SECTIONS = 2000, 5000
WEEK, MONTH = dt.timedelta(days=7), dt.timedelta(days=30)
# A name that runs together has no shorter part: McDonald and iPhone are one name.
SHORTEST_PART = 3


@dataclass(frozen=True)
class Matter:
    """Something that waits, where it is listed, and what to do about it. What is `grave` cannot wait long."""

    words: str | Promise
    count: int
    url: str
    cure: str | Promise
    grave: bool = False

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > MOST_COUNTED

    @property
    def shown(self) -> int:
        return min(self.count, MOST_COUNTED)


def matters(user: Any) -> list[Matter]:
    """What waits for this person, as far as they may see it, the gravest first."""
    return [matter for of_kind in KINDS for matter in of_kind(user) if matter.count]


def counted(rows: QuerySet[Any]) -> int:
    """How many rows there are, as far as it is worth counting."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def _listed(kind: str, **query: str) -> str:
    address = reverse(f"admin:articles_{kind}")
    return f"{address}?{urlencode(query)}" if query else address


# Files and imports


def _originals(user: Any) -> Iterator[Matter]:
    if user.has_perm("articles.view_original"):
        yield Matter(
            _("Originals damaged or missing"),
            counted(Original.objects.filter(intact=False)),
            _listed("original_changelist", intact__exact="0"),
            _("Bring each back from a backup, or upload the same file again; then verify it."),
            grave=True,
        )


def imports_of(user: Any) -> QuerySet[ImportJob]:
    """The imports that somebody may see."""
    if user.has_perm("articles.view_importjob"):
        return ImportJob.objects.all()
    may_upload = user.has_perm("articles.upload_article")
    return ImportJob.objects.filter(created_by=user.pk) if may_upload else ImportJob.objects.none()


def refused(imports: QuerySet[ImportJob]) -> QuerySet[ImportJob]:
    """Those of this month of which something was refused that nobody has called settled."""
    failed = ImportOutcome.objects.filter(job=OuterRef("pk"), result=Result.FAILED)
    recent = imports.filter(created_at__gt=timezone.now() - MONTH, settled_at=None, undone_at=None)
    return recent.exclude(state=JobState.PROPOSED).filter(Exists(failed))


def _imports(user: Any) -> Iterator[Matter]:
    held = imports_of(user)
    for state, words, cure in STATES:
        url = _listed("importjob_changelist", state__exact=state)
        yield Matter(words, counted(held.filter(state=state)), url, cure)
    yield Matter(
        _("Imports of which something was refused"),
        counted(refused(held)),
        _listed("importjob_changelist", refused="yes"),
        _("The receipt says why. Mend the file and upload it again, or say on the receipt that it is settled."),
    )


STATES = (
    (JobState.FAILED, _("Imports that broke off"), _("Open the receipt, and let the import go on.")),
    (JobState.PROPOSED, _("Imports to decide on"), _("Look at the preview; then import or discard.")),
)


# Articles


def _undated(user: Any) -> Iterator[Matter]:
    if user.has_perm("articles.view_article"):
        yield Matter(
            _("Published without a date"),
            Period.objects.count_of("undated"),
            _listed("article_changelist", dated="no", status=Status.PUBLISHED),
            _("Open each as a queue, and type the date that the original beside it shows."),
        )


def _drafts(user: Any) -> Iterator[Matter]:
    if user.has_perm("articles.change_article"):
        yield Matter(
            _("Drafts"),
            counted(Article.objects.filter(status=Status.DRAFT, trashed_at=None)),
            _listed("article_changelist", status=Status.DRAFT),
            _("Read and publish them, one by one as a queue or many at once."),
        )
    elif user.has_perm("articles.view_draft"):
        yield Matter(
            _("Your drafts"),
            counted(Draft.objects.filter(status=Status.DRAFT, created_by=user.pk, trashed_at=None)),
            _listed("draft_changelist"),
            _("Change them as long as no editor has published them."),
        )


def parts_of(name: str) -> list[str]:
    """The names in a line that has no space between them, such as Middle EastOthersWorld News."""
    seams = [at for at, (one, other) in enumerate(pairwise(name), start=1) if one.islower() and other.isupper()]
    return [name[start:end].strip() for start, end in pairwise([0, *seams, len(name)])]


def runs_together(name: str, known: frozenset[str] | set[str]) -> bool:
    """Whether the name of a section is several: three, or two of which the archive knows one by itself."""
    parts = parts_of(name)
    if len(parts) < 2 or any(len(part) < SHORTEST_PART for part in parts):
        return False
    return len(parts) > 2 or any(name_key(part) in known for part in parts)


def unsplit() -> list[int]:
    """The numbers of the newest sections whose names run together."""
    held = list(Section.objects.order_by("-pk").values_list("pk", "name", "key")[:MOST_SECTIONS])
    known = {key for _number, _name, key in held}
    return [number for number, name, _key in held if runs_together(name, known)]


def _sections(user: Any) -> Iterator[Matter]:
    if user.has_perm("articles.change_section"):
        yield Matter(
            _("Category lines that are not split"),
            len(unsplit()),
            _listed("section_changelist", together="yes"),
            _("Choose those that are several names, and split them: their articles are filed under each."),
        )


def copies_of(article: Article | None) -> QuerySet[Article]:
    """Articles of the same story and source that have the same date or the same title as this one, or this outer row.

    Of another source they are printings, and no copies. What readers cannot get to see any more is left out.
    """
    same = Q(earliest=_of(article, "earliest")) | Q(title=_of(article, "title"))
    held = Article.objects.filter(story=_of(article, "story")).exclude(status=Status.WITHHELD)
    of_source = held.alias(of=Coalesce("source_id", 0)).filter(of=Coalesce(_of(article, "source_id"), 0))
    return of_source.filter(same).exclude(pk=_of(article, "pk"))


def _of(article: Article | None, column: str) -> Any:
    return OuterRef(column) if article is None else Value(getattr(article, column))


def copies() -> QuerySet[Article]:
    """Among the newest printings, those that may be copies of each other and that nobody has called distinct."""
    printings = Article.objects.filter(story__isnull=False, distinct=None).exclude(status=Status.WITHHELD)
    # A story goes by its least number, and stands in the index in this order.
    newest = printings.order_by("-story", "-pk").values("pk")[:MOST_PRINTINGS]
    return Article.objects.filter(pk__in=newest).filter(Exists(copies_of(None)))


def _copies(user: Any) -> Iterator[Matter]:
    if user.has_perm("articles.change_article"):
        yield Matter(
            _("Possible duplicates"),
            counted(copies()),
            _listed("article_copies"),
            _("Compare them; move one to the trash, or say that each is an article of its own."),
        )


# Searching


def fruitless() -> QuerySet[FruitlessSearch]:
    return FruitlessSearch.objects.filter(last_at__gt=timezone.now() - WEEK)


def _fruitless(user: Any) -> Iterator[Matter]:
    if user.has_perm("articles.view_fruitlesssearch"):
        yield Matter(
            _("Searches that found nothing this week"),
            counted(fruitless()),
            _listed("fruitlesssearch_changelist", asked="week"),
            _("Where another name would have found it, make a name ring, or let the other name lead to a tag."),
        )


def _backlog(user: Any) -> Iterator[Matter]:
    if user.has_perm("articles.view_health"):
        yield Matter(
            _("Not in the index yet"),
            counted(IndexBacklog.objects.all()),
            reverse("health"),
            _("It is done in the background, within seconds. Where it stays, the health page says what stands still."),
        )


KINDS: tuple[Callable[[Any], Iterator[Matter]], ...] = (
    _originals, _imports, _copies, _sections, _undated, _drafts, _fruitless, _backlog,
)  # fmt: skip
