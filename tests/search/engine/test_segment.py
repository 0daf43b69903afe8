"""A segment gives back what was put into it, term by term and in bulk, and tells when its file is not as written."""

import json
import os
import random
from contextlib import suppress

import numpy as np
import pytest

from articles.search.engine.errors import EngineError, IndexBroken
from articles.search.engine.schema import MISSING
from articles.search.engine.segments import output as writing
from articles.search.engine.segments.arrays import START, ArrayFile, ArrayOutput
from articles.search.engine.segments.output import Chunk, SegmentOutput
from articles.search.engine.segments.segment import PLACES, Segment

from .segments import exact_chunk, forms_in, text_chunk, write_segment

DOCUMENTS = [
    {
        "title": "floods in the valley",
        "body": "the flood came and the flooding went on",
        "tag": ["rain", "news"],
        "day": 5,
    },
    {"title": "a quiet day", "body": "", "tag": [], "day": MISSING},
    {"title": "the flood of questions", "body": "flooded fields flooded again", "tag": ["news"], "day": 7},
]


@pytest.fixture
def segment(tmp_path):
    return write_segment(
        tmp_path / "s1.seg", DOCUMENTS, ("title", "body"), ("tag",), ("day",), first=9, languages={"en": 3}
    )


def every(segment, field):
    return {segment.term(ordinal): ordinal for ordinal in segment.terms_of(field)}


def test_documents_keep_keys_numbers_lengths_and_languages(segment):
    assert (segment.name, segment.count, segment.languages) == ("s1", 3, {"en": 3})
    assert segment.keys([2, 0]) == ["doc.11", "doc.9"]
    assert segment.keys(np.arange(3)) == ["doc.9", "doc.10", "doc.11"]
    assert segment.key_numbers().tolist() == [9, 10, 11]
    assert segment.numbers("day").tolist() == [5, MISSING, 7]
    assert segment.lengths("title").tolist() == [4, 3, 4]
    assert (segment.total("title"), segment.total("body")) == (11, 12)


def test_a_segment_says_which_fields_it_has(segment):
    assert segment.fields == ("body", "id", "tag", "title")
    assert (segment.texts, segment.columns) == (("body", "title"), ("day",))


def test_a_field_that_no_document_has_is_empty(segment):
    assert (segment.total("none"), segment.lengths("none").tolist()) == (0, [0, 0, 0])
    assert segment.numbers("none").tolist() == [MISSING] * 3
    assert (segment.lookup("none", b"flood"), segment.terms_of("none")) == (-1, range(0, 0))
    assert segment.between("none", b"", b"\xff") == segment.form_range("none", b"", b"\xff") == range(0, 0)


def test_every_term_is_found_in_its_field_alone(segment):
    assert segment.terms(segment.terms_of("title")) == sorted(text_chunk([d["title"] for d in DOCUMENTS]).terms)
    for field in segment.fields:
        for term, ordinal in every(segment, field).items():
            assert segment.lookup(field, term) == ordinal
    assert segment.lookup("title", b"came") == segment.lookup("tag", b"flood") == -1
    assert segment.lookup("title", b"") == segment.lookup("title", b"zzz") == -1


def test_a_range_of_terms_is_half_open(segment):
    assert segment.terms(segment.between("body", b"f", b"o")) == [b"field", b"flood"]
    assert segment.terms(segment.between("body", b"flood", b"flood\xff")) == [b"flood"]
    assert segment.terms(segment.between("body", b"again", b"flood")) == [b"again", b"and", b"came", b"field"]
    assert len(segment.between("body", b"o", b"f")) == 0
    assert segment.between("body", b"", b"\xff") == segment.terms_of("body")


