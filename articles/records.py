"""The one shape that crosses the border.

Readers turn foreign files into `ArticleRecord`, exports write the same shape, and nothing in between sees a file.
Plain Python: nothing here knows of a database, a web page or a search engine.
"""

from __future__ import annotations

import calendar
import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from typing import Any


class Precision(StrEnum):
    """How exactly the bounds of a publication date are known."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Known(StrEnum):
    """How a publication date came to be known."""

    PRINTED = "printed"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHHELD = "withheld"


class LineKind(StrEnum):
    """What a line of a saved page is to the article in it."""

    BODY = "body"
    METADATA = "metadata"
    FURNITURE = "furniture"


# NUL, and halves of surrogate pairs, which JSON can spell and no encoding can.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

PLAIN = "text/plain"
HTML = "text/html"


def storable(text: str) -> str:
    """The text without what no database takes."""
    return text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("", text)


class Refused(ValueError):
    """A value that cannot become part of a record; the message says which one, why, and what would do."""


class UnreadableFile(Exception):
    """A whole file that no record can be read from; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One record of a file that could not be read; its neighbours are not affected.

    `passed_over` is told of what is no article and was not meant to be one, such as a picture in an archive.
    """

    place: str
    reason: str
    passed_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What a reader is told beside the bytes of a file.

    `sections` are names that the archive knows already. `format`, `columns` (of a table: its header to a field of
    `ArticleRecord`, or "" to leave the column out) and `mend` (text that was decoded wrongly once is repaired) are what
    a person decided. `address`, `captured` and `charset` are what a web archive says of a page. `received` is when the
    file came here: nothing in it was published later. `passed_over` says why the file is no article of its own.
    """

    sections: frozenset[str] = frozenset()
    format: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    mend: bool = False
    address: str = ""
    captured: datetime | None = None
    charset: str = ""
    received: datetime | None = None
    passed_over: str = ""


# These three have no slots, which pickling between processes would set one by one, in Python.
@dataclass(frozen=True, kw_only=True)
class Dating:
    """A publication date as an interval with its evidence.

    The bounds are civil times where the article was published, without a zone, to the minute and inclusive;
    `None` is an open end. "Not before 30 May 2017" is an `earliest` without a `latest`.
    """

    earliest: datetime | None = None
    latest: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    known: Known = Known.UNKNOWN
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise Refused(f"date: the earliest bound {self.earliest} is after the latest {self.latest}")
        if self.known != Known.UNKNOWN and not (self.earliest or self.latest):
            raise Refused(f"date: {self.known} but neither an earliest nor a latest bound is given")

    @classmethod
    def on(cls, day: date, *, known: Known = Known.PRINTED, evidence: tuple[str, ...] = ()) -> Dating:
        return cls.between(day, day, Precision.DAY, known, evidence)

    @classmethod
    def between(
        cls,
        first: date,
        last: date | None,
        precision: Precision,
        known: Known = Known.PRINTED,
        evidence: tuple[str, ...] = (),
    ) -> Dating:
        """The whole days from `first` to `last`; no `last` leaves the interval open."""
        latest = datetime.combine(last, time(23, 59)) if last else None
        return cls(
            earliest=datetime.combine(first, time.min),
            latest=latest,
            precision=precision,
            known=known,
            evidence=evidence,
        )

    @classmethod
    def parse(cls, text: str) -> Dating:
        """`1923`, `1923-05`, `1923-05-30` or `1923-05-30T18:45`, taken as printed.

        Two of them with a stroke between are an interval, `..` is an open end; with `~` or `?` behind it, it is a
        guess (EDTF). Raises `Refused` for anything else.
        """
        try:
            return _parse_interval(text.strip())
        except ValueError as error:
            raise Refused(
                f"date: {text!r} is not a date; write 1923, 1923-05, 1923-05-30, 1923-05-30T18:45 or 1923/1925"
            ) from error


