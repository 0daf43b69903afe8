"""Whole runs, small."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import growth, page, rooms, speed, table, tour, worst
from benchmarks.__main__ import main

PLAN = speed.Plan(articles=40, engines=("ours", "fts5"), questions=2, rounds=1)


def test_a_run_compares_then_times_and_counts_what_an_index_costs(capsys: pytest.CaptureFixture, tmp_path: Path):
    figures = speed.run(speed.Plan(**{**vars(PLAN), "folder": tmp_path}))
    assert "All engines agree." in capsys.readouterr().out
    assert figures["differences"] == []
    ours, fts5 = figures["engines"]["ours"], figures["engines"]["fts5"]
    assert ours["classes"].keys() - fts5["classes"].keys() == {"fuzzy", "fields"}
    for row in table.costs(figures["engines"], 40, figures["corpus"]["text_bytes"])[1:]:
        assert "-" not in row
    assert list(tmp_path.iterdir()) == []
    speed.show(figures)
    assert "this engine" in capsys.readouterr().out


def test_an_engine_that_is_not_there_is_left_out_with_a_reason(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "")
    figures = speed.run(speed.Plan(**{**vars(PLAN), "engines": ("fts5", "postgresql")}))
    assert figures["missing"] == {"postgresql": "DATABASE_URL names no PostgreSQL server"}
    assert list(figures["engines"]) == ["fts5"]


def test_growth_has_a_column_a_size():
    figures = growth.run(speed.Plan(**{**vars(PLAN), "engines": ("fts5",)}), sizes=(20, 40))
    rows = growth.rows(figures, "fts5")
    assert rows[0] == ["SQLite FTS5, ms, median", "20", "40"]
    assert {row[0] for row in rows[1:]} >= {"common", "rare", "phrase", "mix"}


def test_every_hard_question_is_answered_or_refused_with_a_sentence():
    figures = worst.run(50)
    for held in figures["questions"].values():
        assert held.get("refused", "").endswith(".") or held["median"] > 0


def test_the_time_of_questions_and_of_a_build_is_shared_out_among_rooms(capsys: pytest.CaptureFixture):
    figures = rooms.run(60)
    for held in (*figures["classes"].values(), figures["building"]):
        assert sum(held["shares"].values()) == pytest.approx(1)
        assert held["calls"] > 0
    assert figures["classes"]["phrase"]["shares"]["places"] > figures["classes"]["rare"]["shares"]["places"]
    rooms.show(figures)
    assert "60 articles built" in capsys.readouterr().out


def test_a_tour_visits_the_pages_of_two_archives_and_asks_once_more_for_each(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(tour, "SMALL", 40)
    figures = tour.run(tour.Plan(articles=80, folder=tmp_path))
    small, large = figures["small"], figures["large"]
    assert small.keys() == large.keys() >= {"home", "article", "tag", "coverage of a source", "search"}
    for name, held in large.items():
        assert held["packed"] < held["bytes"]
        assert held["kept_queries"] == 1 or name == "search help"
    tour.show(figures)
    told = "\n".join(page.tour_part("tour", figures))
    for words in ("| home |", "With nothing remembered"):
        assert words in told
    assert "two tags" in capsys.readouterr().out


def test_a_corpus_that_is_not_there_ends_with_a_word(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match="nothing"):
        main(["speed", "--corpus", str(tmp_path / "nothing.jsonl")])