def test_postings_are_documents_times_places_and_forms(segment):
    flood = segment.lookup("body", b"flood")
    assert (segment.frequencies[flood], segment.occurrences[flood]) == (2, 4)
    assert segment.ids(flood).tolist() == [0, 2]
    assert segment.times(flood).tolist() == [2, 2]
    assert segment.places(flood).tolist() == [1, 5, 0, 2]
    forms = segment.forms(flood).tolist()
    assert [form_of(segment, "body", flood, number) for number in forms] == [
        b"flood",
        b"flooding",
        b"flooded",
        b"flooded",
    ]


def form_of(segment, field, term, number):
    entries = segment.form_range(field, b"", b"\xff")
    return next(
        segment.form(at) for at in entries if (segment.form_terms[at], segment.form_numbers[at]) == (term, number)
    )


def test_a_term_with_one_form_has_no_form_numbers(segment):
    assert segment.forms(segment.lookup("body", b"came")) is None
    assert segment.forms(segment.lookup("tag", b"news")) is None


def test_a_whole_value_stands_once_at_the_start(segment):
    news = segment.lookup("tag", b"news")
    assert segment.ids(news).tolist() == [0, 2]
    assert segment.times(news).tolist() == [1, 1]
    assert segment.places(news).tolist() == [0, 0]


def test_kinds_of_numbers_are_as_promised(segment):
    flood = segment.lookup("body", b"flood")
    whole = segment.terms_of("body")
    assert segment.ids(flood).dtype == segment.ids_between(whole).dtype == np.intp
    assert segment.times(flood).dtype == segment.times_between(whole).dtype == np.int32
    assert segment.places(flood).dtype == segment.places_between(whole).dtype == np.int64


def test_forms_ascend_and_know_term_and_frequency(segment):
    entries = segment.form_range("body", b"flood", b"flood\xff")
    assert forms_in(segment, entries) == [b"flood", b"flooded", b"flooding"]
    assert segment.form_frequencies[entries.start : entries.stop].tolist() == [1, 1, 1]
    assert {segment.term(int(at)) for at in segment.form_terms[entries.start : entries.stop]} == {b"flood"}
    all_forms = forms_in(segment, segment.form_range("title", b"", b"\xff"))
    assert all_forms == sorted({word.encode() for d in DOCUMENTS for word in d["title"].split()})
    assert len(segment.form_range("tag", b"", b"\xff")) == 0


def test_a_form_of_two_terms_has_two_entries(tmp_path):
    one = np.array([1, 1])
    output = SegmentOutput(tmp_path / "s")
    output.documents(["a"], {}, {}, {}, {})
    both = Chunk([b"x", b"y"], one, one * 0, one, np.array([3, 3]), one * 0, [(b"word",), (b"word",)])
    output.terms("body", both)
    output.close()
    segment = Segment(tmp_path / "s")
    entries = segment.form_range("body", b"word", b"word\0")
    assert forms_in(segment, entries) == [b"word", b"word"]
    assert segment.form_terms[entries.start : entries.stop].tolist() == [0, 1]


def large_texts(count=400):
    random.seed(3)
    words = [f"{stem}{end}" for stem in ("river", "mayor", "train", "votes", "bread") for end in ("", "s", "ed", "ing")]
    words += [f"w{number}" for number in range(300)]
    return [
        " ".join(random.choices(words, weights=range(len(words), 0, -1), k=random.randrange(80))) for _ in range(count)
    ]


@pytest.fixture
def large(tmp_path, monkeypatch):
    """A segment whose chunk was cut in many parts."""
    monkeypatch.setattr(writing, "PART", 100)
    return write_segment(tmp_path / "large.seg", [{"body": text} for text in large_texts()], ("body",))


def test_a_large_chunk_is_written_in_parts_as_it_is_whole(large, tmp_path, monkeypatch):
    monkeypatch.undo()
    write_segment(tmp_path / "whole.seg", [{"body": text} for text in large_texts()], ("body",))
    assert (tmp_path / "whole.seg").read_bytes() == (tmp_path / "large.seg").read_bytes()


