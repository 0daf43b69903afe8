"""How much of a real page's article page-text finds, on 181 pages whose bodies people marked."""

from __future__ import annotations

import functools
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from statistics import fmean

from articles import importers
from articles.records import ArticleRecord, Guidance, UnreadableFile

from .. import table
from ..running import say

DUMPS = Path(__file__).parents[3] / "shared" / "corpora" / "pagedumps"
BROWSER, TOOL = "innertext_aeb.jsonl.gz", "real_aeb_html_text.jsonl.gz"
TITLES = {
    BROWSER: "as a browser shows it",
    TOOL: "as a converter of HTML to text writes it, with the title of the window",
}
HALF = 0.5


@dataclass(frozen=True)
class Page:
    """One page: its text, its true body, the title of its window, and the record that was read; None for none."""

    text: str
    body: str
    window: str
    record: ArticleRecord | None

    @property
    def f1(self) -> float:
        return f1(told(self.record), self.body)

    @property
    def has_headline(self) -> bool:
        return self.record is not None and is_headline(self.record.title, self.window)

    @property
    def is_whole(self) -> bool:
        """Whether body, metadata and furniture add up to the text. A page that is refused is kept as it is."""
        return self.record is None or "".join(run for _, run in self.record.page) == self.text


def run() -> None:
    if not DUMPS.is_dir():
        say("There are no pages to measure on: the corpora are not beside this checkout.")
        return
    heads = [
        "text of the pages",
        "pages",
        "body, token F1",
        "of them under 0.5",
        "headline found",
        "lines accounted for",
    ]
    say("\n".join(table.markdown([heads, *(row(name) for name in TITLES)])))


def row(name: str) -> list[str]:
    known = pages(name)
    return [
        TITLES[name],
        f"{len(known)}",
        f"{body_f1(known):.3f}",
        f"{sum(page.f1 < HALF for page in known)}",
        share(known, [page.has_headline for page in known]),
        share(known, [page.is_whole for page in known]),
    ]


def share(known: Sequence[Page], right: Sequence[bool]) -> str:
    return f"{sum(right)} ({sum(right) / len(known):.0%})"


def body_f1(known: Sequence[Page]) -> float:
    return fmean(page.f1 for page in known)


@functools.cache
def pages(name: str) -> list[Page]:
    # The tool's text of a page begins with the title of its window; the browser's does not have it.
    windows = {page["id"]: page["dump"].lstrip().split("\n")[0] for page in dumps(TOOL)}
    return [Page(page["dump"], page["truth_body"], windows[page["id"]], record(page["dump"])) for page in dumps(name)]


def dumps(name: str) -> list[dict[str, str]]:
    with gzip.open(DUMPS / name, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def record(text: str) -> ArticleRecord | None:
    """What the reader of page-text makes of it, finished as every record is."""
    try:
        (found,) = importers.read("page.txt", io.BytesIO(text.encode()), Guidance(format="pagetext"))
    except UnreadableFile:
        return None
    return found if isinstance(found, ArticleRecord) else None


def told(found: ArticleRecord | None) -> str:
    return unescape(re.sub("<[^>]+>", "", found.body)) if found else ""


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def f1(found: str, truth: str) -> float:
    common = (words(found) & words(truth)).total()
    return 2 * common / (words(found).total() + words(truth).total()) if common else 0.0


def is_headline(title: str, window: str) -> bool:
    """Whether a title says what the window of the page says, which adds the site and may word it anew."""
    common = (words(title) & words(window)).total()
    return common * 2 >= min(words(title).total(), words(window).total()) > 0
