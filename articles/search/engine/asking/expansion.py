"""Families of words: those with one beginning, of one pattern, or nearly like a word; where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from typing import Any, cast

import numpy as np

# Numpy imports it for the first array that is made unique: better now than in somebody's question.
import numpy.ma
import numpy.typing as npt
from django.utils.translation import gettext as _
from rapidfuzz.distance import Levenshtein
from whoosh import query

from .. import analysis
from ..errors import TooBroad
from ..segments.segment import Segment
from . import scoring
from .lexicon import LAST, Lexicon, closest, form_counts, lexicon
from .limits import LIMITS, Limits, letters_of
from .matches import DENSE, Few, Many, Matches, each_once
from .places import SHIFT
from .postings import once
from .queries import FORM_FAMILIES, FormFuzzy, FormPattern, FormPrefix, as_bytes
from .snapshot import Snapshot

Numbers = npt.NDArray[np.intp]
Keys = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
# Terms are read in one piece if no more occurrences than this are of terms that lie between them.
NEIGHBOURS = 1 << 13
# Documents fewer than one in so many are sorted; of more, each is ticked off in a list of all.
SPARSE = 32


def expand(snapshot: Snapshot, asked: query.Query) -> list[tuple[str, bytes]]:
    """The terms that Whoosh's Prefix, Wildcard or FuzzyTerm stands for, in ascending order."""
    found: set[bytes] = set()
    for segment in snapshot.segments:
        for part in _term_ranges(segment, asked):
            found.update(segment.terms(part))
    return [(asked.fieldname, term) for term in sorted(found)]


def match(snapshot: Snapshot, asked: query.Query, limits: Limits = LIMITS) -> Matches:
    """Documents with any word of a family, all with one score."""
    return cast(Matches, snapshot.kept(("family", asked, limits), lambda: _match(snapshot, asked, limits)))


def _match(snapshot: Snapshot, asked: query.Query, limits: Limits) -> Matches:
    ids = distinct([base + part.documents() for base, part in _parts(snapshot, asked, limits)], snapshot)
    if len(ids) * DENSE < snapshot.count:
        return Few(ids)
    mask = np.zeros(snapshot.count, np.bool_)
    mask[ids] = True
    return Many(mask=mask)


def keys(snapshot: Snapshot, asked: query.Query, within: Numbers | None = None, limits: Limits = LIMITS) -> Keys:
    """Where the words of a family stand, in ascending order."""
    found = [(base << SHIFT) + part.keys() for base, part in _parts(snapshot, asked, limits)]
    if not found:
        return np.empty(0, np.int64)
    standing = each_once(np.concatenate(found))
    return standing if snapshot.alive is None else standing[snapshot.alive[standing >> SHIFT]]


def forms(snapshot: Snapshot, asked: query.Query, limits: Limits = LIMITS) -> tuple[Numbers, ...]:
    """The numbers of the forms that a family stands for, an array a segment. Refused where there are too many."""
    # Asked for once to find them, and once more to mark them.
    return cast("tuple[Numbers, ...]", snapshot.kept(("forms", asked, limits), lambda: _forms(snapshot, asked, limits)))


def _forms(snapshot: Snapshot, asked: query.Query, limits: Limits) -> tuple[Numbers, ...]:
    if isinstance(asked, FormPrefix) and (start := asked.text.encode()):
        # Those that are written just so are counted first: the dictionary tells it without being read.
        ranges = [segment.form_range(asked.fieldname, start, start + LAST) for segment in snapshot.segments]
        _demand_few(snapshot, asked, [np.arange(found.start, found.stop) for found in ranges], limits)
    found = tuple(_FORMS[type(asked)](lexicon(segment, asked.fieldname), asked) for segment in snapshot.segments)
    _demand_few(snapshot, asked, found, limits)
    return found


def _demand_few(snapshot: Snapshot, asked: Any, found: Sequence[Numbers], limits: Limits) -> None:
    letters = letters_of(asked.text)
    allowed = _allowed(asked, letters, limits)
    if sum(map(len, found)) <= allowed:
        return
    words = {
        form for segment, numbers in zip(snapshot.segments, found, strict=True) for form in names(segment, numbers)
    }
    if len(words) > allowed:
        values = {"word": _shown(asked), "number": f"{len(words):,}", "letters": limits.letters}
        raise TooBroad(_advice(asked, letters, limits) % values)


def _advice(asked: Any, letters: int, limits: Limits) -> str:
    if letters < limits.letters:
        return _("`%(word)s` would match %(number)s words: give at least %(letters)s letters.")
    if isinstance(asked, FormFuzzy) and asked.distance > 1:
        return _("`%(word)s` would match %(number)s words: let only one letter be wrong.")
    return _("`%(word)s` would match %(number)s words: give more letters.")


