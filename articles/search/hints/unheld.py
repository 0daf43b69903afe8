"""What a question asks for that no article of the archive has: a tag that does not exist, a year with nothing in it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..grammar import Dated, Expression, Has, Named, period
from ..names.naming import names_in
from ..question import Question, wording
from ..question.sentence import filtered
from .less import parts_of

MISSING = {
    "source": gettext_lazy("There is no source “%(name)s” in this archive."),
    "section": gettext_lazy("There is no section “%(name)s” in this archive."),
    "tag": gettext_lazy("There is no tag “%(name)s” in this archive."),
    "author": gettext_lazy("There is no author “%(name)s” in this archive."),
}


def demands(question: Question) -> Iterator[tuple[str, Question]]:
    """Each thing beside words that is asked for, alone, and what to say where nothing has it."""
    names = names_in(question)
    for facet, value in question.filters:
        yield _missing(facet, value, filtered(facet, value, names)), Question(filters=((facet, value),))
    if question.since or question.until:
        told = _nothing(wording.words(period(question.since, question.until)))
        yield told, Question(since=question.since, until=question.until)
    for part in parts_of(question.parsed.expression):
        if isinstance(part, Named | Dated | Has):
            yield _of_part(part), Question().asking(part)


def _of_part(part: Expression) -> str:
    if isinstance(part, Named) and part.exact:
        return _missing(part.facet, part.name, wording.words(part))
    return _nothing(wording.words(part))


def _missing(facet: str, name: str, said: str) -> str:
    return str(MISSING[facet]) % {"name": wording.apart(name)} if facet in MISSING else _nothing(said)


def _nothing(said: str) -> str:
    return _("This archive has nothing %(words)s.") % {"words": said}
