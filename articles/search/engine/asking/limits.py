"""What one query may ask for. Whoever asks for more gets a sentence that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from whoosh import query
from whoosh.query import spans

from .. import analysis
from ..errors import TooBroad, TooDeep, TooLong
from .queries import (
    AnyOf,
    AtLeast,
    Chain,
    Form,
    FormFuzzy,
    FormPattern,
    FormPrefix,
    InRow,
    SameParagraph,
    as_bytes,
    each_of,
    parts,
)

ANY = re.compile(r"[*?]")


@dataclass(frozen=True)
class Limits:
    """The defaults keep the worst query that passes them under 100 ms in an archive of 100,000 articles."""

    seconds: float = 2.0
    # Bytes of all words and values together.
    length: int = 1 << 20
    # A word counts once for each field that it is looked for in, whatever the number of languages.
    words: int = 1024
    # Whole values that one query filters by, such as keys; they are cheaper than words.
    values: int = 10_000
    # Bytes of one word. The index itself keeps less of a word than this.
    word_length: int = 512
    depth: int = 40
    # Words that a pattern or a misspelt word may stand for. They lie all over the dictionary, and to read one costs up
    # to a seventh of a millisecond.
    expansions: int = 512
    # Words that a beginning may stand for: they lie side by side in the dictionary and are read at once.
    beginnings: int = 8192
    # Letters without which a beginning or a pattern is not looked up, unless it stands for few words.
    letters: int = 3
    few: int = 256
    # Letters that may be wrong in a word, and letters that such a word must have.
    errors: int = 2
    error_letters: int = 4
    slop: int = 50
    # What a question may cost in all, where to look once at every document is one. It is told by how common the words
    # are, which the dictionary knows, before any text is looked at.
    cost: float = 60.0
    # Pairs of words near each other that one condition inside another may come to.
    pairs: int = 400_000


LIMITS = Limits()


def letters_of(pattern: str) -> int:
    """How many signs of a pattern tell words apart."""
    return len(ANY.sub("", analysis.fold(pattern)))


def check(asked: query.Query, limits: Limits = LIMITS) -> None:
    """Refuses what cannot be told to be quick by looking at the query alone."""
    words = values = length = 0
    for part, filtered in _walk(asked, limits.depth):
        texts = _texts(part)
        length += sum(map(len, texts))
        if filtered:
            values += len(texts)
        else:
            words += len(texts)
            _check_words(texts, limits)
        # Checked here and not after the walk, so that the walk itself ends.
        _check_sums(words, values, length, limits)
        _check_shape(part, limits)


def _walk(asked: query.Query, depth: int) -> Iterator[tuple[query.Query, bool]]:
    """Every query in a query, and whether it only filters. With a stack, since brackets may be thousands deep."""
    waiting = [(asked, 1, False)]
    while waiting:
        part, level, filtered = waiting.pop()
        if level > depth:
            said = _("The brackets are more than %(depth)s deep: ask with fewer brackets inside brackets.")
            raise TooDeep(said % {"depth": depth})
        yield part, filtered
        # Most parts are words, which have none of their own.
        if type(part) is query.Term:
            continue
        filtered = filtered or isinstance(part, query.ConstantScoreQuery)
        waiting.extend((child, level + 1, filtered) for child in parts(part))


def _texts(part: query.Query) -> list[bytes]:
    """The words that a query itself names, without those of its parts. A query that names none counts as one."""
    if isinstance(part, query.Phrase):
        return list(map(as_bytes, part.words))
    if isinstance(part, Form | AnyOf):
        return [part.form] if isinstance(part, Form) else list(part.values)
    return [as_bytes(getattr(part, "text", ""))] if part.is_leaf() else []


def _check_words(texts: list[bytes], limits: Limits) -> None:
    for text in (text for word in texts for text in each_of(word)):
        if len(text) > limits.word_length:
            start = text[:20].decode(errors="replace")
            said = _("The word that begins with %(start)s is too long: no word may have over %(number)s letters.")
            raise TooLong(said % {"start": start, "number": limits.word_length})


def _check_sums(words: int, values: int, length: int, limits: Limits) -> None:
    if words > limits.words:
        said = _("The question has too many words: at most %(number)s are looked for at once, leave some out.")
        raise TooLong(said % {"number": f"{limits.words:,}"})
    if values > limits.values:
        said = _("The question filters by too many values: at most %(number)s are possible, leave some out.")
        raise TooLong(said % {"number": f"{limits.values:,}"})
    if length > limits.length:
        said = _("The question is too long: at most %(number)s letters are read, leave some out.")
        raise TooLong(said % {"number": f"{limits.length:,}"})


def _check_shape(part: query.Query, limits: Limits) -> None:
    test = _SHAPES.get(type(part))
    if test is not None:
        test(part, limits)


def _check_slop(part: Any, limits: Limits) -> None:
    _check_distance(part.slop, limits)


def _check_chain(part: Chain, limits: Limits) -> None:
    _check_distance(part.distance, limits)
    _check_row(part, limits)


def _check_row(part: Chain | InRow, limits: Limits) -> None:
    if not part.parts:
        raise TooBroad(_("Nothing is said to stand there: name the words."))


def _check_distance(places: int, limits: Limits) -> None:
    if places > limits.slop:
        said = _("Words %(number)s places apart are not near: give a distance of at most %(most)s.")
        raise TooBroad(said % {"number": f"{places:,}", "most": limits.slop})


def _check_fuzzy(part: FormFuzzy, limits: Limits) -> None:
    if part.distance > limits.errors:
        said = _("`%(word)s` is too vague: at most %(most)s letters may be wrong.")
        raise TooBroad(said % {"word": f"{part.text}~{part.distance}", "most": limits.errors})
    if letters_of(part.text) < limits.error_letters:
        said = _("`%(word)s` is too short: give at least %(letters)s letters to find words like it.")
        raise TooBroad(said % {"word": f"{part.text}~", "letters": limits.error_letters})


def _check_family(part: FormPrefix | FormPattern, limits: Limits) -> None:
    letters = letters_of(part.text)
    if not letters:
        said = _("`%(word)s` would match any word: give at least %(letters)s letters.")
        raise TooBroad(said % {"word": part.text or "*", "letters": limits.letters})
    # Without its beginning all words there are must be looked at.
    if not analysis.fold(ANY.split(part.text, maxsplit=1)[0]) and letters < limits.letters:
        said = _("`%(word)s` would match too many words: give at least %(letters)s letters.")
        raise TooBroad(said % {"word": part.text, "letters": limits.letters})


def _check_times(part: AtLeast, limits: Limits) -> None:
    if part.times < 1:
        said = _("At least %(times)s times is no condition: give a number from 1 on.")
        raise TooBroad(said % {"times": part.times})


def _check_parts(part: SameParagraph, limits: Limits) -> None:
    if not part.parts:
        raise TooBroad(_("Nothing is said to be in the same paragraph: name the words."))


_SHAPES: dict[type, Callable[[Any, Limits], None]] = {
    query.Phrase: _check_slop,
    spans.SpanNear: _check_slop,
    FormFuzzy: _check_fuzzy,
    FormPrefix: _check_family,
    FormPattern: _check_family,
    AtLeast: _check_times,
    SameParagraph: _check_parts,
    Chain: _check_chain,
    InRow: _check_row,
}
