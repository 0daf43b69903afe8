"""Words that somebody quoted, found again in a text and marked there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from .marked import Marker, Place
from .marking import Rows

# Signs that are typed, and that programs and papers write in other ways.
ALIKE = ("'’‘ʼ´`", '"“”„«»″', "-‐‑–—")


def pattern(words: str) -> re.Pattern[str]:
    """What finds these words as they are written, however lines are broken and quotation marks curled."""
    parts = ("".join(_sign(sign) for sign in word) for word in words.split())
    return re.compile(r"\s+".join(parts))


def _sign(sign: str) -> str:
    return next((f"[{re.escape(alike)}]" for alike in ALIKE if sign in alike), re.escape(sign))


@dataclass
class Finder(Marker):
    """Marks the first place where the words stand, and nothing else."""

    words: re.Pattern[str] = field(default_factory=lambda: pattern(""))

    def places(self, field: str, text: str) -> list[Place]:
        found = None if self.total else self.words.search(text)
        if not found:
            return []
        self.total = 1
        return [Place(found.start(), found.end(), 1)]


def quoted(body: str, words: str) -> SafeString | None:
    """`body`, which is safe HTML, with these words marked as mark-1; None where they do not stand in one paragraph."""
    finder = Finder(Rows(()), "", words=pattern(words))
    text = finder.write(finder.body(body))
    return text if finder.total else None


def stands_in(paragraphs: Sequence[str], words: str) -> bool:
    sought = pattern(words)
    return any(sought.search(paragraph) for paragraph in paragraphs)
