"""The whole search page beside a stock one: both answer the same questions, and the tables add up."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from articles.search.answers import finding
from benchmarks import agreement, corpus, keeping, page, pages, parts, table, words
from benchmarks.engines.door import Document, Question
from benchmarks.running import Running

# Their words are in no demo article.
TEXTS = [
    "the gondola left igloos at noon with an accordion",
    "the gondola came back to the lagoon before the zeppelin",
    "a walrus stood in the lagoon and looked at the gondola",
    "the lagoon was sold to two penguins",
    "penguins burn every xylophone but one",
    "the lagoonside smelled of tar",
    "an accordion was heard across the ice by one walrus",
]
OTHERS = 60


def document(key: int, text: str) -> Document:
    title = " ".join(text.split()[:3])
    stems = " ".join(words.stems(f"{title} {text}".split()))
    return Document(key, title, "", f"{title} {text}", stems, "", "", corpus.FIRST_DAY + 400 * key, "section-1")


def asked(kind: str, *chosen: str) -> Question:
    return Question(kind, "", list(chosen), words.stems(chosen))


# Each with the texts that it finds, by their places.
QUESTIONS = [
    (asked("common", "gondola"), {0, 1, 2}),
    (asked("rare", "xylophone"), {4}),
    (asked("AND", "gondola", "lagoon"), {1, 2}),
    (asked("OR", "zeppelin", "xylophone", "walrus"), {1, 2, 4, 6}),
    (asked("phrase", "lagoon", "was", "sold"), {3}),
    (asked("prefix", "lago"), {1, 2, 3, 5}),
    (asked("fuzzy", "accordeon"), {0, 6}),
]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> pages.Plan:
    """Of what both pages search: the texts above, behind others; all is built."""
    others = list(corpus.Corpus(corpus.sources(corpus.demo_files())).documents(OTHERS))
    documents = others + [document(key, text) for key, text in enumerate(TEXTS, start=OTHERS + 1)]
    plan = pages.Plan(articles=len(documents), questions=2, rounds=1, folder=tmp_path_factory.mktemp("kept"))
    plan.place.mkdir(parents=True)
    corpus.write(documents, plan.place / keeping.CORPUS)
    pages.prepared(plan)
    return plan


@pytest.mark.parametrize("name", [pages.OURS, pages.STOCK])
def test_a_page_says_what_reading_everything_finds(name: str, plan: pages.Plan):
    with Running(name, plan.place / name) as worker:
        worker.call("open")
        reply = worker.call("ask", questions=[asdict(question) for question, _ in QUESTIONS])
    for answer, (question, places) in zip(reply["answers"], QUESTIONS, strict=True):
        expected = {OTHERS + 1 + place for place in places}
        assert (question, answer["total"], set(answer["keys"])) == (question, len(expected), expected)


def test_a_run_compares_times_and_shares_out(capsys: pytest.CaptureFixture, plan: pages.Plan):
    indexes = [plan.place / pages.OURS / "index" / "CURRENT", *(plan.place / pages.STOCK / "index").iterdir()]
    before = [path.stat().st_mtime_ns for path in indexes]
    figures = pages.run(plan)
    assert [path.stat().st_mtime_ns for path in indexes] == before, "what was built is kept"
    ours, stock = (figures["engines"][name]["classes"] for name in (pages.OURS, pages.STOCK))
    assert ours.keys() - stock.keys() == {"near", pages.ALL}
    assert figures["questions"] == dict.fromkeys(set(pages.KINDS) - {"page 50"}, 2)
    for held in figures["parts"].values():
        assert sum(held["shares"].values()) == pytest.approx(1)
        assert all(share > 0 for share in held["shares"].values())
        assert held["queries"] >= 1
    pages.show(figures)
    assert "all that both answer" in capsys.readouterr().out
    told = "\n".join(page.pages_part("pages", figures))
    assert told.startswith("67 articles. A second of CPU stores")
    assert "* stock Haystack + Whoosh has no figure for *near*: it knows" in told


def test_a_build_that_was_cut_short_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keeping, "Running", Builder)
    left = tmp_path / pages.OURS / "half"
    left.mkdir(parents=True)
    assert keeping.built(pages.OURS, tmp_path, 1) == {"cpu": 1.0}
    assert not left.exists()


class Builder(nullcontext):
    """Stands for a worker that builds at once."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(self)

    def call(self, do: str, corpus: str) -> dict[str, float]:
        return {"cpu": 1.0}


