from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh.fields import Schema
from whoosh.util.numeric import length_to_byte

from articles.search.engine import analysis
from articles.search.engine.building import builder as building
from articles.search.engine.building import inverting, numbering
from articles.search.engine.building.builder import SegmentBuilder
from articles.search.engine.schema import MISSING, Exact, Moment, Number, Text
from articles.search.engine.segments.segment import Segment

from . import plainly
from .segments import forms_in

TEXTS = {"title": Text(5.0), "text": Text(), "names": Text()}
EXACTS = {"id": Exact(), "tag": Exact(), "language": Exact()}
SCHEMA = Schema(**TEXTS, **EXACTS, day=Moment(), weight=Number("d"), pages=Number())


def built(path: Path, documents: list[dict[str, Any]], schema: Schema = SCHEMA) -> Segment:
    builder = SegmentBuilder(schema)
    for document in documents:
        builder.add(document)
    builder.write(path / "built.seg")
    return Segment(path / "built.seg")


def random_document(chance: random.Random, number: int) -> dict[str, Any]:
    document: dict[str, Any] = {"id": f"articles.article.{number}"}
    some: dict[str, Any] = {
        "title": plainly.text(chance, 6),
        "text": plainly.text(chance, chance.choice([3, 40, 400])),
        "names": [plainly.text(chance, 4) for _ in range(chance.randrange(4))],
        "tag": [chance.choice("sea ice flood Ä 海".split()) for _ in range(chance.randrange(4))],
        "language": chance.choice(["en", "fr", "de-AT", "zh", "", "xx", "sl", None]),
        "day": dt.date(1900 + chance.randrange(100), 1, 1 + chance.randrange(28)),
        "weight": chance.random(),
        "pages": chance.randrange(-5, 90),
    }
    return document | {name: value for name, value in some.items() if chance.random() < 0.8}


@pytest.mark.parametrize("seed", range(12))
def test_a_segment_holds_what_a_plain_reading_of_its_documents_finds(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Few occurrences at a time, so that a segment is made of many ranges of terms.
    monkeypatch.setattr(inverting, "RANGE", [1, 7, 100, 1 << 20][seed % 4])
    chance = random.Random(seed)
    documents = [random_document(chance, number) for number in range(chance.choice([1, 5, 40]))]
    segment = built(tmp_path, documents)
    assert plainly.held(SCHEMA, segment) == plainly.read(SCHEMA, documents)


def test_a_text_of_more_than_65535_words_keeps_all_its_places(tmp_path: Path) -> None:
    documents = [{"id": "1", "text": "ferry " * 70_000 + "storm"}, {"id": "2", "text": "storm ferry"}]
    segment = built(tmp_path, documents)
    assert segment.places(segment.lookup("text", b"storm")).tolist() == [70_000, 0]
    assert plainly.held(SCHEMA, segment) == plainly.read(SCHEMA, documents)


def test_the_words_of_an_endless_text_end_at_the_last_place_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inverting, "LAST_PLACE", 3)
    segment = built(tmp_path, [{"id": "1", "text": "a b c d e f"}])
    assert [segment.places(segment.lookup("text", term)).tolist() for term in (b"c", b"d", b"f")] == [[2], [3], [3]]


def test_documents_without_any_words_make_a_segment(tmp_path: Path) -> None:
    documents = [{"id": "1"}, {"id": "2", "text": "", "names": [], "tag": None}]
    segment = built(tmp_path, documents)
    assert plainly.held(SCHEMA, segment) == plainly.read(SCHEMA, documents)
    assert segment.numbers("day").tolist() == [MISSING, MISSING]


def test_the_later_document_of_a_key_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    documents = [{"id": "1", "text": "ferry", "tag": "old"}, {"id": "2", "text": "ice"}, {"id": "1", "text": "storm"}]
    segment = built(tmp_path, documents)
    assert plainly.held(SCHEMA, segment) == plainly.read(SCHEMA, documents[1:])


def test_forms_of_a_term_are_numbered_from_the_most_frequent_on(tmp_path: Path) -> None:
    segment = built(tmp_path, [{"id": "1", "text": "flooded flooding flooding floods flooded flooding"}])
    names = plainly.form_names(segment, "text")
    ordinal = segment.lookup("text", b"flood")
    assert [names[ordinal, number] for number in range(3)] == [b"flooding", b"flooded", b"floods"]


def test_a_word_with_hundreds_of_forms_keeps_each(tmp_path: Path) -> None:
    accents = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307"
    forms = [f"a{x}b{y}c{z}" for x in accents for y in accents for z in accents]
    documents = [{"id": "1", "text": " ".join(forms)}]
    segment = built(tmp_path, documents)
    assert plainly.held(SCHEMA, segment) == plainly.read(SCHEMA, documents)
    assert len(forms_in(segment, segment.form_range("text", b"", b"\xff"))) > 255


def test_a_paragraph_without_words_has_no_mark(tmp_path: Path) -> None:
    segment = built(tmp_path, [{"id": "1", "text": "one\n\n___\n\ntwo\n\n-\n\n"}])
    assert segment.places(segment.lookup("text", analysis.PARAGRAPH.encode())).tolist() == [0, 1]


def test_a_builder_is_full_when_its_budget_is_used_up() -> None:
    builder = SegmentBuilder(SCHEMA, budget=1000)
    builder.add({"id": "1", "text": "ferry"})
    assert not builder.full
    for number in range(100):
        builder.add({"id": str(number), "text": "ferry " * 10})
    assert builder.full
    assert builder.count == 100


def test_new_words_fill_a_builder_sooner_than_known_ones() -> None:
    known, new = SegmentBuilder(SCHEMA, budget=2000), SegmentBuilder(SCHEMA, budget=2000)
    known.add({"id": "1", "text": "ferry " * 100})
    new.add({"id": "1", "text": " ".join(f"ferry{number}" for number in range(100))})
    assert new.full
    assert not known.full


def test_words_that_share_a_place_keep_their_own_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "BITS", 2)
    monkeypatch.setattr(numbering, "SHIFT", np.uint64(62))
    # Few letters wait, so that words come again when others have taken their places.
    monkeypatch.setattr(building, "WAITING", 200)
    chance = random.Random(7)
    documents = [random_document(chance, number) for number in range(60)]
    segment = built(tmp_path, documents)
    assert plainly.held(SCHEMA, segment) == plainly.read(SCHEMA, documents)


def test_a_word_is_of_the_language_of_its_document(tmp_path: Path) -> None:
    words = "nationalisations nationalisation internationalisations"
    documents = [{"id": str(number), "text": words, "language": code} for number, code in enumerate(["fr", "en"] * 3)]
    segment = built(tmp_path, documents)
    assert plainly.held(SCHEMA, segment) == plainly.read(SCHEMA, documents)


def test_nothing_is_left_of_a_segment_that_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise OSError("no room")

    builder = SegmentBuilder(SCHEMA)
    builder.add({"id": "1", "text": "ferry"})
    monkeypatch.setattr(building, "length_codes", fails)
    with pytest.raises(OSError, match="no room"):
        builder.write(tmp_path / "a.seg")
    assert not list(tmp_path.iterdir())


def test_lengths_are_coded_as_whoosh_codes_them() -> None:
    lengths = np.array([*range(3000), 50_000, 106_373, 106_374, 106_375, 1 << 30])
    assert building.length_codes(lengths).tolist() == [length_to_byte(int(length)) for length in lengths]
