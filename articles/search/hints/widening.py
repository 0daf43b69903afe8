"""What was looked for beside what was typed: the same words with other endings or accents, as this archive has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ...locales import listed
from .. import asking
from ..engine.analysis import fold, written
from ..grammar import Word, sought
from ..question import Question
from ..question.wording import apart

# Forms that are told of one word, and words that are looked at.
FORMS, WORDS = 6, 8


@dataclass(frozen=True)
class Widened:
    """Forms that a search finds besides those that were typed, of all its words: the commonest of each word first."""

    endings: tuple[str, ...] = ()
    accents: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.endings or self.accents)

    def __str__(self) -> str:
        """Such as "ferries, ferrying (endings); café (accents)"."""
        told = ((self.endings, _("%(words)s (endings)")), (self.accents, _("%(words)s (accents)")))
        return _("; ").join(kind % {"words": listed(map(apart, forms))} for forms, kind in told if forms)


def widening(question: Question, asker: asking.Asker) -> Widened:
    """Nothing for words that are looked for only as they are written."""
    found = dict.fromkeys(_found(question, asker))
    endings = tuple(form for form, accents in found if not accents)
    return Widened(endings, tuple(form for form, accents in found if accents))


def _found(question: Question, asker: asking.Asker) -> Iterator[tuple[str, bool]]:
    """Forms, and of each whether it is the word that was typed with other accents."""
    expression = question.parsed.expression
    if question.exact or expression is None:
        return
    words = [part for part in sought(expression) if isinstance(part, Word) and not part.exact]
    typed = {written(word.text) for word in words}
    for word in list(dict.fromkeys(word.text for word in words))[:WORDS]:
        others = [form for form, _often in asking.engine().forms(word) if form not in typed]
        yield from ((form, fold(form) == fold(word)) for form in others[:FORMS] if asker.shows(form))
