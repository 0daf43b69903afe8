"""Articles on their way out, whole lists at a time, in bounded memory: every writer here is a generator of text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db.models import Case, F, TextField, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Left, Length

from .models import Article, Name, Source
from .models.article import ArticleQuerySet
from .records import HTML, ArticleRecord, Precision, to_json

CHUNK = 500
# So many characters of text are in memory at a time, or those of a single article.
TEXT = 2_000_000
PACKET = 64 * 1024
# How much of an ISO date says no more than is known.
WRITTEN = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10, Precision.MINUTE: 16}
UNREAD = ("page", "received", "record_digest", "content_digest", "body", "body_html", "body_text")
# What each form has of the text, and where its writer finds it. Atom has the first words.
_SHOWN = Case(When(body_type=HTML, then=F("body_html")), default=F("body"), output_field=TextField())
TEXTS: dict[str, tuple[str, Combinable]] = {
    "json": ("body_text", F("body_text")),
    "csv": ("body_text", F("body_text")),
    "jsonl": ("body", _SHOWN),
    "atom": ("body_text", Left("body_text", 400)),
}
BOM = "\ufeff"
# What a spreadsheet takes for the beginning of a formula; the wide forms where the keyboard is Japanese or Chinese.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
COLUMNS = (
    "id", "url", "title", "date", "date_known", "source", "sections", "tags", "authors", "byline", "language",
    "dateline", "kicker", "standfirst", "correction", "editors_note", "published_at", "sha256", "text",
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """Articles, and what they answer.

    `question` says in words all that was asked, `title` what its feed is called, where that is another. `url` leads to
    the page that shows the same, `address` is what was asked for, both with `site`, such as "https://example.org",
    before them. `total` is how many articles that page tells of. `facts` is what else JSON says of the whole, `notes`
    are sentences for the reader.
    """

    question: str
    site: str
    url: str
    address: str
    total: int
    articles: Iterable[Article]
    notes: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    title: str = ""


def jsonl(articles: ArticleQuerySet) -> Iterator[str]:
    """One line per article, oldest row first, whatever its status and with all that is kept of how it came."""
    whole = articles.with_names().defer("body_html", "body_text").order_by("pk")
    for article in whole.iterator(chunk_size=CHUNK // 10):
        yield _line(to_json(article.as_record()))


def published(form: str) -> ArticleQuerySet:
    """With all that an export in this form says, the text as `written`, and without what it does not say."""
    articles: ArticleQuerySet = Article.objects.published().with_names().annotate(written=TEXTS[form][1])
    return articles.select_related("source", "original").defer(*UNREAD)


def filled(article: Article, form: str) -> Article:
    """An article of `published`, with the text where the writer of this form looks for it."""
    setattr(article, TEXTS[form][0], vars(article).pop("written"))
    return article


def loaded(numbers: Iterable[list[int]], form: str) -> Iterator[Article]:
    """The articles of these numbers, some at a time; those that are not published any more are left out."""
    for some in chain.from_iterable(_portions(each, form) for each in numbers):
        held = published(form).in_bulk(some)
        yield from (filled(held.pop(number), form) for number in some if number in held)


def _portions(numbers: list[int], form: str) -> Iterator[list[int]]:
    """The numbers in their order, in portions whose texts are not too much to hold at a time."""
    lengths = dict(Article.objects.filter(pk__in=numbers).values_list("pk", Length(TEXTS[form][1])))
    some: list[int] = []
    room = TEXT
    for number in numbers:
        length = lengths.get(number, 0)
        if some and length > room:
            yield some
            some, room = [], TEXT
        some.append(number)
        room -= length
    yield some


def as_json(export: Export) -> Iterator[str]:
    """One object; how many articles are in it comes last."""
    return _object(export, (result(article, export.site) for article in export.articles))


def names_as_json(export: Export, names: Iterable[Name]) -> Iterator[str]:
    """The same of names: the articles of `export` are not looked at."""
    return _object(export, (named(name, export.site) for name in names))


def _object(export: Export, results: Iterable[dict[str, Any]]) -> Iterator[str]:
    head = {"question": export.question, "url": export.url, "total": export.total, "notes": export.notes}
    yield f'{_dumped(head | export.facts)[:-1]},"results":['
    count = 0
    for count, told in enumerate(results, start=1):
        yield f"{',' if count > 1 else ''}\n{_dumped(told)}"
    yield f'\n],"count":{count}}}\n'


def as_jsonl(export: Export) -> Iterator[str]:
    """One record a line, as importers read it; the last line says how many there are, and what was asked."""
    count = 0
    for article in export.articles:
        yield _line(to_json(record(article)))
        count += 1
    said: dict[str, Any] = {"count": count, "question": export.question, "url": export.url}
    yield _line({"export": said | ({"notes": export.notes} if export.notes else {})})


def as_csv(export: Export) -> Iterator[str]:
    """A table with a row per article. It begins with a byte order mark, by which spreadsheets know that it is UTF-8."""
    row = io.StringIO(newline="")
    writer = csv.writer(row)
    row.write(BOM)
    writer.writerow(COLUMNS)
    for article in export.articles:
        yield row.getvalue()
        row.seek(0)
        row.truncate()
        writer.writerow(_cells(article, export.site))
    yield row.getvalue()


def packets(pieces: Iterable[str]) -> Iterator[bytes]:
    """The text in pieces that are worth sending."""
    waiting: list[str] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= PACKET:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    yield "".join(waiting).encode()


def result(article: Article, site: str) -> dict[str, Any]:
    """An article as JSON says it, in a list and alone. Text is "" where there is none, a date null."""
    return {
        "id": article.pk,
        "url": site + article.get_absolute_url(),
        "title": article.title,
        "date": date_of(article) or None,
        "earliest": _moment(article.earliest),
        "latest": _moment(article.latest),
        "precision": article.precision,
        "known": article.known,
        "evidence": article.evidence,
        "source": article.source.name if article.source else "",
        "sections": [link.section.name for link in article.section_links.all()],
        "tags": [link.tag.name for link in article.tag_links.all()],
        "authors": [link.author.name for link in article.author_links.all()],
        "byline": article.byline,
        "language": article.language,
        "dateline": article.dateline,
        "kicker": article.kicker,
        "standfirst": article.standfirst,
        "correction": article.correction,
        "editors_note": article.editors_note,
        "text": article.body_text,
        "images": [_image(image) for image in article.images.all()],
        "published_at": article.canonical_url,
        "sha256": article.original.sha256 if article.original else "",
        "received": _stamp(article.original and article.original.received_at),
        "verified": _stamp(article.original and article.original.verified_at),
        "intact": article.original and article.original.intact,
        "stored": f"{article.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "modified": f"{article.modified_at:%Y-%m-%dT%H:%M:%SZ}",
    }


def named(name: Any, site: str) -> dict[str, Any]:
    """A name that articles are filed under as JSON says it; `aliases` must be fetched along."""
    told = {
        "name": name.name,
        "slug": name.slug,
        "url": site + name.get_absolute_url(),
        "count": name.published_count,
        "description": name.description,
        "aliases": [{"name": alias.name, "slug": alias.slug} for alias in name.aliases.all()],
    }
    return told | ({"homepage": name.homepage} if isinstance(name, Source) else {})


def record(article: Article) -> ArticleRecord:
    """The article as its page shows it: what an editor took out of it is not in it, nor markup that is not shown."""
    article.page, article.received = [], ""
    return article.as_record()


def date_of(article: Article) -> str:
    """The publication date as exactly as it is known: 2017, 2017-05, 2017-05-30 or 2017-05-30T18:45.

    What lies between two of these is written 1920/1925, with ".." for an open end; unknown is "".
    """
    length = WRITTEN.get(Precision(article.precision), 10)
    first, last = ((_moment(bound) or "..")[:length] for bound in (article.earliest, article.latest))
    if first == last:
        return first.strip(".")
    return f"{first}/{last}"


def _moment(bound: Any) -> str | None:
    """A civil time, to the minute and without a zone."""
    return bound.replace(tzinfo=None).isoformat(timespec="minutes") if bound else None


def _stamp(moment: Any) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _image(image: Any) -> dict[str, Any]:
    return {"caption": image.caption, "credit": image.credit, "alt": image.alt, "url": image.url}


def _cells(article: Article, site: str) -> list[str]:
    said = result(article, site) | {"date_known": article.known}
    return [cell(said[column]) for column in COLUMNS]


def cell(value: Any) -> str:
    """Several names are parted by "; ". What a spreadsheet would calculate, also behind blanks, gets an apostrophe."""
    text = "; ".join(value) if isinstance(value, list) else str(value or "")
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def _line(value: Any) -> str:
    return f"{_dumped(value)}\n"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