def _allowed(asked: query.Query, letters: int, limits: Limits) -> int:
    if letters < limits.letters:
        return limits.few
    return limits.beginnings if isinstance(asked, FormPrefix | query.Prefix) else limits.expansions


_FORMS: dict[type, Callable[[Lexicon, Any], Numbers]] = {
    FormPrefix: lambda words, asked: words.beginning(asked.text),
    FormPattern: lambda words, asked: words.like(asked.text),
    FormFuzzy: lambda words, asked: words.near(analysis.fold(asked.text), asked.distance, asked.prefix)[0],
}


def _shown(asked: query.Query) -> str:
    """A family as one writes it in a question."""
    if isinstance(asked, FormFuzzy):
        return f"{asked.text}~{asked.distance}"
    return f"{asked.text}*" if isinstance(asked, FormPrefix) else str(asked.text)


def written(snapshot: Snapshot, name: str, form: bytes, boost: float = 1.0) -> Matches:
    """Documents with a word written so, scored as if it were a term of its own."""
    return cast(Matches, snapshot.kept(("written", name, form, boost), lambda: _written(snapshot, name, form, boost)))


def _written(snapshot: Snapshot, name: str, form: bytes, boost: float) -> Matches:
    ids, times = form_postings(snapshot, name, form)
    weight = scoring.rarity(snapshot.count, len(ids)) * boost
    scores = scoring.rated(times, snapshot.norms(name).take(ids), weight)
    if len(ids) * DENSE < snapshot.count:
        return Few(ids, scores)
    weights = np.zeros(snapshot.count, np.float32)
    weights[ids] = scores
    return Many(weights)


def form_postings(snapshot: Snapshot, name: str, form: bytes) -> tuple[Numbers, Numbers]:
    """Documents with a word written so, and how often it stands in each."""
    ids, times = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for base, segment in zip(snapshot.bases, snapshot.segments, strict=True):
        of_segment = [_of_entry(segment, entry) for entry in segment.form_range(name, form, form + b"\x00")]
        if of_segment:
            held, often = (np.concatenate(column) for column in zip(*of_segment, strict=True))
            if len(of_segment) > 1:
                held, often = once(held, often)
            ids.append(held + base)
            times.append(often)
    found, often = np.concatenate(ids), np.concatenate(times)
    if snapshot.alive is None:
        return found, often
    kept = np.flatnonzero(snapshot.alive.take(found))
    return found.take(kept), often.take(kept)


def _of_entry(segment: Segment, entry: int) -> tuple[Numbers, Numbers]:
    """The same of one term that the word is found by."""
    term, number = int(segment.form_terms[entry]), segment.form_numbers[entry]
    ids, times, forms = segment.ids(term), segment.times(term), segment.forms(term)
    if forms is None:
        return ids, times.astype(np.intp)
    counts = np.add.reduceat(forms == number, times.cumsum() - times, dtype=np.intp)
    kept = np.flatnonzero(counts)
    return ids.take(kept), counts.take(kept)


def names(segment: Segment, numbers: Numbers) -> list[bytes]:
    """Forms by their numbers; a form that several terms have is named once for each."""
    return list(map(segment.form, numbers.tolist()))


@dataclass
class Piece:
    """Terms that are neighbours in a dictionary, with those of their forms that are wanted.

    `wanted` says so of every form of every term, one term behind the other; those of a term begin at its `starts`.
    Without `wanted` every term is, whatever its forms.
    """

    segment: Segment
    terms: range
    wanted: Mask | None = None
    starts: Numbers = field(default_factory=lambda: np.empty(0, np.intp))

    def documents(self) -> Numbers:
        """Documents with any of the words; one that has several is named several times."""
        if len(self.terms) == 1:
            return self._of_one(self.terms.start)
        ids = self.segment.ids_between(self.terms)
        if self.wanted is None:
            return ids
        some = np.logical_or.reduceat(self.wanted, self.starts)
        if np.array_equal(some, np.logical_and.reduceat(self.wanted, self.starts)):
            return ids if some.all() else ids[np.repeat(some, self.segment.frequencies[self._slice])]
        times = self.segment.times_between(self.terms)
        return ids[np.logical_or.reduceat(self._kept(), np.cumsum(times) - times)]

    def _of_one(self, term: int) -> Numbers:
        """The same for a single term, with fewer steps."""
        ids, forms = self.segment.ids(term), self.segment.forms(term)
        if self.wanted is None or forms is None or self.wanted.all():
            return ids
        times = self.segment.times(term)
        return ids[np.logical_or.reduceat(self.wanted[forms], times.cumsum() - times)]

    def keys(self) -> Keys:
        """Where the words stand."""
        ids, times = self.segment.ids_between(self.terms), self.segment.times_between(self.terms)
        found = np.repeat(ids.astype(np.int64) << SHIFT, times) | self.segment.places_between(self.terms)
        return found if self.wanted is None else found[self._kept()]

    @property
    def _slice(self) -> slice:
        return slice(self.terms.start, self.terms.stop)

    def _kept(self) -> Mask:
        """Of each occurrence, whether it is in a form that is wanted."""
        written = np.repeat(self.starts, self.segment.occurrences[self._slice])
        return cast(Mask, self.wanted)[written + self.segment.forms_between(self.terms)]