# Tables

TIMES = {"common": [1.0, 2.0, 3.0], "near": [50.0]}


def test_what_both_answer_is_put_together_and_what_one_answers_alone_is_not():
    ours = pages.pooled(TIMES, ["common"], [pages.BOTH, pages.ALL])
    assert ours[pages.BOTH] == ours["common"] == {"median": 2.0, "p95": 3.0}
    assert ours[pages.ALL] == {"median": 2.5, "p95": 50.0}
    assert pages.pooled({"common": TIMES["common"]}, ["common"], [pages.BOTH]).keys() == {"common", pages.BOTH}


def test_the_last_column_says_how_many_times_as_long_the_stock_page_takes():
    engines: dict[str, Any] = {
        pages.OURS: {"classes": pages.pooled(TIMES, ["common"], [pages.BOTH, pages.ALL])},
        pages.STOCK: {"classes": pages.pooled({"common": [20.0, 40.0, 60.0]}, ["common"], [pages.BOTH])},
    }
    assert pages.rows(engines)[1:] == [
        ["common", "2.0 / 3.0", "40 / 60", "20"],
        ["near", "50 / 50", table.NONE, table.NONE],
        [pages.BOTH, "2.0 / 3.0", "40 / 60", "20"],
        [pages.ALL, "2.5 / 50", table.NONE, table.NONE],
    ]


@pytest.mark.parametrize(("kind", "different"), [("common", 5), ("fuzzy", 10)])
def test_pages_that_answer_most_alike_are_measured(kind: str, different: int):
    pages.agree_mostly([agreement.Difference(pages.STOCK, kind, 10, different, "a total of 1 for 2", "stems")])


def test_pages_that_answer_otherwise_are_not_measured():
    with pytest.raises(agreement.Disagreement, match="common: 6 of 10 differ"):
        pages.agree_mostly([agreement.Difference(pages.STOCK, "common", 10, 6, "a total of 1 for 2", "stems")])


# The stopwatch


def busy(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        continue


def test_what_a_part_calls_counts_for_it():
    watch = parts.Stopwatch()
    inner = watch.timed("engine", busy)
    watch.timed("facets", lambda: inner(0.01))()
    inner(0.02)
    assert watch.spent["facets"] >= 0.01
    assert watch.spent["engine"] >= 0.02
    assert watch.spent.keys() == {"facets", "engine"}


def test_afterwards_everything_is_as_it_was(monkeypatch: pytest.MonkeyPatch):
    called = parts.Called(parts.FINDING, "articles.search.passages")
    monkeypatch.setattr(parts, "PARTS", {"words": (parts.At("benchmarks.words:stem"),), "snippets": (called,)})
    before, watch = (words.stem, vars(finding).copy()), parts.Stopwatch()
    with watch.watching():
        assert words.stem("ferries") == "ferri"
        assert vars(finding) != before[1]
    assert (words.stem, vars(finding)) == before
    assert watch.spent.keys() == {"words"}


@pytest.mark.parametrize(
    "place", [parts.At("benchmarks.words:vanished"), parts.Called("benchmarks.words", "benchmarks.vanished")]
)
def test_a_part_that_is_not_where_it_was_is_named(place: parts.At | parts.Called, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "PARTS", {"words": (place,)})
    with pytest.raises(parts.Moved, match="vanished"), parts.Stopwatch().watching():
        pytest.fail("it began")