def _parse_interval(text: str) -> Dating:
    sure = text.rstrip("~?%")
    first, stroke, last = sure.partition("/")
    found = _parse_date(sure) if not stroke else _between(first, last)
    return dataclasses.replace(found, known=Known.INFERRED) if sure != text else found


def _between(first: str, last: str) -> Dating:
    ends = [_parse_date(end) for end in (first, last) if end not in ("", "..")]
    if not ends:
        raise ValueError("both ends are open")
    earliest = None if first in ("", "..") else ends[0].earliest
    latest = None if last in ("", "..") else ends[-1].latest
    precision = unit_holding(earliest, latest) if earliest and latest else ends[0].precision
    return Dating(earliest=earliest, latest=latest, precision=precision, known=Known.PRINTED)


def _parse_date(text: str) -> Dating:
    if len(text) == 4:
        first = date(int(text), 1, 1)
        return Dating.between(first, date(first.year, 12, 31), Precision.YEAR)
    if len(text) == 7:
        first = date.fromisoformat(f"{text}-01")
        return Dating.between(first, last_of_month(first), Precision.MONTH)
    if len(text) == 10:
        return Dating.on(date.fromisoformat(text))
    if len(text) < 16:
        raise ValueError("neither a day nor a day with its time")
    moment = datetime.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    return Dating(earliest=moment, latest=moment, precision=Precision.MINUTE, known=Known.PRINTED)


def unit_holding(earliest: datetime, latest: datetime) -> Precision:
    """The narrowest unit of the calendar that both are in."""
    if earliest == latest:
        return Precision.MINUTE
    if earliest.date() == latest.date():
        return Precision.DAY
    if earliest.year != latest.year:
        return Precision.UNKNOWN
    return Precision.MONTH if earliest.month == latest.month else Precision.YEAR


def last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@dataclass(frozen=True, kw_only=True)
class ImageRecord:
    """A picture that an article had. `paragraph` is the number (from 1) of the paragraph that is its caption."""

    url: str = ""
    caption: str = ""
    credit: str = ""
    alt: str = ""
    paragraph: int | None = None


@dataclass(frozen=True, kw_only=True)
class ArticleRecord:
    """One article, as a reader found it or as an export writes it.

    `body` is what the archive cleans and shows, text with a blank line between paragraphs or HTML, as `body_type` says.
    `received` is the body as it came where the reader had to rewrite it; empty means that `body` is as it came.
    `page` holds runs of lines of a saved page, each with what it is to the article; joined, they are the whole page.
    `captured` is when a web archive fetched the page, in UTC and without a zone.
    `place` says where in its file the record stood ("line 12"); it is no part of the article.
    """

    title: str
    body: str = ""
    body_type: str = PLAIN
    received: str = ""
    page: tuple[tuple[LineKind, str], ...] = ()
    kicker: str = ""
    standfirst: str = ""
    byline: str = ""
    authors: tuple[str, ...] = ()
    source: str = ""
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    dateline: str = ""
    language: str = ""
    canonical_url: str = ""
    date: Dating = field(default_factory=Dating)
    status: Status = Status.PUBLISHED
    correction: str = ""
    editors_note: str = ""
    images: tuple[ImageRecord, ...] = ()
    captured: datetime | None = None
    place: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.body_type not in (PLAIN, HTML):
            raise Refused(f"body_type: {self.body_type!r} is neither {PLAIN} nor {HTML}")


def to_json(record: ArticleRecord) -> dict[str, Any]:
    """The record as JSON-ready values, without what is empty or as by default, so that lines stay short."""
    blank = _defaults()
    return {name: _plain(value) for name, value in vars(record).items() if name != "place" and value != blank[name]}


@cache
def _defaults() -> dict[str, Any]:
    return vars(ArticleRecord(title="")) | {"title": None}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, Dating | ImageRecord):
        parts = ((name, _plain(part)) for name, part in vars(value).items())
        return {name: part for name, part in parts if part not in (None, "", [])}
    return value


