"""A question of which one thing is not asked any more, and words that say what may be found then."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ...locales import listed
from ..grammar import All, Dated, Expression, Has, Named, Not
from ..names.naming import names_in
from ..question import SINGLE, Question, wording
from ..question.sentence import filtered

# An article has one of each, so that it may have any.
ANY = {
    "source": gettext_lazy("in any source"),
    "language": gettext_lazy("in any language"),
    "year": gettext_lazy("in any year"),
    "known": gettext_lazy("whatever is known of the date"),
}
WITH_OR_WITHOUT = {
    "correction": gettext_lazy("with or without a correction"),
    "image": gettext_lazy("with or without an image"),
    "date": gettext_lazy("with or without a date"),
}

Less = Iterator[tuple[str, Question]]


def less(question: Question) -> Less:
    """One part after the other is left out; at the end, where there are several of them, all that narrows."""
    yield from _of_words(question)
    yield from _of_filters(question)
    yield from _of_rest(question)
    if question.is_narrowed:
        yield _("without anything that narrows the search"), everywhere(question)


def everywhere(question: Question) -> Question:
    """The same words, with nothing that narrows."""
    return question.with_(filters=(), excluded=(), since="", until="", stored="")


def parts_of(expression: Expression | None) -> tuple[Expression, ...]:
    """What must all be so."""
    if expression is None:
        return ()
    return expression.parts if isinstance(expression, All) else (expression,)


def _of_words(question: Question) -> Less:
    parts = parts_of(question.parsed.expression)
    for at, part in enumerate(parts):
        others = parts[:at] + parts[at + 1 :]
        fewer = question.asking(All(others) if len(others) > 1 else next(iter(others), None))
        yield _freed(part, fewer), fewer


def _freed(part: Expression, fewer: Question) -> str:
    """What the articles may be that `fewer` finds, which does not ask for `part`."""
    inner = part.part if isinstance(part, Not) else part
    if isinstance(inner, Has):
        return str(WITH_OR_WITHOUT[inner.what])
    if isinstance(part, Dated) and not _is_dated(fewer):
        return _("at any time")
    if isinstance(inner, Named | Dated):
        return _either_way(wording.words(inner))
    said = _("with %(words)s allowed") if isinstance(part, Not) else _("without %(words)s")
    return said % {"words": _quoted(wording.words(inner))}


def _quoted(said: str) -> str:
    """What has marks around it as it is, or in it, needs no others."""
    return said if '"' in said or "“" in said else _("“%(words)s”") % {"words": said}


def _either_way(said: str) -> str:
    return _("whether or not %(words)s") % {"words": said}


def _is_dated(question: Question) -> bool:
    """Whether it still asks for a time."""
    parts = parts_of(question.parsed.expression)
    return bool(question.since or question.until or question.chosen("year") or any(isinstance(p, Dated) for p in parts))


def _of_filters(question: Question) -> Less:
    names = names_in(question)
    for facet, value in question.filters:
        fewer = question.widened(facet) if facet in SINGLE else question.widened(facet, value)
        if facet == "year" and not _is_dated(fewer):
            yield _("at any time"), fewer
        else:
            yield str(ANY[facet]) if facet in ANY else _either_way(filtered(facet, value, names)), fewer
    for facet, value in question.excluded:
        yield _either_way(filtered(facet, value, names)), question.widened(facet, value)


def _of_rest(question: Question) -> Less:
    if question.since or question.until:
        yield _("at any time"), question.with_(since="", until="")
    if question.stored:
        yield _("whenever added"), question.with_(stored="")
    if question.not_also:
        names = listed(map(wording.apart, question.not_also))
        said = ngettext("with the name %(names)s too", "with the names %(names)s too", len(question.not_also))
        yield said % {"names": names}, question.with_(not_also=())
    if question.exact:
        yield _("with other forms of the words"), question.with_(exact=False)
