"""What the forms of the admin ask for: texts, names one a line, publication dates, several files."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ..cleaning import plain
from ..models import name_key
from ..preparing import LONGEST_NAME
from ..records import Dating, Precision, Refused

_BOUND = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d)?)?)?")
# How many characters of 1923-05-30T18:45 say as much as each precision.
_LENGTHS = {Precision.YEAR: 4, Precision.UNKNOWN: 4, Precision.MONTH: 7, Precision.DAY: 10, Precision.MINUTE: 16}
_DATE_HELP = "Write 1923, 1923-05, 1923-05-30 or 1923-05-30 18:45"


class LineField(forms.CharField):
    """One line of text without control characters and stray spacing, as an import stores it."""

    def to_python(self, value: Any) -> str:
        return " ".join(plain(super().to_python(value) or "").split())


class TextField(forms.CharField):
    """Text with one kind of line end: browsers send another than they are given."""

    widget = forms.Textarea(attrs={"dir": "auto", "rows": 4})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class LinesField(TextField):
    """A list of texts, one on each line."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(self.prepare_value(value))
        return [line for words in text.split("\n") if (line := " ".join(plain(words).split()))]


class NamesField(LinesField):
    """Names of sections, tags or authors, one on each line because a name may have a comma."""

    def to_python(self, value: Any) -> Any:
        return list({name_key(name): name for name in reversed(super().to_python(value))}.values())[::-1]

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_long_names(value)


class PathsField(forms.CharField):
    """The paths of the files of an upload, in their order, as a list in JSON; none where it is anything else."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            paths = json.loads(super().to_python(value) or "[]")
        except (ValueError, RecursionError):
            return []
        return paths if isinstance(paths, list) and all(isinstance(path, str) for path in paths) else []


class SourceField(LineField):
    """The name of a source, known or new."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_NAME, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "list": "sources", "dir": "auto", "autocomplete": "off"}


def refuse_long_names(names: Sequence[str]) -> None:
    for name in names:
        if len(name) > LONGEST_NAME:
            raise ValidationError(f"“{name[:40]}…” has {len(name)} characters; a name has at most {LONGEST_NAME}.")


class DateField(LineField):
    """A publication date as an interval. Its value is a `Dating` without evidence."""

    def __init__(self, **options: Any) -> None:
        words = f"{_DATE_HELP}; an interval with two points between, such as 1923-05..1923-07, 1923-05.. or ..1923."
        super().__init__(max_length=40, help_text=words, **options)

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Dating) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        return interval(super().clean(value))


def interval(text: str) -> Dating:
    """The dates between two bounds, either of which may be missing; or those of one date. Empty is unknown.

    Raises `ValidationError` for what is no such thing.
    """
    first, points, last = (part.strip() for part in text.partition(".."))
    if not points:
        return _bound(first) or Dating()
    start, end = _bound(first), _bound(last)
    if start and end:
        return _spanning(start, end)
    only = start or end
    if not only:
        raise ValidationError(f"There is no date before or after the points. {_DATE_HELP}.")
    earliest, latest = start.earliest if start else None, end.latest if end else None
    return Dating(earliest=earliest, latest=latest, precision=only.precision)


def _bound(text: str) -> Dating | None:
    if not text:
        return None
    if not _BOUND.fullmatch(text):
        raise ValidationError(f"“{text}” is not a date. {_DATE_HELP}.")
    try:
        return Dating.parse(text)
    except Refused as error:
        raise ValidationError(f"There is no such day or time as {text}. {_DATE_HELP}.") from error


def _spanning(start: Dating, end: Dating) -> Dating:
    """From the first day of one to the last of the other, as precise as the calendar unit that holds both."""
    first, last = start.earliest, end.latest
    if not first or not last or first > last:
        raise ValidationError("The date behind the points is before the one in front of them. Exchange them.")
    return Dating(earliest=first, latest=last, precision=_unit(first, last))


def _unit(first: dt.datetime, last: dt.datetime) -> Precision:
    for precision, length in ((Precision.MINUTE, 16), (Precision.DAY, 10), (Precision.MONTH, 7), (Precision.YEAR, 4)):
        if first.isoformat()[:length] == last.isoformat()[:length]:
            return precision
    return Precision.UNKNOWN


def written(dating: Dating) -> str:
    """A date as the field reads it."""
    least = _LENGTHS[dating.precision]
    first = _shortest(dating.earliest, "earliest", least)
    last = _shortest(dating.latest, "latest", least)
    return first if first == last else f"{first}..{last}"


def _shortest(moment: dt.datetime | None, side: str, least: int) -> str:
    """The shortest text, but for `least` characters, whose first or last minute is this one."""
    if not moment:
        return ""
    text = moment.isoformat()[:16].replace("T", " ")
    lengths = [length for length in (4, 7, 10) if length >= least]
    fitting = (text[:length] for length in lengths if getattr(Dating.parse(text[:length]), side) == moment)
    return next(fitting, text)


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files. Empty ones are let in: the receipt says what is wrong with them."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        return list(data or [])
