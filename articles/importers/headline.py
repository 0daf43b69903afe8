"""Which line of a page is the headline of its article: the one with the most signs of a headline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from articles.importers.credits import path_parts
from articles.importers.furniture import Furniture
from articles.importers.lines import comparable
from articles.importers.marks import LONG_WORDS, PROSE_WORDS, Mark

LONGEST_WORDS = 30
LONGEST = 300
LEAST_SCORE = 2.0
STANDFIRST_MARGIN = 1.6
FIRST_BONUS = 1.0

# So much prose below a line is enough for it to be a headline; so much above it makes that unlikely.
ENOUGH_PROSE = 120
MUCH_PROSE = 300
BUTTON_COST = 1

NEAR = 6
FAR = 24
SHORTEST_ECHO, LONGEST_ECHO = 8, 40
MOST_ECHOES = 100

_URL = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_WORD = re.compile(r"[^\W_]{4,}")
_PAIR = re.compile(r"(?=([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}))")
_PATH_MARKS = ("»", "›", ">", "→", "|", "/", "\\", "::")
_QUOTED = re.compile(r"[“\"«„](.{5,300})[”\"»“]")
_TITLE_END = re.compile(r"\s[|–—·»-]\s")
_SEAM = re.compile(r"[a-z]{3}[A-Z][a-z]{2}")


def headline(marks: Sequence[Mark], end: int) -> int | None:
    signs = _Signs(marks)
    scores = {index: signs.score(index) for index in range(end) if _may_be_headline(marks[index])}
    best = max(scores, key=lambda index: (scores[index], -index), default=None)
    if best is None or scores[best] < LEAST_SCORE:
        return None
    above = _plain_above(marks, best)
    return above if above is not None and _heads(signs, scores, above, best) else best


def first_headline(marks: Sequence[Mark]) -> int | None:
    """The headline of a text without furniture: the best line before its first paragraph, the first one if in doubt."""
    prose = next((index for index, mark in enumerate(marks) if mark.prose), len(marks))
    lead = [index for index in range(min(prose, NEAR)) if _may_be_headline(marks[index])]
    signs = _Signs(marks)
    return max(lead, key=lambda index: (signs.score(index) + (FIRST_BONUS if index == 0 else 0), -index), default=None)


def _plain_above(marks: Sequence[Mark], index: int) -> int | None:
    """The next line above that is neither a fact, a caption nor furniture."""
    nearest = range(index - 1, max(0, index - NEAR) - 1, -1)
    return next((at for at in nearest if marks[at].plain and not marks[at].caption), None)


def _heads(signs: _Signs, scores: dict[int, float], index: int, best: int) -> bool:
    """Whether the line is the headline over a standfirst with a little more of the signs: no longer, but no label."""
    return (
        scores.get(index, 0) >= scores[best] - STANDFIRST_MARGIN
        and 4 <= signs.marks[index].block.words <= signs.marks[best].block.words
        and signs.words_used(index) >= signs.words_used(best) / 2
    )


def _may_be_headline(mark: Mark) -> bool:
    text = mark.block.text
    fits = mark.block.words <= LONGEST_WORDS and len(text) <= LONGEST
    return (
        mark.plain
        and not mark.caption
        and fits
        and any(map(str.isalpha, text))
        and not _URL.fullmatch(text)
        and not mark.block.teaser
    )


class _Signs:
    """The signs by which a headline is known, each with its weight. Sums are taken once for the whole page."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self.marks = marks
        self.times = Counter(mark.block.key for mark in marks)
        self.stems = [_stems(mark.block.text) if mark.prose else frozenset() for mark in marks]
        self.echoes = [(index, echo) for index, mark in enumerate(marks) for echo in _echoes(index, mark)][:MOST_ECHOES]
        self.ahead = _running(_gain_ahead(mark) for mark in reversed(marks))[::-1]
        self.behind = _running(mark.gain for mark in marks)
        self.told = list(accumulate(mark.block.words if mark.prose else 0 for mark in marks))

    def score(self, index: int) -> float:
        return (
            3.0 * min(self._ahead(index), ENOUGH_PROSE) / ENOUGH_PROSE
            - 2.0 * (self._ahead(index) < PROSE_WORDS)
            + 2.0 * self.words_used(index)
            + 2.0 * self._facts_follow(index)
            + 1.0 * self._date_precedes(index)
            + 3.0 * self._said_again(index)
            + self._length(index)
            - 2.0 * min(self.behind[index - 1] if index else 0, ENOUGH_PROSE) / ENOUGH_PROSE
            - 1.0 * min(self.told[index], MUCH_PROSE) / MUCH_PROSE
            - 1.0 * self._ends_like_sentence(index)
            - 1.5 * self._repeats_like_menu(index)
            - 1.5 * self._is_path(index)
            - 0.7 * self._runs_together(index)
            - 1.5 * self._is_listed(index)
        )

    def _ahead(self, index: int) -> int:
        return self.ahead[index + 1] if index + 1 < len(self.ahead) else 0

    def words_used(self, index: int) -> float:
        """The share of the line's words that the next paragraphs use."""
        stems = _stems(self.marks[index].block.text)
        window = self.stems[index + 1 : index + 1 + FAR]
        used = sum(any(stem in paragraph for paragraph in window) for stem in stems)
        return used / (len(stems) + 1)

    def _facts_follow(self, index: int) -> float:
        """1 if a date or a byline comes right after, less if it comes later or after a standfirst, else 0. In a list of
        other pages they say less."""
        distance, paragraphs = 0, 0
        for mark in self.marks[index + 1 : index + 1 + FAR]:
            if mark.fact:
                return (1 - distance / (2 * NEAR)) / (2 if self._is_listed(index) else 1)
            distance += mark.plain and not mark.caption
            paragraphs += mark.prose and mark.block.words >= LONG_WORDS
            if distance >= NEAR or paragraphs > 1 or mark.kind is Furniture.OTHERS:
                break
        return 0

    def _date_precedes(self, index: int) -> bool:
        return any(mark.dated for mark in self.marks[max(0, index - 2) : index])

    def _said_again(self, index: int) -> bool:
        key = self.marks[index].block.key
        return len(key) >= SHORTEST_ECHO and any(
            echo.startswith(key[:LONGEST_ECHO]) or key.startswith(echo[:LONGEST_ECHO])
            for at, echo in self.echoes
            if at != index
        )

    def _length(self, index: int) -> float:
        words = self.marks[index].block.words
        if words < 3:
            return (-1.5, -1.5, -0.5)[words]
        return 1.0 if 5 <= words <= 18 else 0.5

    def _ends_like_sentence(self, index: int) -> bool:
        return self.marks[index].block.text.endswith((".", ":", ";", ",", "。"))

    def _repeats_like_menu(self, index: int) -> bool:
        block = self.marks[index].block
        return self.times[block.key] > 1 and block.words <= 3

    def _is_path(self, index: int) -> bool:
        """Whether the line is a path to the article: it ends with a line that stands below, or has path marks."""
        text, key = self.marks[index].block.text, self.marks[index].block.key
        below = [mark.block.key for mark in self.marks[index + 1 : index + 1 + NEAR]]
        repeats = any(len(other) >= SHORTEST_ECHO and key != other and key.endswith(other) for other in below)
        return repeats or sum(text.count(sign) for sign in _PATH_MARKS) > 1

    def _runs_together(self, index: int) -> bool:
        return bool(_SEAM.search(self.marks[index].block.text))

    def _is_listed(self, index: int) -> bool:
        """Whether the line stands in a list of other pages."""
        for mark in reversed(self.marks[max(0, index - NEAR) : index]):
            if mark.prose or mark.kind is Furniture.OTHERS:
                return not mark.prose
        return False


