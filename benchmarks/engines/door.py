"""What every engine is asked, and what it answers. Standard library only: Xapian runs in another Python."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAGE = 10
# What a word weighs in a title, in a caption and in the text.
WEIGHTS = {"title": 5.0, "caption": 2.0, "text": 1.0}


@dataclass(frozen=True)
class Document:
    """An article as words in lower case, joined by spaces. `text` begins with the title; `stems` are its words."""

    key: int
    title: str
    caption: str
    text: str
    stems: str
    title_stems: str
    caption_stems: str
    day: int
    section: str


@dataclass(frozen=True)
class Question:
    """One search. `match` says how the words are joined; `stems` are the words as an index holds them."""

    kind: str
    match: str
    words: list[str]
    stems: list[str]
    slop: int = 0
    days: list[int] = field(default_factory=list)
    by_date: bool = False
    facet: bool = False
    start: int = 0


@dataclass(frozen=True)
class Result:
    total: int
    keys: list[int]
    sections: dict[str, int] | None = None


class Engine(ABC):
    """An index in a folder of its own. `lacks` names kinds of question that it cannot be asked, and why;
    `differs` names kinds in which its totals may be others', and why."""

    lacks: dict[str, str] = {}
    differs: dict[str, str] = {}
    # Asked only a part of the questions: it would take hours.
    slow = False
    # A server does the work: times are by the clock, and its processor time and memory are not to be seen from here.
    remote = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    @abstractmethod
    def version(self) -> str: ...

    def prepare(self, documents: Iterable[Document]) -> None:
        """What an engine needs before it can be built and has anyway, such as rows of a database; not in its time."""
        return

    @abstractmethod
    def build(self, documents: Iterable[Document]) -> None: ...

    @abstractmethod
    def open(self) -> None: ...

    @abstractmethod
    def search(self, question: Question) -> Any:
        """The answer, for `read`; this is what is timed."""

    def read(self, answer: Any) -> Result:
        """What an answer says. It is one already, unless something has to be read first."""
        return answer

    def change(self, old: Document, new: Document) -> None:
        """Makes one document another, for good, and sees to it that the next search finds it."""
        raise NotImplementedError

    def index_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


class Missing(Exception):
    """The engine is not on this machine; the message says what to do."""
