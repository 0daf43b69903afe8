"""How much of a real page's article is found, measured on pages whose body is known. Run with -s for the figures."""

from __future__ import annotations

import functools
import gzip
import io
import json
import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

from articles.importers import pagetext
from articles.records import ArticleRecord, Guidance, UnreadableFile

DUMPS = Path(__file__).parent.parent.parent.parent / "shared" / "corpora" / "pagedumps"
BROWSER, TOOL = "innertext_aeb.jsonl.gz", "real_aeb_html_text.jsonl.gz"

pytestmark = pytest.mark.skipif(not DUMPS.is_dir(), reason="the corpora are not beside this checkout")


def pages(name: str) -> list[dict[str, str]]:
    with gzip.open(DUMPS / name, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def read(dump: str) -> ArticleRecord | None:
    try:
        (record,) = pagetext.read(io.BytesIO(dump.encode()), Guidance())
    except UnreadableFile:
        return None
    assert isinstance(record, ArticleRecord)
    return record


@functools.cache
def records(name: str) -> list[tuple[ArticleRecord | None, dict[str, str]]]:
    return [(read(page["dump"]), page) for page in pages(name)]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def f1(found: str, truth: str) -> float:
    common = (words(found) & words(truth)).total()
    return 2 * common / (words(found).total() + words(truth).total()) if common else 0.0


def body(record: ArticleRecord | None) -> str:
    return unescape(re.sub("<[^>]+>", "", record.body)) if record else ""


def is_headline(title: str, page_title: str) -> bool:
    """Whether a title says what the window of the page says, which adds the site and may word it anew."""
    common = (words(title) & words(page_title)).total()
    return common * 2 >= min(words(title).total(), words(page_title).total()) > 0


@pytest.mark.parametrize("name", [BROWSER, TOOL])
def test_the_body_of_a_page_is_found(name):
    scores = [f1(body(record), page["truth_body"]) for record, page in records(name)]
    mean = sum(scores) / len(scores)
    print(f"\n{name}: {len(scores)} pages, body token F1 {mean:.3f}, under 0.5: {sum(score < 0.5 for score in scores)}")
    assert mean >= 0.9


@pytest.mark.parametrize("name", [BROWSER, TOOL])
def test_the_headline_of_a_page_is_found(name):
    # The tool's text of a page begins with the title of its window; the browser's does not have it.
    titles = {page["id"]: page["dump"].lstrip().split("\n")[0] for page in pages(TOOL)}
    found = [record is not None and is_headline(record.title, titles[page["id"]]) for record, page in records(name)]
    share = sum(found) / len(found)
    print(f"\n{name}: {sum(found)} of {len(found)} headlines agree with the title of the window ({share:.0%})")
    assert share >= 0.85