def _parts(snapshot: Snapshot, asked: query.Query, limits: Limits) -> Iterator[tuple[int, Piece]]:
    """The pieces of all segments in which a family is found, with the number of the first document of each segment."""
    if isinstance(asked, FORM_FAMILIES):
        chosen = forms(snapshot, asked, limits)
        for base, segment, numbers in zip(snapshot.bases, snapshot.segments, chosen, strict=False):
            for piece in _pieces(segment, numbers):
                yield int(base), piece
        return
    for base, segment in zip(snapshot.bases, snapshot.segments, strict=False):
        for terms in _term_ranges(segment, asked, limits):
            yield int(base), Piece(segment, terms)


def _pieces(segment: Segment, numbers: Numbers) -> Iterator[Piece]:
    """Terms with these forms. Those that lie near each other in the dictionary are read at once."""
    terms = segment.form_terms[numbers].astype(np.intp)
    order = np.argsort(terms, kind="stable")
    terms, written = terms[order], segment.form_numbers[numbers[order]].astype(np.intp)
    if not len(terms):
        return
    read = np.append(0, np.cumsum(segment.occurrences[terms[0] : terms[-1] + 1], dtype=np.intp))
    between = read[terms[1:] - terms[0]] - read[np.minimum(terms[:-1] + 1, terms[1:]) - terms[0]]
    cuts = np.flatnonzero(between > NEIGHBOURS) + 1
    for of_piece, in_piece in zip(np.split(terms, cuts), np.split(written, cuts), strict=True):
        held = range(int(of_piece[0]), int(of_piece[-1]) + 1)
        counts = np.maximum(form_counts(segment)[held.start : held.stop], 1)
        starts = np.cumsum(counts) - counts
        wanted = np.zeros(int(counts.sum()), np.bool_)
        wanted[starts[of_piece - held.start] + in_piece] = True
        yield Piece(segment, held, wanted, starts)


def _term_ranges(segment: Segment, asked: query.Query, limits: Limits = LIMITS) -> list[range]:
    """The terms of a family of Whoosh's in one segment."""
    if isinstance(asked, query.Prefix):
        start = as_bytes(asked.text)
        found = [segment.between(asked.fieldname, start, start + LAST)]
    elif isinstance(asked, query.Wildcard):
        found = _wildcard(segment, asked)
    else:
        found = _fuzzy(segment, asked)
    count = sum(map(len, found))
    if count > _allowed(asked, limits.letters, limits) and asked.text:
        said = _("`%(word)s` would match %(number)s words: give more letters.")
        raise TooBroad(said % {"word": asked.text, "number": f"{count:,}"})
    return found


def _wildcard(segment: Segment, asked: query.Wildcard) -> list[range]:
    start = re.split(r"[*?\[]", asked.text, maxsplit=1)[0].encode()
    among = segment.between(asked.fieldname, start, start + LAST)
    matches = re.compile(translate(asked.text)).match
    terms = zip(among, segment.terms(among), strict=True)
    return runs(number for number, term in terms if matches(term.decode(errors="replace")))


def _fuzzy(segment: Segment, asked: query.FuzzyTerm) -> list[range]:
    start = asked.text[: asked.prefixlength].encode()
    among = segment.between(asked.fieldname, start, start + LAST)
    if not among:
        return []
    lines, first = lexicon(segment, asked.fieldname).terms, segment.terms_of(asked.fieldname).start
    alike = lines.alike(asked.text, asked.maxdist, slice(among.start - first, among.stop - first))
    near, _ = closest(asked.text, lines.some(alike), asked.maxdist, Levenshtein.distance)
    return runs((alike[near] + first).tolist())


def runs(numbers: Iterable[int]) -> list[range]:
    """Ascending numbers as ranges."""
    found: list[range] = []
    for number in numbers:
        if found and found[-1].stop == number:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found


def distinct(found: list[Numbers], snapshot: Snapshot) -> Numbers:
    """Each of several lists of documents once, in ascending order, without those that are deleted."""
    ids = np.concatenate([np.empty(0, np.intp), *found])
    if len(ids) * SPARSE < snapshot.count:
        ids = each_once(ids)
        return ids if snapshot.alive is None else ids[snapshot.alive[ids]]
    ticked = np.zeros(snapshot.count, np.bool_)
    ticked[ids] = True
    return np.flatnonzero(ticked if snapshot.alive is None else ticked & snapshot.alive)
