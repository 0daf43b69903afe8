"""How one text differs from another, for a reader: paragraph by paragraph, and word by word where they are alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Indel, LCSseq

from .sketches import UNSPACED

# Of each text so many words and paragraphs are compared: it bounds the work, which grows with their square.
MOST_WORDS = 3000
MOST_PARAGRAPHS = 300
# Two paragraphs are one, changed, when so much of their words is the same; a partner is looked for so far ahead.
ALIKE = 0.5
AHEAD = 8
# Paragraphs that are broken otherwise and nearly the same as a whole are one, changed.
NEARLY_SAME = 0.9
# Of fewer same words between two changes a reader makes nothing: they are shown as changed with them.
LEAST_SAME = 3
# How many words are shown of a paragraph that was put in or taken out, and around each change.
SHOWN = 80
AROUND = 12

# A word with the space before it; in scripts without spaces, a character.
_WORD = re.compile(rf"\s*(?:[{UNSPACED}]|[^\s{UNSPACED}]+)")

SAME, OUT, IN, GAP, CHANGED = "same", "out", "in", "gap", "changed"


@dataclass(frozen=True)
class Piece:
    """Some words: `same`, taken `out`, put `in`, or a `gap` where same words are left out."""

    kind: str
    text: str = ""


@dataclass(frozen=True)
class Passage:
    """A paragraph that is not the same in both: taken `out`, put `in`, or `changed`."""

    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Differences:
    """`passages` are in the order of the texts. `cut` tells that only the beginnings were compared."""

    passages: tuple[Passage, ...]
    cut: bool = False

    @property
    def dropped(self) -> int:
        return self._count(OUT)

    @property
    def added(self) -> int:
        return self._count(IN)

    @property
    def changed(self) -> int:
        return self._count(CHANGED)

    def _count(self, kind: str) -> int:
        return sum(passage.kind == kind for passage in self.passages)


def differences(one: str, other: str) -> Differences:
    """What a reader of `one` must change to have `other`; texts have a blank line between paragraphs."""
    before, cut_before = _bounded(one)
    after, cut_after = _bounded(other)
    return Differences(tuple(_passages(before, after)), cut_before or cut_after)


def _bounded(text: str) -> tuple[list[str], bool]:
    """The first paragraphs of a text, and whether there are more."""
    every = [even for paragraph in text.split("\n\n") if (even := " ".join(paragraph.split()))]
    paragraphs: list[str] = []
    room = MOST_WORDS
    for paragraph in every[:MOST_PARAGRAPHS]:
        words = _words(paragraph)
        paragraphs.append("".join(words[:room]))
        room -= len(words)
        if room <= 0:
            break
    return paragraphs, room < 0 or len(paragraphs) < len(every)


def _passages(before: list[str], after: list[str]) -> Iterator[Passage]:
    for same, here, there in aligned(before, after):
        if not same:
            yield from _parted(before[here], after[there])


def aligned(one: list[str], other: list[str]) -> Iterator[tuple[bool, slice, slice]]:
    """The parts of two lists that are the same, and those between them that are not, in order."""
    for same, steps in groupby(LCSseq.opcodes(one, other), key=lambda step: step.tag == "equal"):
        run = list(steps)
        yield same, slice(run[0].src_start, run[-1].src_end), slice(run[0].dest_start, run[-1].dest_end)


def _parted(before: list[str], after: list[str]) -> Iterator[Passage]:
    """Paragraphs of which none is the same: each beside its partner, if it has one."""
    if len(before) != len(after) and _likeness(" ".join(before), " ".join(after)) >= NEARLY_SAME:
        yield from _changed(" ".join(before), " ".join(after))
        return
    place = 0
    for paragraph in before:
        partner = _partner(paragraph, after[place : place + AHEAD])
        if partner is None:
            yield _whole(OUT, paragraph)
            continue
        yield from (_whole(IN, added) for added in after[place : place + partner])
        yield from _changed(paragraph, after[place + partner])
        place += partner + 1
    yield from (_whole(IN, added) for added in after[place:])


def _partner(paragraph: str, others: list[str]) -> int | None:
    return next((place for place, other in enumerate(others) if _likeness(paragraph, other) >= ALIKE), None)


def _likeness(one: str, other: str) -> float:
    return Indel.normalized_similarity(_bare(_words(one)), _bare(_words(other)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _bare(words: list[str]) -> list[str]:
    return [word.strip() for word in words]


def _whole(kind: str, paragraph: str) -> Passage:
    words = _words(paragraph)
    rest = (Piece(GAP),) if len(words) > SHOWN else ()
    return Passage(kind, (Piece(kind, "".join(words[:SHOWN])), *rest))


def _changed(before: str, after: str) -> Iterator[Passage]:
    """One paragraph as it was and as it is; nothing where it is only broken otherwise."""
    runs = _folded(list(_runs(_words(before), _words(after))))
    pieces = [piece for place, run in enumerate(runs) for piece in _told(run, place == 0, place == len(runs) - 1)]
    if not all(run.same for run in runs):
        yield Passage(CHANGED, tuple(pieces))


@dataclass(frozen=True)
class _Run:
    """Words that are the same in both texts, or those of one that the other has others for."""

    before: list[str]
    after: list[str]
    same: bool


def _runs(before: list[str], after: list[str]) -> Iterator[_Run]:
    for same, here, there in aligned(_bare(before), _bare(after)):
        yield _Run(before[here], after[there], same)


def _folded(runs: list[_Run]) -> list[_Run]:
    """The runs with changes side by side made one, and so with few same words between two of them."""
    folded: list[_Run] = []
    last = len(runs) - 1
    for place, run in enumerate(runs):
        same = run.same and not (0 < place < last and len(run.after) < LEAST_SAME)
        if folded and not same and not folded[-1].same:
            run = _Run(folded[-1].before + run.before, folded[-1].after + run.after, same)
            folded.pop()
        folded.append(_Run(run.before, run.after, same))
    return folded


def _told(run: _Run, first: bool, last: bool) -> Iterator[Piece]:
    """The pieces that show a run: of many same words only those beside a change."""
    if not run.same:
        for kind, words in ((OUT, run.before), (IN, run.after)):
            yield from _cut(kind, words)
        return
    # Behind words that were taken out at the beginning, the space before the first is in the former text alone.
    same = [max(run.before[0], run.after[0], key=len), *run.after[1:]]
    head, tail = (0 if first else AROUND), (0 if last else AROUND)
    if len(same) <= head + tail:
        yield Piece(SAME, "".join(same))
        return
    yield from (Piece(SAME, "".join(words)) for words in [same[:head]] if words)
    yield Piece(GAP)
    yield from (Piece(SAME, "".join(words)) for words in [same[len(same) - tail :]] if words)


def _cut(kind: str, words: list[str]) -> Iterator[Piece]:
    text = "".join(words[:SHOWN]) + (" …" if len(words) > SHOWN else "")
    if text.startswith(" "):
        yield Piece(SAME, " ")
    if text:
        yield Piece(kind, text.lstrip())
