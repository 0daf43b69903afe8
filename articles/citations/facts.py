"""What a citation says of an article, the same in every style."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from ..models import Article
from ..records import Dating, Known, Precision, last_of_month
from .people import Person, people

# So much of a correction is in a citation; the permalink leads to the rest.
CORRECTION_LENGTH = 300
# A day, a month or a year, in so many numbers as are known.
Day = tuple[int, ...]
_KNOWN_PARTS = {Precision.YEAR: 1, Precision.MONTH: 2}


@dataclass(frozen=True)
class When:
    """A publication date as far as it is known: the same day, month or year twice, two bounds, one, or none."""

    first: Day = ()
    last: Day = ()
    inferred: bool = False

    @property
    def exact(self) -> Day:
        return self.first if self.first == self.last else ()

    @property
    def year(self) -> str:
        """The year where it is one."""
        same = self.first and self.last and self.first[0] == self.last[0]
        return f"{self.first[0]:04}" if same else ""


def when(dating: Dating) -> When:
    first = _parts(dating.earliest, dating.precision)
    last = _parts(dating.latest, dating.precision)
    if first and last and first != last:
        first, last = _rounded(first, last)
    return When(first, last, dating.known == Known.INFERRED)


def _parts(moment: dt.datetime | None, precision: Precision) -> Day:
    if moment is None:
        return ()
    return (moment.year, moment.month, moment.day)[: _KNOWN_PARTS.get(precision, 3)]


def _rounded(first: Day, last: Day) -> tuple[Day, Day]:
    """1 January 1920 to 31 December 1925 are the years 1920 to 1925; whole months likewise."""
    if first[1:] == (1, 1) and last[1:] == (12, 31):
        return first[:1], last[:1]
    if first[2:] == (1,) and len(last) == 3 and last_of_month(dt.date(*last)).day == last[2]:
        return first[:2], last[:2]
    return first, last


@dataclass(frozen=True, kw_only=True)
class Cited:
    """An article as a source. `permalink` is the archive's and absolute, `published_at` where it first appeared.

    `archive` is the archive's name, `kept` the day from which it has the article.
    """

    number: int
    title: str
    permalink: str
    archive: str
    kept: dt.date
    people: tuple[Person, ...] = ()
    source: str = ""
    date: When = field(default_factory=When)
    published_at: str = ""
    language: str = ""
    correction: str = ""
    sha256: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()


def cited(article: Article, permalink: str, archive: str) -> Cited:
    """What is known of an article that was read with its names and its original (`shelves.whole`)."""
    kept = article.captured_at or (article.original and article.original.received_at) or article.created_at
    return Cited(
        number=article.pk,
        title=line(article.title),
        permalink=permalink,
        archive=line(archive),
        kept=kept.date(),
        people=people((link.author.name for link in article.author_links.all()), article.byline, article.language),
        source=line(article.source.name) if article.source else "",
        date=when(article.dating),
        published_at=article.canonical_url,
        language=article.language,
        correction=_short(line(article.correction)),
        sha256=article.original.sha256 if article.original else "",
        abstract=line(article.standfirst),
        keywords=tuple(line(link.tag.name) for link in article.tag_links.all()),
    )


def line(text: str) -> str:
    """The text in one line, without what no reader sees and programs stumble over."""
    return " ".join("".join(each if each.isprintable() or each in "\u200c\u200d" else " " for each in text).split())


def _short(text: str) -> str:
    if len(text) <= CORRECTION_LENGTH:
        return text
    return f"{text[:CORRECTION_LENGTH].rpartition(' ')[0] or text[:CORRECTION_LENGTH]} …"
