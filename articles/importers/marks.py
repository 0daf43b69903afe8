"""What each block of a page looks like by itself, and what it is worth to a run of text that it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from articles.importers.captions import is_caption
from articles.importers.credits import is_byline, is_date_line
from articles.importers.furniture import Furniture, kind_of, names_commenter
from articles.importers.lines import Block

PROSE_WORDS = 8
LONG_WORDS = 20

# Prose gains its words, up to so many; everything else costs a run of text that would go on past it.
MOST_GAIN = 50
SHORT_SENTENCE_GAIN = 2
SHORT_LINE_COST = 6
FACT_COST = 15
CAPTION_COST = 3
_COSTS = {
    Furniture.FORM: 10,
    Furniture.TALK: 9,
    Furniture.OTHERS: 55,
    Furniture.FILING: 55,
    Furniture.PROMPT: 40,
    Furniture.SHARE: 12,
    Furniture.CONTROL: 8,
    Furniture.ASIDE: 3,
}

# What a line that also names a writer or a date may be without losing that.
_WEAK = (Furniture.SHARE, Furniture.CONTROL, Furniture.ASIDE, Furniture.PROMPT)


@dataclass(frozen=True, slots=True)
class Mark:
    """A block and what can be seen of it. A fact is a byline or a date line; plain is what no rule knows better."""

    block: Block
    kind: Furniture | None = None
    dated: bool = False
    credited: bool = False
    caption: bool = False
    prose: bool = False
    gain: int = 0

    @property
    def fact(self) -> bool:
        return self.dated or self.credited

    @property
    def plain(self) -> bool:
        return self.kind is None and not self.fact


def marked(blocks: Sequence[Block]) -> list[Mark]:
    marks = [_mark(block) for block in blocks]
    for index, mark in enumerate(marks[:-1]):
        if names_commenter(mark.block.text) and any(after.dated for after in marks[index : index + 2]):
            marks[index] = _valued(Mark(mark.block, kind=Furniture.TALK, dated=mark.dated))
    return marks


def _mark(block: Block) -> Mark:
    kind = kind_of(block.text)
    dated, credited = is_date_line(block.text), is_byline(block.text)
    if dated or credited:
        return _valued(Mark(block, kind=None if kind in _WEAK else kind, dated=dated, credited=credited))
    if kind:
        return _valued(Mark(block, kind=kind))
    caption = is_caption(block.text)
    return _valued(Mark(block, caption=caption, prose=not caption and _is_prose(block)))


def _is_prose(block: Block) -> bool:
    if block.teaser:
        return False
    if block.words >= LONG_WORDS:
        return block.ends or not _is_title_case(block.text)
    return block.words >= PROSE_WORDS and block.ends


def _is_title_case(text: str) -> bool:
    """Whether most words begin with a capital, as in a list of names or of headlines."""
    words = [word for word in text.split() if word[:1].isalpha()]
    capital = sum(word[0].isupper() for word in words)
    return capital * 10 > len(words) * 7


def _valued(mark: Mark) -> Mark:
    return replace(mark, gain=_gain(mark))


def _gain(mark: Mark) -> int:
    block = mark.block
    if mark.kind:
        return -_COSTS[mark.kind]
    if mark.fact:
        return -FACT_COST
    if mark.caption:
        return -CAPTION_COST
    if mark.prose:
        return min(block.words, MOST_GAIN)
    if block.teaser and block.words >= PROSE_WORDS:
        return 0
    return SHORT_SENTENCE_GAIN if block.ends and block.words > 2 else -SHORT_LINE_COST