def test_chunks_of_a_field_are_one_field(tmp_path):
    texts = large_texts(50)
    whole = text_chunk(texts)
    output = SegmentOutput(tmp_path / "s")
    output.documents([str(number) for number in range(50)], {}, {}, {}, {})
    for part in cut_by_term(whole):
        output.terms("body", part)
    output.close()
    segment = Segment(tmp_path / "s")
    assert segment.terms(segment.terms_of("body")) == whole.terms
    assert segment.ids_between(segment.terms_of("body")).tolist() == whole.ids.tolist()
    forms = forms_in(segment, segment.form_range("body", b"", b"\xff"))
    assert forms == sorted({word.encode() for text in texts for word in text.split()})


def cut_by_term(chunk):
    postings = np.concatenate(([0], np.cumsum(chunk.frequencies)))
    occurrences = np.concatenate(([0], np.cumsum(chunk.times)))[postings]
    for at, term in enumerate(chunk.terms):
        first, last = slice(postings[at], postings[at + 1]), slice(occurrences[at], occurrences[at + 1])
        yield Chunk(
            [term],
            chunk.frequencies[at : at + 1],
            chunk.ids[first],
            chunk.times[first],
            chunk.places[last],
            chunk.forms[last],
            chunk.names[at : at + 1],
        )


def test_postings_in_bulk_are_those_of_each_term_in_turn(large):
    everything = large.terms_of("body")
    middle = range(everything.start + 17, everything.stop - 40)
    for ordinals in (everything, middle, everything[:1], everything[5:5]):
        one_by_one = {
            "ids": [large.ids(ordinal) for ordinal in ordinals],
            "times": [large.times(ordinal) for ordinal in ordinals],
            "places": [large.places(ordinal) for ordinal in ordinals],
        }
        for name, rows in one_by_one.items():
            in_bulk = getattr(large, f"{name}_between")(ordinals)
            assert in_bulk.tolist() == [number for row in rows for number in row]
        forms = [[0] * int(large.occurrences[at]) if large.forms(at) is None else large.forms(at) for at in ordinals]
        assert large.forms_between(ordinals).tolist() == [number for row in forms for number in row]


def test_the_text_can_be_put_together_again(large):
    """Each word from its term's form number, at its place, in its document."""
    texts = [{} for _ in range(large.count)]
    entries = large.form_range("body", b"", b"\xff")
    names = {(large.form_terms[at], large.form_numbers[at]): large.form(at).decode() for at in entries}
    for ordinal in large.terms_of("body"):
        ids = np.repeat(large.ids(ordinal), large.times(ordinal)).tolist()
        forms = large.forms(ordinal)
        numbers = [0] * len(ids) if forms is None else forms.tolist()
        for number, place, form in zip(ids, large.places(ordinal).tolist(), numbers, strict=True):
            texts[number][place] = names[ordinal, form]
    assert [" ".join(words[place] for place in sorted(words)) for words in texts] == large_texts()


def test_a_form_counts_the_documents_it_stands_in(large):
    texts = [set(text.split()) for text in large_texts()]
    entries = large.form_range("body", b"", b"\xff")
    for at in entries:
        assert large.form_frequencies[at] == sum(large.form(at).decode() in text for text in texts)


def test_forms_of_any_length_ascend(tmp_path):
    random.seed(8)
    words = {bytes(random.choices(b"ab\x00", k=random.randrange(1, 40))) for _ in range(300)}
    names = tuple(sorted(words, key=len))
    count = len(names)
    output = SegmentOutput(tmp_path / "s")
    output.documents(["a"], {}, {}, {}, {})
    one = np.array([1])
    output.terms("body", Chunk([b"t"], one, one * 0, one * count, np.arange(count), np.arange(count), [names]))
    output.close()
    segment = Segment(tmp_path / "s")
    assert forms_in(segment, range(count)) == sorted(words)
    assert [names[number] for number in segment.form_numbers] == sorted(words)


