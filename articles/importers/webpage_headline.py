"""The headline of a web page: the line that is printed as one, or what the page calls itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from articles.importers.lines import comparable
from articles.importers.webpage_lines import Line

TITLE_LENGTH = 120
LONGEST = 300
MOST_LINES_ABOVE = 300
LINES_NEAR = 5
# Signs of a headline and their weights. A line is one from `ENOUGH` on.
SAME_WORDS = 2.0
SAME_TEXT = 1.5
NAMED = 0.3
BY_HEADING = {"h1": 1.1, "h2": 0.4, "h3": 0.2}
LINKED = -0.8
AWAY = -1.0
EACH_LINE_AWAY = -0.02
SHORT = 1.0
SHORT_KEY = 8
ENOUGH = 1.0

_PARTING = re.compile(r"\s+[|–—»«:·•/-]+\s+|\s*[|»]\s*|:\s+")
_HINT = re.compile(r"headline|title")
_AWAY = frozenset("nav footer form aside".split())
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline, and the numbers of the lines that print it."""

    text: str
    lines: frozenset[int] = frozenset()


def found(lines: Sequence[Line], first: int, given: Sequence[str], sites: Iterable[str]) -> Headline:
    """The headline over the line numbered `first`, with which the body begins. `given` are titles of the page."""
    names = {key for site in sites if (key := comparable(site))}
    titles = list(dict.fromkeys(title for text in given if (title := without_site(text[:LONGEST], names))))
    above = range(max(0, first - MOST_LINES_ABOVE), min(len(lines), first + 1))
    scores = {index: _score(lines[index], first - index, titles, names) for index in above}
    best = max(scores, key=lambda index: scores[index], default=0)
    if scores and scores[best] >= ENOUGH:
        text = lines[best].text
    else:
        text = next(iter(titles), "") or _heading_over(lines, first) or _shortened(lines[first].text)
    key = comparable(text)
    return Headline(text, frozenset(index for index in above if lines[index].key == key))


def _score(line: Line, away: int, titles: Sequence[str], sites: set[str]) -> float:
    if not line.key or line.key in sites or len(line.text) > 2 * TITLE_LENGTH + 60:
        return 0.0
    same = max((_likeness(line.text, title) for title in islice(titles, 8)), default=0.0)
    score = BY_HEADING.get(line.heading, 0.0) + SAME_WORDS * same + away * EACH_LINE_AWAY
    score += SAME_TEXT * any(line.key == comparable(title) for title in titles)
    score += NAMED * any(_HINT.search(frame.hints) for frame in line.frames[-2:])
    score += AWAY * bool(line.inside & _AWAY) + LINKED * (line.link_share > 0.9)
    if not line.heading and same < 0.9:
        return 0.0
    return score - (SHORT if not same and len(line.key) < SHORT_KEY else 0.0)


def _heading_over(lines: Sequence[Line], first: int) -> str:
    near = lines[max(0, first - LINES_NEAR) : first]
    return next((line.text for line in reversed(near) if line.heading and not line.inside & _AWAY), "")


def _likeness(one: str, other: str) -> float:
    """The share of words that two titles have in common, from 0 to 1."""
    left, right = (Counter(_WORD.findall(text.casefold())) for text in (one, other))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


def without_site(title: str, sites: set[str]) -> str:
    """The title without the name of the site behind or before it."""
    parts = list(_PARTING.finditer(title[:LONGEST]))
    for mark in reversed(parts):
        behind = comparable(title[mark.end() :])
        if behind and any(behind == site or (len(behind) > 3 and site.startswith(behind)) for site in sites):
            return without_site(title[: mark.start()].strip(), sites)
    for mark in parts:
        if comparable(title[: mark.start()]) in sites:
            return title[mark.end() :].strip()
    return "" if comparable(title) in sites else title.strip()


def site_in(title: str, headline: str) -> str:
    """The name that a title of the page has behind the headline, or nothing."""
    mark = next(
        (mark for mark in _PARTING.finditer(title[:LONGEST]) if title[: mark.start()].strip() == headline), None
    )
    return title[mark.end() :].strip() if mark else ""


def _shortened(text: str) -> str:
    if len(text) <= TITLE_LENGTH:
        return text
    return f"{text[:TITLE_LENGTH].rpartition(' ')[0] or text[:TITLE_LENGTH]}…"
