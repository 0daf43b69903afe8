"""Tables, pictures and measures of ranking."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from benchmarks import chart, page, quality, report, table

CLASSES = {"common": {"median": 0.1234, "p95": 0.5}, "mix": {"median": 0.2, "p95": 12.3}}
ENGINES: dict[str, Any] = {
    "ours": {"classes": CLASSES},
    "fts5": {"classes": {"common": {"median": 1.234, "p95": 2.0}}},
}


def test_a_table_has_a_row_a_class_and_a_dash_where_there_is_no_figure():
    assert table.times(ENGINES) == [
        ["ms, median / p95", "this engine", "SQLite FTS5"],
        ["common", "0.12 / 0.50", "1.2 / 2.0"],
        ["mix", "0.20 / 12", "-"],
    ]


def test_ratios_are_of_the_medians_and_above_one_where_ours_is_faster():
    assert table.ratios(ENGINES)[1:] == [["common", "10"], ["mix", "-"]]


def test_a_terminal_sees_columns_and_a_page_a_markdown_table():
    rows = [["", "a"], ["common", "12"]]
    assert list(table.plain(rows)) == ["         a", "common  12"]
    assert list(table.markdown(rows)) == ["|  | a |", "|---|--:|", "| common | 12 |"]


def bars(picture: str) -> list[float]:
    found = ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}rect")
    return [float(bar.get("width", 0)) for bar in found if bar.get("height") == str(chart.BAR - 1)]


def test_ten_times_as_much_is_one_step_more():
    widths = bars(chart.bars("Times", {"common": {"one": 0.1, "two": 1.0, "three": 10.0}}))
    assert len(widths) == 3
    assert widths[2] - widths[1] == pytest.approx(widths[1] - widths[0], abs=1.1)


def test_names_in_a_picture_are_no_markup():
    picture = chart.bars("<b> & co", {"a<b": {"x & y": 1.0}})
    assert "a<b" in "".join(ET.fromstring(picture).itertext())


def test_a_picture_reads_on_dark_and_on_light():
    picture = chart.lines("Growth", [chart.Line("rare", [(10.0, 1.0), (100.0, 2.0)])])
    ET.fromstring(picture)
    assert "prefers-color-scheme:dark" in picture


def test_figures_stand_between_their_marks_and_the_text_around_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(page, "PICTURES", tmp_path)
    (tmp_path / "page.md").write_text(
        "Before.\n<!-- worst -->\nold\n<!-- /worst -->\nAfter.\n<!-- speed -->\n<!-- /speed -->\n"
    )
    held = {"OR of 16": {"first": 2.0, "median": 1.5}, "OR of 9,000": {"first": 0.1, "refused": "Too many words."}}
    report.write("worst", report.head(["worst"]) | {"figures": {"articles": 10, "questions": held}})
    page.refresh()
    text = (tmp_path / "page.md").read_text()
    assert text.startswith("Before.\n<!-- worst -->\n`python -m benchmarks worst`")
    assert "| OR of 16 | 2.0 | 1.5 |" in text
    assert "Refused: OR of 9,000. “Too many words.”" in text
    assert "old" not in text
    assert "After.\n<!-- speed -->\n<!-- /speed -->" in text


def test_a_command_names_files_and_no_folders():
    assert report.head(["speed", "--corpus", "/home/me/a.jsonl.gz,b.jsonl"])["command"].endswith(
        "--corpus a.jsonl.gz,b.jsonl"
    )


def test_average_precision_counts_what_is_not_found_too():
    assert quality.average_precision(["a", "x", "b"], ["a", "b"]) == pytest.approx((1 + 2 / 3) / 2)
    assert quality.average_precision(["a"], ["a", "b"]) == 0.5
    assert quality.average_precision([], ["a"]) == 0.0


def test_ndcg_is_one_for_the_best_order_and_less_for_others():
    degrees = {"a": 2, "b": 1}
    assert quality.ndcg(["a", "b"], degrees) == 1.0
    assert quality.ndcg(["b", "a"], degrees) == pytest.approx((1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)))
    assert quality.ndcg(["x"] * 10 + ["a"], degrees) == 0.0


@pytest.mark.skipif(not quality.available(), reason="the collections with judgments (../shared/corpora) are not here")
def test_every_judgment_is_of_a_text_that_is_there():
    for collection in quality.collections():
        keys = {text.key for text in collection.texts}
        assert all(
            keys >= collection.relevant[query].keys() for query in collection.queries if query in collection.relevant
        )