def test_a_segment_without_documents_is_fine(tmp_path):
    SegmentOutput(tmp_path / "s").close()
    segment = Segment(tmp_path / "s")
    assert (segment.count, segment.fields, segment.keys([])) == (0, (), [])
    assert segment.ids_between(range(0)).tolist() == segment.times_between(range(0)).tolist() == []


@pytest.mark.parametrize(
    ("key", "number"), [("a.b.17", 17), ("x", -1), ("7", 7), ("a.1b", -1), ("k" + "9" * 40, 10**18 - 1)]
)
def test_the_number_of_a_key_is_its_last_digits(tmp_path, key, number):
    output = SegmentOutput(tmp_path / "s")
    output.documents([key], {}, {}, {}, {})
    output.close()
    assert Segment(tmp_path / "s").key_numbers().tolist() == [number]


def test_documents_may_come_in_several_parts(tmp_path):
    output = SegmentOutput(tmp_path / "s")
    for number in (1, 2):
        length, day = np.array([3], "u1"), np.array([1.5 * number])
        output.documents([f"k{number}"], {"body": length}, {"body": 3}, {"day": day}, {"en": 1, "": number})
    output.close()
    segment = Segment(tmp_path / "s")
    assert segment.keys([0, 1]) == ["k1", "k2"]
    assert (segment.total("body"), segment.languages) == (6, {"en": 2, "": 3})
    assert segment.numbers("day").tolist() == [1.5, 3.0]


@pytest.mark.parametrize("terms", [[b"b", b"a"], [b"a", b"a"]])
def test_terms_that_do_not_ascend_are_refused(tmp_path, terms):
    output = SegmentOutput(tmp_path / "s")
    chunk = exact_chunk([["a", "b"]])
    chunk.terms = terms
    with pytest.raises(ValueError, match="ascend"):
        output.terms("tag", chunk)
    output.abandon()


def test_fields_that_do_not_ascend_are_refused(tmp_path):
    output = SegmentOutput(tmp_path / "s")
    output.terms("tag", exact_chunk([["a"]]))
    with pytest.raises(ValueError, match="ascend"):
        output.terms("id", exact_chunk([["a"]]))
    output.abandon()


def test_nothing_is_left_of_an_abandoned_segment(tmp_path):
    output = SegmentOutput(tmp_path / "s")
    output.terms("tag", exact_chunk([["a"]]))
    output.abandon()
    assert os.listdir(tmp_path) == []


def read_everything(path):
    segment = Segment(path)
    for field in segment.fields:
        ordinals = segment.terms_of(field)
        for ordinal in ordinals:
            segment.lookup(field, segment.term(ordinal))
            segment.ids(ordinal), segment.times(ordinal), segment.places(ordinal), segment.forms(ordinal)
        segment.ids_between(ordinals), segment.times_between(ordinals), segment.places_between(ordinals)
        segment.forms_between(ordinals), forms_in(segment, segment.form_range(field, b"", b"\xff"))
    segment.keys(range(segment.count)), segment.key_numbers(), segment.numbers("day"), segment.lengths("body")


def test_whatever_bytes_change_nothing_but_our_errors_is_raised(segment, tmp_path):
    content = (tmp_path / "s1.seg").read_bytes()
    changed, chosen = tmp_path / "changed.seg", random.Random(4)
    for at in range(START, content.index(b'{"arrays"')):
        flipped = bytearray(content)
        flipped[at] ^= 1 << chosen.randrange(8)
        changed.write_bytes(flipped)
        with suppress(EngineError):
            read_everything(changed)


def rewritten(path, arrays=None, **meta):
    """The same segment with other arrays and another description, checksums right."""
    file = ArrayFile(path)
    output = ArrayOutput(path)
    for name in file.names:
        array = (arrays or {}).get(name, file.read(name))
        if array is not None:
            output.append(name, array)
    output.close(file.meta | meta)
    return path


