"""Where the article stands on a page: which block is its headline, and which run of blocks is its body.

Every block has a gain: prose gains its words, short lines and furniture cost. The body is the run of blocks after the
headline with the highest sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from articles.importers.furniture import Furniture
from articles.importers.headline import NEAR, headline
from articles.importers.lines import Block
from articles.importers.marks import Mark

# So much prose before a sign of the readers' comments makes it the end of the article; more is asked for as long as it
# is not known where the article begins.
SUBSTANCE = 30
SURE_SUBSTANCE = 120

LEAST_PARAGRAPHS = 3
TAIL_GAP = 3
TAIL_WORDS = 80
TELLING_WORDS = 4
LONG_LINE_WORDS = 7


@dataclass(frozen=True, slots=True)
class Layout:
    """Indexes of blocks. The body is in order; `opening` is where it begins and `closing` where it has ended."""

    headline: int | None
    body: tuple[int, ...]
    opening: int
    closing: int


def found(marks: Sequence[Mark]) -> Layout:
    title = headline(marks, _end_of_article(marks, 0, SURE_SUBSTANCE))
    start = 0 if title is None else title + 1
    end = _end_of_article(marks, start, SUBSTANCE)
    opening, closing = _without_tail(marks, *_best_run(marks, start, end))
    opening = _below_head(marks, _with_lead(marks, start, opening), closing)
    body = tuple(index for index in range(opening, closing) if marks[index].kind is None)
    return Layout(title, body, opening, closing)


def _end_of_article(marks: Sequence[Mark], start: int, substance: int) -> int:
    """Where the readers' part of the page begins. A form ends any article; a mere heading may be the link that pages
    print over one, so it ends only what reads like an article up to there."""
    words = gained = 0
    for index in range(start, len(marks)):
        kind = marks[index].kind
        if (kind is Furniture.FORM and words >= substance) or (kind is Furniture.TALK and gained >= substance):
            return index
        gained = max(0, gained + marks[index].gain)
        words += marks[index].block.words if marks[index].prose else 0
    return len(marks)


def _best_run(marks: Sequence[Mark], start: int, end: int) -> tuple[int, int]:
    """The run with the highest sum of gains; nothing gained, everything from `start` on."""
    best, best_sum = (start, end), 0
    since, total = start, 0
    for index in range(start, end):
        if total <= 0:
            since, total = index, 0
        total += marks[index].gain
        if total > best_sum:
            best, best_sum = (since, index + 1), total
    return best


def _without_tail(marks: Sequence[Mark], opening: int, closing: int) -> tuple[int, int]:
    """The run without a last paragraph that stands alone behind several short lines: that is a box on the writer, the
    paper or an offer. What is left has to be an article still."""
    prose = [index for index in range(opening, closing) if marks[index].prose]
    while len(prose) > LEAST_PARAGRAPHS:
        last, other = prose.pop(), prose[-1]
        if last - other <= TAIL_GAP or marks[last].block.words > TAIL_WORDS:
            break
        closing = other + 1
    return opening, closing


def _with_lead(marks: Sequence[Mark], start: int, opening: int) -> int:
    """The opening moved up over lines right above it that say something: a question, or a list before the prose."""
    lead = opening
    while lead > start and marks[lead - 1].plain and _tells(marks[lead - 1].block):
        lead -= 1
    return lead


def _tells(block: Block) -> bool:
    return block.words >= TELLING_WORDS and not block.teaser and (block.ends or block.words >= LONG_LINE_WORDS)


def _below_head(marks: Sequence[Mark], opening: int, closing: int) -> int:
    """The opening moved below a byline or date that follows the first paragraph: that paragraph is a standfirst."""
    lead = range(opening, min(opening + NEAR, closing - 1))
    facts = [index for index in lead if marks[index].fact]
    paragraphs = sum(mark.prose for mark in marks[opening : facts[-1]]) if facts else 0
    return facts[-1] + 1 if facts and paragraphs <= 1 else opening
