"""The whole search page beside a stock one: both answer the same questions, and the tables add up."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks import agreement, corpus, page, pages, parts, table, words
from benchmarks.engines.door import Document, Question
from benchmarks.running import Running

TEXTS = [
    "the ferry left osterby at noon with a harmonium",
    "the ferry came back to the harbour before the fog",
    "a heron stood in the harbour and looked at the ferry",
    "the harbour master of osterby sold two lanterns",
    "lanterns burn on every barge but one",
    "the harbourside smelled of tar and herring",
    "no boat went out and no herring came in",
    "a harmonium was heard across the weir",
]


def document(key: int, text: str) -> Document:
    title, held = " ".join(text.split()[:3]), text.split()
    stems = " ".join(words.stems([*title.split(), *held]))
    return Document(key, title, "", f"{title} {text}", stems, "", "", corpus.FIRST_DAY + 400 * key, "section-1")


def written(folder: Path, documents: list[Document]) -> pages.Plan:
    """A plan whose articles are put together already."""
    plan = pages.Plan(articles=len(documents), questions=2, rounds=1, folder=folder)
    plan.place.mkdir(parents=True)
    corpus.write(documents, plan.place / pages.CORPUS)
    return plan


def asked(kind: str, *chosen: str, slop: int = 0) -> Question:
    return Question(kind, "", list(chosen), words.stems(chosen), slop)


QUESTIONS = {
    "common": (asked("common", "ferry"), {1, 2, 3}),
    "rare": (asked("rare", "weir"), {8}),
    "AND": (asked("AND", "ferry", "harbour"), {2, 3}),
    "OR": (asked("OR", "barge", "fog", "weir"), {2, 5, 8}),
    "phrase": (asked("phrase", "ferry", "left", "osterby"), {1}),
    "prefix": (asked("prefix", "harb"), {2, 3, 4, 6}),
    "fuzzy": (asked("fuzzy", "harmoneum"), {1, 8}),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What both pages search, built of the texts above."""
    plan = written(tmp_path_factory.mktemp("kept"), [document(key, text) for key, text in enumerate(TEXTS, start=1)])
    pages.prepared(plan)
    return plan.place


@pytest.mark.parametrize("name", [pages.OURS, pages.STOCK])
def test_a_page_says_what_reading_everything_finds(name: str, place: Path):
    with Running(name, place / name) as worker:
        worker.call("open")
        reply = worker.call("ask", questions=[asdict(question) for question, _ in QUESTIONS.values()])
    for answer, (question, expected) in zip(reply["answers"], QUESTIONS.values(), strict=True):
        assert (question, answer["total"], set(answer["keys"])) == (question, len(expected), expected)


def test_what_is_built_is_kept(place: Path):
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*index*")}
    about, figures = pages.built(pages.STOCK, place)
    assert about["lacks"].keys() == {"near"}
    assert figures["index_bytes"] > 0
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*index*")} == before


def test_a_build_that_was_cut_short_begins_anew(place: Path, tmp_path: Path):
    (tmp_path / pages.CORPUS).write_bytes((place / pages.CORPUS).read_bytes())
    left = tmp_path / pages.OURS / "index" / "half"
    left.mkdir(parents=True)
    pages.built(pages.OURS, tmp_path)
    assert not left.exists()
    assert (tmp_path / pages.OURS / "archive.sqlite3").exists()


def test_a_run_compares_times_and_shares_out(capsys: pytest.CaptureFixture, tmp_path: Path):
    documents = list(corpus.Corpus(corpus.sources(corpus.demo_files())).documents(60))
    figures = pages.run(written(tmp_path, documents))
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
    assert told.startswith("60 articles. A second of CPU stores")
    assert "* stock Haystack + Whoosh has no figure for *near*: it knows" in told


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
    monkeypatch.setattr(parts, "PARTS", {"words": ("benchmarks.words:stem",)})
    before, watch = words.stem, parts.Stopwatch()
    with watch.watching():
        assert words.stem("ferries") == "ferri"
    assert words.stem is before
    assert watch.spent.keys() == {"words"}


def test_a_part_that_is_not_where_it_was_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "PARTS", {"words": ("benchmarks.words:vanished",)})
    with pytest.raises(AttributeError, match="vanished"), parts.Stopwatch().watching():
        pytest.fail("it began")
