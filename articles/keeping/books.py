"""Whether the books that the database keeps by its triggers (see ledger.py) say what the rows say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Substr

from .. import snapshots
from ..models import Article, ArticleAuthor, ArticleSection, ArticleTag, Author, Period, Section, Source, Tag
from ..models.ledger import PeriodKind
from ..records import Precision, Status
from .flaws import Flaw, counted

MEND = "`manage.py verify --rows --mend` counts anew."
LINKS: tuple[tuple[str, type[Model], Any], ...] = (
    ("section", Section, ArticleSection),
    ("tag", Tag, ArticleTag),
    ("author", Author, ArticleAuthor),
)
TO_THE_DAY = (Precision.MINUTE, Precision.DAY)
TO_THE_MONTH = (*TO_THE_DAY, Precision.MONTH)
# A link says what its article says of its status and its earliest bound, which may be missing.
_OTHER_STATUS = ~Q(status=F("article__status"))
_OTHER_DATE = Q(earliest__lt=F("article__earliest")) | Q(earliest__gt=F("article__earliest"))
_ONE_DATE = Q(earliest=None, article__earliest__isnull=False) | Q(earliest__isnull=False, article__earliest=None)


@dataclass(frozen=True)
class Wrong:
    """A count that is not what it should be; `row` is the name or the period, `key` the primary key of it."""

    kind: Any
    key: Any
    held: int
    right: int

    @property
    def words(self) -> str:
        row = self.kind.objects.filter(pk=self.key).first() or self.key
        label = f"{self.kind._meta.verbose_name} {row}"
        return f"The {label} is counted as {counted(self.held, 'published article')}, and has {self.right:,}."


def check_books() -> list[Flaw]:
    """What the books have otherwise than the rows, as of one moment."""
    with snapshots.of_one_moment():
        flaws = [Flaw(wrong.words, MEND) for wrong in _wrong()]
        for name, _, links in LINKS:
            if count := _stale(links).count():
                flaws.append(
                    Flaw(f"Of {counted(count, 'link')} to a {name}, status or date is not the article’s.", MEND)
                )
    return flaws


@transaction.atomic
def mend_books() -> int:
    """Write into the books what the rows say; how much was otherwise. Nobody should import meanwhile."""
    count = 0
    for _, _, links in LINKS:
        article = Article.objects.filter(pk=OuterRef("article"))
        said = {name: Subquery(article.values(name)) for name in ("status", "earliest")}
        count += links.objects.filter(pk__in=list(_stale(links).values_list("pk", flat=True))).update(**said)
    for wrong in list(_wrong()):
        _write(wrong)
        count += 1
    return count


def _write(wrong: Wrong) -> None:
    if wrong.kind is Period:
        kind = _kind_of(wrong.key)
        Period.objects.update_or_create(label=wrong.key, defaults={"kind": kind, "published_count": wrong.right})
    else:
        wrong.kind.objects.filter(pk=wrong.key).update(published_count=wrong.right)


def _stale(links: Any) -> QuerySet[Any]:
    return links.objects.filter(_OTHER_STATUS | _OTHER_DATE | _ONE_DATE)


def _wrong() -> Iterator[Wrong]:
    yield from _compared(Source, Counter(dict(_tally(Article.objects.published(), "source_id"))))
    for name, kind, links in LINKS:
        published = links.objects.filter(article__status=Status.PUBLISHED)
        yield from _compared(kind, Counter(dict(_tally(published, f"{name}_id"))))
    yield from _compared(Period, _periods())


def _tally(rows: QuerySet[Any], column: str) -> QuerySet[Any, Any]:
    return rows.order_by().filter(**{f"{column}__isnull": False}).values_list(column).annotate(Count("pk"))


def _compared(kind: Any, right: Counter[Any]) -> Iterator[Wrong]:
    held = dict(kind.objects.values_list("pk", "published_count"))
    for key in sorted(held.keys() | right.keys()):
        if held.get(key, 0) != right[key]:
            yield Wrong(kind, key, held.get(key, 0), right[key])


def _periods() -> Counter[str]:
    """How many published articles are of each year, month and day, have no date, and are there in all."""
    counts: Counter[str] = Counter()
    days = Substr(Cast("earliest", CharField()), 1, 10)
    rows = Article.objects.published().order_by().annotate(day=days).values_list("day", "precision")
    for day, precision, count in rows.annotate(Count("pk")):
        counts["all"] += count
        counts[day[:4] if day else "undated"] += count
        if day and precision in TO_THE_MONTH:
            counts[day[:7]] += count
        if day and precision in TO_THE_DAY:
            counts[day] += count
    return counts


def _kind_of(label: str) -> PeriodKind:
    if label in (PeriodKind.ALL, PeriodKind.UNDATED):
        return PeriodKind(label)
    return {4: PeriodKind.YEAR, 7: PeriodKind.MONTH}.get(len(label), PeriodKind.DAY)