def _gain_ahead(mark: Mark) -> int:
    """What a block is worth to a headline above it: prose all its words, a byline or a button in between little."""
    if mark.prose:
        return mark.block.words
    return -BUTTON_COST if mark.fact or mark.kind not in (None, Furniture.OTHERS) else mark.gain


def _echoes(index: int, mark: Mark) -> Iterator[str]:
    """What a line says that can only be a headline: the end of a path, what is commented on, the title of the page."""
    text = mark.block.text
    if mark.kind in (Furniture.TALK, Furniture.FORM):
        said = [quoted[1] for quoted in _QUOTED.finditer(text)]
    elif len(text) > LONGEST:
        said = []
    elif index == 0:
        said = [text, _TITLE_END.split(text)[0]] if mark.block.words > 3 else []
    else:
        said = [path_parts(text)[-1]] if path_parts(text) else []
    yield from (key for key in map(comparable, said) if len(key) >= SHORTEST_ECHO)


def _running(gains: Iterable[int]) -> list[int]:
    """For each place the highest sum of gains that ends there, nothing below 0."""
    total, sums = 0, []
    for gain in gains:
        total = max(0, total + gain)
        sums.append(total)
    return sums


def _stems(text: str) -> frozenset[str]:
    """The words of a text without their endings, and the pairs of characters of scripts without spaces."""
    folded = text.casefold()
    return frozenset(word[:5] for word in _WORD.findall(folded)) | frozenset(_PAIR.findall(folded))