def test_a_segment_that_misses_any_array_is_told(segment, tmp_path):
    optional = {"lengths.title", "lengths.body", "numbers.day"}
    content = (tmp_path / "s1.seg").read_bytes()
    for name in set(ArrayFile(tmp_path / "s1.seg").names) - optional:
        (tmp_path / "less").write_bytes(content)
        with pytest.raises(IndexBroken):
            Segment(rewritten(tmp_path / "less", {name: None}))


def test_a_segment_with_any_array_of_another_length_or_kind_is_told(segment, tmp_path):
    file = ArrayFile(tmp_path / "s1.seg")
    for name in file.names:
        array = file.read(name)
        for other in (np.concatenate([array, np.ones(1, array.dtype)]), array.astype("?")):
            (tmp_path / "other").write_bytes((tmp_path / "s1.seg").read_bytes())
            with suppress(IndexBroken):
                read_everything(rewritten(tmp_path / "other", {name: other}))
                pytest.fail(f"{name} was taken as {other}")


WRONG = [
    {"languages": 7},
    {"languages": {"en": "many"}},
    {"totals": None},
    {"fields": []},
    {"fields": {"body": {}}},
    {"fields": {"body": {"terms": [0, 99], "forms": [0, 0]}}},
    {"fields": {"body": {"terms": [3, 1], "forms": [0, 0]}}},
    {"fields": {"body": {"terms": [-1, 1], "forms": [0, 0]}}},
    {"fields": {"body": {"terms": [0, 1], "forms": [0, float("inf")]}}},
    {"fields": {"body": {"terms": [0], "forms": [0, 0]}}},
]


@pytest.mark.parametrize("meta", WRONG, ids=json.dumps)
def test_a_description_that_lies_is_told(segment, tmp_path, meta):
    with pytest.raises(IndexBroken, match="description"):
        Segment(rewritten(tmp_path / "s1.seg", **meta))


def lying(segment, tmp_path, name, change):
    array = ArrayFile(tmp_path / "s1.seg").read(name).copy()
    change(array)
    return rewritten(tmp_path / "s1.seg", {name: array})


@pytest.mark.parametrize(
    ("name", "number"),
    [("frequencies", 0), ("frequencies", 1000), ("occurrences", 0), ("occurrences", 1000), ("names.terms", 1000)],
)
def test_numbers_that_cannot_be_are_told(segment, tmp_path, name, number):
    with pytest.raises(IndexBroken):
        Segment(lying(segment, tmp_path, name, lambda array: array.__setitem__(0, number)))


def test_documents_beyond_the_last_are_told(segment, tmp_path):
    path = lying(segment, tmp_path, "ids.1", lambda array: array.fill(250))
    broken = Segment(path)
    ordinal = broken.lookup("body", b"flood")
    with pytest.raises(IndexBroken, match="postings"):
        broken.ids(ordinal)
    with pytest.raises(IndexBroken, match="postings"):
        broken.ids_between(broken.terms_of("body"))


def test_times_that_do_not_add_up_are_told(segment, tmp_path):
    path = lying(segment, tmp_path, "times.1", lambda array: array.fill(250))
    broken = Segment(path)
    with pytest.raises(IndexBroken, match="postings"):
        broken.times(broken.lookup("body", b"flood"))
    with pytest.raises(IndexBroken, match="postings"):
        broken.times_between(broken.terms_of("body"))


def test_places_beyond_the_last_are_told(tmp_path):
    one = np.array([1])
    output = SegmentOutput(tmp_path / "s")
    output.documents(["a"], {}, {}, {}, {})
    output.terms("body", Chunk([b"t"], one, one * 0, one, one * PLACES, one * 0, [(b"t",)]))
    output.close()
    segment = Segment(tmp_path / "s")
    with pytest.raises(IndexBroken, match="places"):
        segment.places(0)


def test_a_segment_cut_short_under_a_reader_is_told(segment, tmp_path):
    flood = segment.lookup("body", b"flood")
    assert segment.is_untouched()
    os.truncate(tmp_path / "s1.seg", 100)
    assert not segment.is_untouched()
    with pytest.raises(IndexBroken):
        segment.places(flood)
