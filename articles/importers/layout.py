"""Where the article stands on a page: which block is its headline, and which run of blocks is its body.

Every block has a gain: prose gains its words, short lines and furniture cost. The body is the run of blocks after the
headline with the highest sum.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from articles.importers.furniture import Furniture
from articles.importers.headline import NEAR, first_headline, headline
from articles.importers.lines import Block
from articles.importers.marks import LONG_WORDS, MOST_GAIN, Mark

# So much prose before a sign of the readers' comments makes it the end of the article; more is asked for as long as it
# is not known where the article begins.
SUBSTANCE = 30
SURE_SUBSTANCE = 120

# So few lines of furniture among so many others may be the article's own words; so many short lines are a menu.
LINES_PER_FURNITURE = 50
MENU_LINES = 12
MENU_WORDS = 3
_OWN_KINDS = (None, Furniture.FILING)

LEAD_LINES = 3
LEAST_PARAGRAPHS = 3
STANDFIRST_WORDS = 70
TAIL_GAP = 3
TAIL_WORDS = 80
SHORT_TAIL_WORDS = 20
_PAGE_ENDS = (Furniture.SHARE, Furniture.PROMPT, Furniture.OTHERS, Furniture.FILING)
TELLING_WORDS = 4
LONG_LINE_WORDS = 7
LIST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """Indexes of blocks. The body is in order; `opening` is where it begins and `closing` where it has ended."""

    headline: int | None
    body: tuple[int, ...]
    opening: int
    closing: int


def found(marks: Sequence[Mark]) -> Layout:
    return _all_article(marks) if _is_bare(marks) else _within_furniture(marks)


def _is_bare(marks: Sequence[Mark]) -> bool:
    """Whether this is the text of an article and nothing else. Then there is nothing to cut, and nothing is cut."""
    furniture = sum(mark.kind not in _OWN_KINDS for mark in marks)
    first = marks[:MENU_LINES]
    menu = sum(mark.block.words <= MENU_WORDS for mark in first)
    return furniture * LINES_PER_FURNITURE <= len(marks) and menu < MENU_LINES * 2 // 3


def _all_article(marks: Sequence[Mark]) -> Layout:
    title = first_headline(marks)
    start = 0 if title is None else title + 1
    opening = _below_head(marks, start, len(marks), most_lines=1)
    body = tuple(index for index in range(opening, len(marks)) if marks[index].kind is None)
    return Layout(title, body, opening, body[-1] + 1 if body else opening)


def _within_furniture(marks: Sequence[Mark]) -> Layout:
    title = headline(marks, _end_of_article(marks, 0, SURE_SUBSTANCE))
    start = 0 if title is None else title + 1
    end = _end_of_article(marks, start, SUBSTANCE)
    opening, closing = _best_run(marks, start, end)
    opening, closing = _without_tail(marks, _from_lead(marks, start, opening, closing), closing)
    closing = _with_list(marks, closing, end)
    opening = _below_head(marks, _with_lead(marks, start, opening), closing, most_lines=NEAR)
    links = _lists_of_others(marks, opening, closing)
    body = tuple(index for index in range(opening, closing) if marks[index].kind is None and index not in links)
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


def _from_lead(marks: Sequence[Mark], start: int, opening: int, closing: int) -> int:
    """The opening moved up to a full paragraph right below the headline, as long as the run is rich with it: a box of
    links behind the first paragraphs must not cost them."""
    first = next((index for index in range(start, opening) if marks[index].block.words >= LONG_WORDS), opening)
    between = marks[start:first]
    near = sum(mark.plain for mark in between) <= LEAD_LINES and all(
        mark.kind is not Furniture.OTHERS for mark in between
    )
    rich = sum(mark.gain for mark in marks[first:closing]) > MOST_GAIN
    return first if near and rich and marks[first].prose else opening


def _without_tail(marks: Sequence[Mark], opening: int, closing: int) -> tuple[int, int]:
    """The run without a last paragraph that stands apart: behind several short lines, or a short one behind a line that
    ends a page. That is a box on the writer, the paper or an offer. What is left has to be an article still."""
    prose = [index for index in range(opening, closing) if marks[index].prose]
    while len(prose) > LEAST_PARAGRAPHS:
        last, other = prose.pop(), prose[-1]
        if not _stands_apart(marks[other + 1 : last], marks[last].block):
            break
        closing = other + 1
    return opening, closing


def _stands_apart(between: Sequence[Mark], last: Block) -> bool:
    page_ends = any(mark.kind in _PAGE_ENDS for mark in between)
    return (len(between) >= TAIL_GAP and last.words <= TAIL_WORDS) or (page_ends and last.words <= SHORT_TAIL_WORDS)


def _with_list(marks: Sequence[Mark], closing: int, end: int) -> int:
    """The closing moved down over the list that a colon at the end of the run announces."""
    if not closing or not marks[closing - 1].block.text.endswith((":", "：")):
        return closing
    while closing < end and marks[closing].plain and marks[closing].block.words >= LIST_WORDS:
        closing += 1
    return closing


def _lists_of_others(marks: Sequence[Mark], opening: int, closing: int) -> set[int]:
    """The lines of lists of other pages that the run goes on past: those below a heading of such a list, or below the
    one paragraph that introduces it."""
    listed: set[int] = set()
    end = opening
    for heading in range(opening, closing):
        # A heading inside of the list above it begins none: that list goes on to the same paragraph.
        if marks[heading].kind is not Furniture.OTHERS or heading + 1 < end:
            continue
        first = heading + 2 if heading + 1 < closing and marks[heading + 1].prose else heading + 1
        below = list(itertools.takewhile(lambda index: not marks[index].prose, range(first, closing)))
        listed.update(below)
        end = first + len(below)
    return listed


def _with_lead(marks: Sequence[Mark], start: int, opening: int) -> int:
    """The opening moved up over lines right above it that say something: a question, or a list before the prose."""
    lead = opening
    while lead > start and marks[lead - 1].plain and _tells(marks[lead - 1].block):
        lead -= 1
    return lead


def _tells(block: Block) -> bool:
    return block.words >= TELLING_WORDS and not block.teaser and (block.ends or block.words >= LONG_LINE_WORDS)


def _below_head(marks: Sequence[Mark], opening: int, closing: int, most_lines: int) -> int:
    """The opening moved below a byline or date that follows the first paragraph: that paragraph is a standfirst."""
    lead = range(opening, min(opening + NEAR, closing - 1))
    facts = [index for index in lead if marks[index].fact]
    above = [mark for mark in marks[opening : facts[-1]] if mark.plain] if facts else []
    prose = [mark.block.words for mark in above if mark.prose]
    fits = len(above) <= most_lines and len(prose) <= 1 and sum(prose) <= STANDFIRST_WORDS
    return facts[-1] + 1 if facts and fits else opening
