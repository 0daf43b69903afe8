"""A question read out: as a sentence, and as parts that can be taken away or turned round one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ...locales import listed
from ..grammar import All, Expression, Not, Sought, beside, negated, period, write
from . import wording
from .question import SINGLE, Question, Sort

ORDERS = {
    Sort.NEWEST: gettext_lazy("newest first"),
    Sort.OLDEST: gettext_lazy("oldest first"),
}
TURNED = {Sort.NEWEST: Sort.OLDEST, Sort.OLDEST: Sort.NEWEST}

# What to show for each value of a facet; a value without a name shows itself.
Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Chip:
    """One part of a question. `removed` is the question without it, `turned` with its opposite, where it has one."""

    words: str
    removed: Question
    turned: Question | None = None
    excluded: bool = False


def chips(question: Question, names: Names) -> tuple[Chip, ...]:
    return (*_of_words(question), *_of_filters(question, names), *_of_rest(question))


def sentence(question: Question, names: Names) -> str:
    """All that is asked, in words: flood and quay, in Arabic, from May to July 2017, not by Miller, newest first."""
    said = [*_spoken(_parts(question)), *_narrowed(question, names)]
    said += [chip.words for chip in (*_of_excluded(question, names), *_of_rest(question))]
    if question.is_open:
        said.insert(0, _("all articles"))
    return listed(said) if said else ""


# The words


def _parts(question: Question) -> tuple[Expression, ...]:
    """What must all be so: the whole of what was typed, cut where it is joined by nothing else."""
    expression = question.parsed.expression
    if expression is None:
        return ()
    return expression.parts if isinstance(expression, All) else (expression,)


def _of_words(question: Question) -> Iterator[Chip]:
    parts = _parts(question)
    texts = [beside(part) for part in parts]
    for at, part in enumerate(parts):
        others = parts[:at] + parts[at + 1 :]
        removed = " ".join(texts[:at] + texts[at + 1 :]) if len(others) > 1 else "".join(map(write, others))
        opposite = negated(part)
        turned = " ".join([*texts[:at], beside(opposite), *texts[at + 1 :]]) if others else write(opposite)
        said = wording.words(part)
        yield Chip(said, question.with_(text=removed), question.with_(text=turned), isinstance(part, Not))


def _spoken(parts: Iterable[Expression]) -> Iterator[str]:
    """Words of one field that follow each other are joined; anything else stands by itself."""
    for field, group in groupby(parts, key=_field):
        run = tuple(group)
        yield from [wording.words(All(run))] if field is not None and len(run) > 1 else map(wording.words, run)


def _field(part: Expression) -> str | None:
    return part.field if isinstance(part, Sought) else None


# What narrows it


def _of_filters(question: Question, names: Names) -> Iterator[Chip]:
    for facet, value in question.filters:
        removed, turned = question.widened(facet, value), question.excluding(facet, value)
        yield Chip(filtered(facet, value, names), removed, turned)
    yield from _of_excluded(question, names)


def _of_excluded(question: Question, names: Names) -> Iterator[Chip]:
    for facet, value in question.excluded:
        removed, turned = question.widened(facet, value), question.narrowed(facet, value)
        yield Chip(wording.negative(filtered(facet, value, names)), removed, turned, excluded=True)


def _narrowed(question: Question, names: Names) -> Iterator[str]:
    """Of several sources an article needs one, of several tags all: see SINGLE."""
    for facet, pairs in groupby(sorted(question.filters), key=lambda pair: pair[0]):
        said = [filtered(facet, value, names) for _facet, value in pairs]
        yield from [wording.any_of(said)] if facet in SINGLE else said


def filtered(facet: str, value: str, names: Names) -> str:
    if facet == "known":
        return str(wording.KNOWN.get(value, value))
    if facet == "year":
        return _("in %(year)s") % {"year": value}
    name = names.get((facet, value))
    if facet == "language":
        return _("in %(language)s") % {"language": name} if name else wording.in_language(value)
    return wording.filed(facet, name or value)


def _of_rest(question: Question) -> Iterator[Chip]:
    if question.since or question.until:
        dated = period(question.since, question.until)
        yield Chip(wording.words(dated), question.with_(since="", until=""))
    if question.stored:
        moment = wording.date_words(question.stored)
        yield Chip(_("added after %(moment)s UTC") % {"moment": moment}, question.with_(stored=""))
    if question.not_also:
        names = listed(map(wording.apart, question.not_also))
        said = ngettext("without the name %(names)s", "without the names %(names)s", len(question.not_also))
        yield Chip(said % {"names": names}, question.with_(not_also=()))
    if question.exact:
        yield Chip(_("exactly as written"), question.with_(exact=False))
    if question.order != question.with_(sort=Sort.RELEVANCE).order:
        turned = question.with_(sort=TURNED[question.order])
        yield Chip(str(ORDERS[question.order]), question.with_(sort=Sort.RELEVANCE), turned)
