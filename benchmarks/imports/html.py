"""Saved web pages: how much of the body is found, and how often title, date and author are right.

The same pages go through trafilatura with its own settings in the same run. The bodies were marked by the people of the
article extraction benchmark; the facts of the first forty pages (html_facts.txt) were read off the pages by us.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trafilatura

from articles.importers import webpage
from articles.importers.lines import comparable
from articles.records import ArticleRecord, Guidance, UnreadableFile

from .. import table

PAGES = Path(__file__).parents[3] / "shared/corpora/html/article-extraction-benchmark"
FACTS = Path(__file__).with_name("html_facts.txt")


@dataclass(frozen=True, slots=True)
class Answer:
    body: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    day: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is true of a page. `authors` holds each answer that is right."""

    title: str
    authors: tuple[frozenset[str], ...]
    day: str


def ours(content: bytes, address: str) -> Answer:
    try:
        (record,) = webpage.read(io.BytesIO(content), Guidance(address=address))
    except UnreadableFile:
        return Answer()
    if not isinstance(record, ArticleRecord):
        return Answer()
    body = html.unescape(re.sub("<[^>]+>", " ", record.body))
    return Answer(
        body, record.title, record.authors, f"{record.date.earliest:%Y-%m-%d}" if record.date.earliest else ""
    )


def theirs(**settings: Any) -> Callable[[bytes, str], Answer]:
    def read(content: bytes, address: str) -> Answer:
        found: Any = trafilatura.bare_extraction(content, url=address, with_metadata=True, **settings)
        if found is None:
            return Answer()
        # Comments are part of what it extracts unless it is told otherwise.
        body = " ".join(filter(None, (found.text, found.comments)))
        authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
        return Answer(body, found.title or "", authors, found.date or "")

    return read


READERS: Mapping[str, Callable[[bytes, str], Answer]] = {
    "News Archive": ours,
    "trafilatura": theirs(),
    "trafilatura, precision": theirs(favor_precision=True),
    "trafilatura, precision, no comments": theirs(favor_precision=True, include_comments=False),
}


def run() -> None:
    if not PAGES.is_dir():
        say([f"There are no pages in {PAGES.name}: this part measures nothing without them."])
        return
    truths = json.loads((PAGES / "ground-truth.json").read_text(encoding="utf-8"))
    facts = dict(fact(line) for line in FACTS.read_text(encoding="utf-8").splitlines())
    head = ["", "body, token F1", "under 0.8", "title", "date", "authors", "pages a second"]
    rows = [head, *(row(name, read, truths, facts) for name, read in READERS.items())]
    say(table.markdown(rows))
    say(["", f"Bodies of {len(truths)} pages; title, date and authors of {len(facts)}, all of them right or not."])


def say(lines: Iterable[str]) -> None:
    print("\n".join(lines))  # noqa: T201


def fact(line: str) -> tuple[str, Fact]:
    """The beginning of a page's name and its facts: "id | day | authors / or these | title"; "-" is none."""
    page, day, authors, title = line.split(" | ", 3)
    return page, Fact(title, tuple(keys(answer.split(";")) for answer in authors.split(" / ")), day)


def keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(comparable, names)))


def row(
    name: str, read: Callable[[bytes, str], Answer], truths: Mapping[str, Any], facts: Mapping[str, Fact]
) -> list[str]:
    contents = {page: gzip.decompress((PAGES / "html" / f"{page}.html.gz").read_bytes()) for page in truths}
    read(next(iter(contents.values())), "")
    begun = time.perf_counter()
    answers = {page: read(content, truths[page]["url"]) for page, content in contents.items()}
    took = time.perf_counter() - begun
    scores = [f1(answer.body, truths[page]["articleBody"]) for page, answer in answers.items()]
    known = [(answers[page], facts[page[:8]]) for page in truths if page[:8] in facts]
    mean, low = sum(scores) / len(scores), sum(score < 0.8 for score in scores)
    return [name, f"{mean:.3f}", str(low), *right(known), f"{len(scores) / took:.0f}"]


def f1(found: str, truth: str) -> float:
    one, other = words(found), words(truth)
    common = (one & other).total()
    return 2 * common / (one.total() + other.total()) if common else 0.0


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def right(known: Sequence[tuple[Answer, Fact]]) -> list[str]:
    """How many titles, days and lists of authors are right."""
    titles = sum(comparable(answer.title) == comparable(fact.title) for answer, fact in known)
    days = sum(answer.day == fact.day for answer, fact in known)
    authors = sum(keys(answer.authors) in fact.authors for answer, fact in known)
    return [str(titles), str(days), str(authors)]
