"""The words of an archive as they are written: completions, what is nearest to a misspelt one, the forms of a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import islice
from operator import or_

import numpy as np
from whoosh import query

from .. import analysis
from ..segments.segment import Segment
from .expansion import form_postings, forms, names
from .lexicon import Lexicon, form_entries, lexicon
from .limits import LIMITS, Limits
from .snapshot import Snapshot

# Of a word with fewer letters nothing can be told; up to so many, one may be wrong; in a longer one, two.
SHORTEST, SHORT = 3, 4
# Words that are looked at more closely, for each that is wanted.
SPARE = 4
# Words that are told of a family.
FAMILY = 512


def suggest(snapshot: Snapshot, fields: Sequence[str], word: str, count: int = 5) -> list[tuple[str, int]]:
    """Words of this archive that a misspelt one may stand for, with how many documents have them; the nearest first.

    In a short word one letter may be wrong, in a longer one two; of fewer than three letters nothing can be told.
    """
    folded = analysis.fold(word)
    if len(folded) < SHORTEST:
        return []
    nearest: dict[bytes, tuple[int, int]] = {}
    for words in _lexicons(snapshot, fields):
        numbers, far = words.near(folded, 1 if len(folded) <= SHORT else 2)
        often = words.segment.form_frequencies[numbers].astype(np.intp)
        best = np.lexsort((-often, far))
        best = best[far[best] > 0][: SPARE * count]
        for form, away, times in zip(
            names(words.segment, numbers[best]), far[best].tolist(), often[best].tolist(), strict=True
        ):
            nearest[form] = (away, nearest.get(form, (away, 0))[1] - times)
    return _counted(snapshot, fields, sorted(nearest, key=lambda form: (nearest[form], form)), count)


def complete(snapshot: Snapshot, fields: Sequence[str], prefix: str, count: int = 10) -> list[tuple[str, int]]:
    """The commonest words with this beginning, with how many documents have them."""
    commonest: Counter[bytes] = Counter()
    for words in _lexicons(snapshot, fields):
        numbers = words.beginning(prefix)
        often = words.segment.form_frequencies[numbers].astype(np.intp)
        if len(numbers) > SPARE * count:
            best = np.argpartition(often, -SPARE * count)[-SPARE * count :]
            numbers, often = numbers[best], often[best]
        commonest.update(dict(zip(names(words.segment, numbers), often.tolist(), strict=True)))
    found = _counted(snapshot, fields, sorted(commonest, key=lambda form: (-commonest[form], form)), count)
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def variants(
    snapshot: Snapshot, fields: Sequence[str], terms: Iterable[bytes], count: int = 50
) -> list[tuple[str, int]]:
    """How the words are written that any of these terms finds, the commonest first, with about how many documents
    have each.
    """
    wanted = tuple(terms)
    entries = ([_entries(segment, name, wanted) for segment in snapshot.segments] for name in fields)
    often = _most(_by_form(snapshot, of_field) for of_field in entries)
    found = _counted(snapshot, fields, _commonest(often), count)
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def family(snapshot: Snapshot, asked: Iterable[query.Query], limits: Limits = LIMITS, count: int = FAMILY) -> list[str]:
    """How the words are written that any of some families stands for, the commonest first."""
    often = _most(_by_form(snapshot, forms(snapshot, part, limits)) for part in asked)
    return [form.decode(errors="replace") for form in _commonest(often)[:count]]


def _entries(segment: Segment, name: str, terms: Sequence[bytes]) -> np.ndarray:
    ordinals = (segment.lookup(name, term) for term in terms)
    found = [form_entries(segment, ordinal) for ordinal in ordinals if ordinal >= 0]
    return np.concatenate([np.zeros(0, np.intp), *found])


def _by_form(snapshot: Snapshot, entries: Sequence[np.ndarray]) -> Counter[bytes]:
    """About how many documents have each form, of which the entries are given for each segment."""
    often: Counter[bytes] = Counter()
    for segment, numbers in zip(snapshot.segments, entries, strict=True):
        times = segment.form_frequencies.take(numbers).tolist()
        # A form has a term in each language in which it is written: those are other documents.
        for form, number in zip(names(segment, numbers), times, strict=True):
            often[form] += number
    return often


def _most(counted: Iterable[Counter[bytes]]) -> Counter[bytes]:
    """The greatest of the counts of several fields."""
    return reduce(or_, counted, Counter[bytes]())


def _commonest(often: Counter[bytes]) -> list[bytes]:
    """What is found as a part of a word, or as one that is hyphenated, has no form of its own."""
    return sorted(filter(None, often), key=lambda form: (-often[form], form))


def _lexicons(snapshot: Snapshot, fields: Sequence[str]) -> Iterator[Lexicon]:
    for segment in snapshot.segments:
        for name in fields:
            yield lexicon(segment, name)


def _counted(snapshot: Snapshot, fields: Sequence[str], found: Iterable[bytes], count: int) -> list[tuple[str, int]]:
    """The first of these words that are still there, with how many documents have them."""
    counted = ((form.decode(errors="replace"), _frequency(snapshot, fields, form)) for form in found)
    return list(islice((pair for pair in counted if pair[1]), count))


def _frequency(snapshot: Snapshot, fields: Sequence[str], form: bytes) -> int:
    """Documents with a word written so, in the field that has it in most of them. Deleted ones count, but not alone."""
    often = max(sum(_often(segment, name, form) for segment in snapshot.segments) for name in fields)
    if often > snapshot.count - snapshot.documents:
        return often
    return max(len(form_postings(snapshot, name, form)[0]) for name in fields)


def _often(segment: Segment, name: str, form: bytes) -> int:
    return sum(int(segment.form_frequencies[n]) for n in segment.form_range(name, form, form + b"\x00"))