def from_json(values: Any, place: str = "") -> ArticleRecord:
    """The record that `to_json` wrote. `date` may also be a plain string such as "1923-05".

    Raises `Refused`, naming the field, for a value of the wrong type, an unknown field or a missing title.
    """
    if not isinstance(values, dict):
        raise Refused(f"expected an object with a title and a body, found {type(values).__name__}")
    _refuse_unknown(values, ArticleRecord, "")
    given = {name: _READERS.get(name, _text)(name, value) for name, value in values.items() if name != "place"}
    if not given.get("title", "").strip() and not given.get("body", "").strip():
        raise Refused("title: missing, and so is the body")
    return ArticleRecord(**{"title": "", **given}, place=place)


def _refuse_unknown(values: dict[str, Any], shape: type, prefix: str) -> None:
    known = _names(shape)
    if values.keys() <= known.keys():
        return
    name = next(name for name in values if name not in known)
    raise Refused(f"{prefix}{name}: no such field; the fields are {', '.join(known)}")


@cache
def _names(shape: type) -> dict[str, None]:
    return {item.name: None for item in dataclasses.fields(shape)}


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return storable(value)
    if value is None:
        return ""
    raise Refused(f"{name}: expected text, found {type(value).__name__}")


def _items(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Refused(f"{name}: expected a list, found {type(value).__name__}")
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    return tuple([_text(name, item) for item in _items(name, value)])


def _choice(kind: type[StrEnum]) -> Any:
    def read(name: str, value: Any) -> StrEnum:
        try:
            return kind(value)
        except ValueError as error:
            raise Refused(f"{name}: {value!r} is not one of {', '.join(kind)}") from error

    return read


def _moment(name: str, value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(_text(name, value))
        return moment.replace(tzinfo=None) if moment.tzinfo else moment
    except ValueError as error:
        raise Refused(f"{name}: {value!r} is not a time such as 1923-05-30T18:45") from error


def _dating(name: str, value: Any) -> Dating:
    if isinstance(value, str):
        return Dating.parse(value)
    if not isinstance(value, dict):
        raise Refused(f"{name}: expected text or an object, found {type(value).__name__}")
    _refuse_unknown(value, Dating, f"{name}.")
    return Dating(**{part: _DATING_READERS[part](f"{name}.{part}", given) for part, given in value.items()})


def _images(name: str, value: Any) -> tuple[ImageRecord, ...]:
    return tuple(_image(f"{name}[{index}]", item) for index, item in enumerate(_items(name, value)))


def _image(name: str, value: Any) -> ImageRecord:
    if not isinstance(value, dict):
        raise Refused(f"{name}: expected an object, found {type(value).__name__}")
    _refuse_unknown(value, ImageRecord, f"{name}.")
    paragraph = value.get("paragraph")
    if paragraph is not None and (not isinstance(paragraph, int) or isinstance(paragraph, bool)):
        raise Refused(f"{name}.paragraph: expected a whole number")
    texts = {part: _text(f"{name}.{part}", given) for part, given in value.items() if part != "paragraph"}
    return ImageRecord(**texts, paragraph=paragraph)


def _page(name: str, value: Any) -> tuple[tuple[LineKind, str], ...]:
    kind = _choice(LineKind)
    runs = []
    for item in _items(name, value):
        if not isinstance(item, list) or len(item) != 2:
            raise Refused(f"{name}: expected pairs of a kind and its lines")
        runs.append((kind(name, item[0]), _text(name, item[1])))
    return tuple(runs)


_DATING_READERS: dict[str, Any] = {
    "earliest": _moment,
    "latest": _moment,
    "precision": _choice(Precision),
    "known": _choice(Known),
    "evidence": _texts,
}
_READERS: dict[str, Any] = {
    "authors": _texts,
    "sections": _texts,
    "tags": _texts,
    "date": _dating,
    "captured": _moment,
    "status": _choice(Status),
    "images": _images,
    "page": _page,
}
