"""Where words stand, compared with looking at one document and one pair of words after the other.

What Whoosh has too is compared with it in `test_against_whoosh`.
"""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest
from whoosh import query
from whoosh.query.spans import SpanFirst, SpanNear, SpanOr

from articles.search.engine.asking import bits, keys, spans
from articles.search.engine.asking.executor import match
from articles.search.engine.asking.limits import Limits
from articles.search.engine.asking.queries import (
    AtLeast,
    Chain,
    Form,
    FormFuzzy,
    FormPattern,
    FormPrefix,
    InRow,
    SameParagraph,
)
from articles.search.engine.asking.snapshot import SHIFT
from articles.search.engine.errors import TooBroad, Unsupported
from tests.search.engine.plain_answers import indexed

# Forms by the term that they are found by.
FORMS = {
    "kalo": ["kalo", "kaló"],
    "brum": ["brum"],
    "tilk": ["tilk", "tïlk", "tilks"],
    "vond": ["vond"],
    "zarg": ["zarg"],
}
TERMS = list(FORMS)
WRITTEN = [form for forms in FORMS.values() for form in forms]


class Reading:
    """A document as it is read: the form at each place, and where the paragraph begins that it is in."""

    def __init__(self, text):
        paragraphs = [paragraph.split() for paragraph in text.split("\n\n")]
        self.forms = [form for paragraph in paragraphs for form in paragraph]
        self.paragraphs = []
        for paragraph in paragraphs:
            self.paragraphs += [len(self.paragraphs)] * len(paragraph)

    def where(self, wanted):
        return {(place, place) for place, form in enumerate(self.forms) if wanted(form)}

    def spans(self, asked):
        kind = type(asked)
        if kind is query.Term:
            return self.where(lambda form: form in FORMS[asked.text])
        if kind is Form:
            return self.where(lambda form: form.encode() == asked.form)
        if kind is FormPrefix:
            return self.where(lambda form: plain(form).startswith(asked.text))
        if kind is query.Or:
            return set().union(*map(self.spans, asked))
        return self.together(asked)

    def together(self, asked):
        """Several words."""
        kind = type(asked)
        if kind in (query.Phrase, InRow):
            single = asked.parts if kind is InRow else [query.Term("body", word) for word in asked.words]
            words = list(map(self.spans, single))
            return {(at, at + len(words) - 1) for at, _ in words[0] if self.in_row(words, at)}
        if kind is SpanNear:
            return set(self.near(asked))
        if kind is Chain:
            return self.chained(asked)
        if kind is AtLeast:
            found = self.spans(asked.query)
            return found if len(found) >= asked.times else set()
        assert kind is SameParagraph
        held = [{self.paragraphs[start] for start, _ in self.spans(part)} for part in asked.parts]
        return {(start, start) for start in set.intersection(*held)}

    def in_row(self, words, at):
        return all((at + offset, at + offset) in found for offset, found in enumerate(words))

    def chained(self, asked):
        reached, *others = map(self.spans, asked.parts)
        for part in others:
            reached = {span for span in part for other in reached if 1 <= apart(span, other) <= asked.distance}
        return reached

    def near(self, asked):
        for a, b in product(self.spans(asked.a), self.spans(asked.b)):
            behind, before = b[0] - a[1], a[0] - b[1]
            if 1 <= behind <= asked.slop or (not asked.ordered and 1 <= before <= asked.slop):
                yield min(a[0], b[0]), max(a[1], b[1])


def apart(span, other):
    """How far two spans are from each other; 0 or less if they overlap."""
    return max(span[0] - other[1], other[0] - span[1])


def plain(form):
    return form.replace("ó", "o").replace("ï", "i")


def texts(draw, count):
    return ["\n\n".join(" ".join(draw.choices(WRITTEN, k=draw.randint(1, 12))) for _ in range(draw.randint(1, 4)))
            for _ in range(count)]  # fmt: skip


def word(draw):
    if draw.random() < 0.2:
        return FormPrefix("body", draw.choice(["ti", "tilks", "ka", "b"]))
    return (
        Form("body", draw.choice(WRITTEN).encode()) if draw.random() < 0.4 else query.Term("body", draw.choice(TERMS))
    )


def place(draw, depth=2):
    if not depth or draw.random() < 0.3:
        return word(draw)
    parts = [place(draw, depth - 1) for _ in range(draw.randint(2, 3))]
    return draw.choice([
        query.Or(parts),
        query.Phrase("body", draw.choices(TERMS, k=draw.randint(1, 3))),
        SpanNear(parts[0], parts[1], slop=draw.randint(1, 6), ordered=draw.random() < 0.5),
        AtLeast(parts[0], draw.randint(1, 4)),
        SameParagraph("body", tuple(parts)),
        InRow(tuple(query.Or([word(draw), word(draw)]) if draw.random() < 0.3 else word(draw) for _ in parts)),
        Chain(tuple(parts), draw.randint(1, 6)),
    ])  # fmt: skip


def document(number, text):
    return {"id": f"made.document.{number}", "body": text}


@pytest.fixture
def made(tmp_path, request):
    """Documents in several segments, some of them deleted, and how they read."""
    draw = random.Random(request.param)
    written = texts(draw, 60)
    documents = [document(number, text) for number, text in enumerate(written)]
    deleted = {number for number in range(60) if draw.random() < 0.2}
    snapshot = indexed(tmp_path, [documents[:10], documents[10:45], documents[45:]], deleted)
    return snapshot, {number: Reading(text) for number, text in enumerate(written) if number not in deleted}, draw


@pytest.mark.parametrize("made", range(6), indirect=True)
def test_anything_that_stands_somewhere_is_found_where_a_plain_reading_finds_it(made):
    snapshot, readings, draw = made
    some = 0
    for _ in range(120):
        asked = place(draw)
        expected = {number: reading.spans(asked) for number, reading in readings.items()}
        found = spans.Finder(snapshot, Limits()).find(asked, None)
        starts, ends = found
        places = (starts >> SHIFT).tolist(), (starts & spans.PLACES).tolist(), (ends & spans.PLACES).tolist()
        told = sorted(zip(*places, strict=True))
        assert told == sorted((number, *span) for number, held in expected.items() for span in held), asked
        ids, _ = spans.match(snapshot, asked)
        assert ids.tolist() == [number for number, held in expected.items() if held], asked
        some += bool(len(ids))
    assert some > 60


@pytest.mark.parametrize("made", [7], indirect=True)
def test_only_documents_that_matter_are_told(made):
    snapshot, readings, draw = made
    for _ in range(60):
        asked = place(draw)
        everywhere, scores = spans.match(snapshot, asked)
        within = np.array(sorted(draw.sample(sorted(readings), 12)), np.intp)
        some, some_scores = spans.match(snapshot, asked, within)
        assert set(some.tolist()) & set(within.tolist()) == set(everywhere.tolist()) & set(within.tolist()), asked
        known = dict(zip(everywhere.tolist(), scores.tolist(), strict=True))
        assert [known[number] for number in some.tolist()] == pytest.approx(some_scores.tolist())


@pytest.mark.parametrize("made", [8], indirect=True)
def test_a_common_word_is_read_only_where_it_can_matter(made, monkeypatch):
    """The same answers with either way to read occurrences and to find what two arrays share."""
    snapshot, _, draw = made
    questions = [place(draw) for _ in range(60)]
    before = [spans.match(snapshot, asked)[0].tolist() for asked in questions]
    monkeypatch.setattr(spans, "WHOLE", 0)
    assert [spans.match(snapshot, asked)[0].tolist() for asked in questions] == before
    monkeypatch.setattr(bits, "LARGEST", 0)
    monkeypatch.setattr(keys, "LONGER", 1)
    assert [spans.match(snapshot, asked)[0].tolist() for asked in questions] == before


@pytest.mark.parametrize("made", [9], indirect=True)
def test_near_and_phrases_score_as_their_words_together(made):
    snapshot, _, _ = made
    a, b = query.Term("body", "kalo"), query.Term("body", "brum")
    both = match(snapshot, query.And([a, b]))
    together = dict(zip(both.ids.tolist(), both.scores_at(both.ids).tolist(), strict=True))
    for asked, times in (
        (SpanNear(a, b, slop=4, ordered=False), 1),
        (SameParagraph("body", (a, b)), 1),
        (query.Phrase("body", ["kalo", "brum"]), 1),
        (query.Phrase("body", ["kalo", "brum"], boost=3.0), 3),
    ):
        ids, scores = spans.match(snapshot, asked)
        assert len(ids)
        assert scores.tolist() == pytest.approx([times * together[number] for number in ids.tolist()], rel=1e-5)
    ids, scores = spans.match(snapshot, AtLeast(a, 2), scored=False)
    assert len(ids)
    assert scores is None


@pytest.mark.parametrize("longest", [30, 260])
def test_common_words_are_compared_by_bits_with_the_same_answers(tmp_path, monkeypatch, longest):
    """Also where documents are much longer than there are bits for."""
    draw = random.Random(longest)
    texts = [" ".join(draw.choices(TERMS, [9, 6, 1, 1, 1], k=draw.randint(0, longest))) for _ in range(90)]
    documents = [document(number, text) for number, text in enumerate(texts)]
    snapshot = indexed(tmp_path, [documents[:50], documents[50:]], {3, 60, 61})
    monkeypatch.setattr(bits, "LENGTHS", 0.5)
    for _ in range(80):
        a, b, slop, ordered = (*draw.sample(TERMS, 2), draw.choice([1, 2, 7, 50]), draw.random() < 0.5)
        near = SpanNear(query.Term("body", a), query.Term("body", b), slop=slop, ordered=ordered)
        phrase = query.Phrase("body", draw.choices(TERMS[:3], k=draw.randint(2, 5)))
        for asked in (near, phrase):
            finder = spans.Finder(snapshot, Limits(pairs=10**9))
            starts = finder.find(asked, None).starts.tolist()
            monkeypatch.setattr(bits, "COMMON", 10**6)
            assert finder.documents(asked, None).tolist() == finder.find(asked, None).documents().tolist(), asked
            with monkeypatch.context() as rare:
                rare.setattr(spans, "WHOLE", 0)
                assert finder.find(asked, None).starts.tolist() == starts, asked
    monkeypatch.setattr(bits, "LARGEST", 0)
    assert not bits.are_common(snapshot, "body", [b"kalo", b"brum"])


def test_a_form_that_is_rare_scores_above_its_term(tmp_path):
    texts = ["tilk", "tilk", "tilks", "brum"]
    snapshot = indexed(tmp_path, [[document(number, text) for number, text in enumerate(texts)]])
    ids, scores = spans.match(snapshot, Form("body", b"tilks"))
    assert ids.tolist() == [2]
    assert scores[0] > match(snapshot, query.Term("body", "tilk")).scores_at(ids)[0]


def test_a_phrase_does_not_skip_short_words_nor_go_from_one_value_to_the_next(tmp_path):
    documents = [document(0, "news that comes"), document(1, "news comes"), document(2, ["news", "comes"])]
    snapshot = indexed(tmp_path, [documents])
    assert spans.match(snapshot, query.Phrase("body", ["news", "come"]))[0].tolist() == [1]


def test_spans_that_touch_become_one(tmp_path):
    snapshot = indexed(tmp_path, [[document(0, "kalo brum tilk vond kalo")]])
    words = SpanOr([query.Term("body", word) for word in ("kalo", "brum", "vond")])
    starts, ends = spans.Finder(snapshot, Limits()).find(words, None)
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == [(0, 1), (3, 4)]
    assert spans.match(snapshot, SpanFirst(words, 1))[0].tolist() == [0]
    assert spans.match(snapshot, SpanFirst(words, 0))[0].tolist() == []


def test_words_of_a_pattern_or_nearly_written_so_stand_near_others(tmp_path):
    texts = ["flooded harbour", "flooding of the harbour", "harbour", "floaded harbour"]
    snapshot = indexed(tmp_path, [[document(number, text) for number, text in enumerate(texts)]])
    harbour = query.Term("body", "harbour")
    for family, expected in (
        (FormPrefix("body", "flood"), [0]),
        (FormPattern("body", "fl*ed"), [0, 3]),
        (FormFuzzy("body", "flooded", 1), [0, 3]),
        (query.Prefix("body", "flo"), [0, 3]),
    ):
        assert spans.match(snapshot, SpanNear(family, harbour))[0].tolist() == expected, family


def test_nothing_is_near_what_is_not_there(tmp_path):
    snapshot = indexed(tmp_path, [[document(0, "kalo brum")]])
    kalo, none = query.Term("body", "kalo"), query.Term("body", "none")
    for asked in (
        SpanNear(kalo, none, slop=9, ordered=False),
        SpanNear(none, none),
        query.Phrase("body", ["kalo", "none"]),
        query.Phrase("body", ["none", "kalo"], slop=2),
        query.Phrase("body", []),
        AtLeast(none, 1),
        AtLeast(query.Or([none, none]), 1),
        SameParagraph("body", (kalo, none)),
        SpanOr([none, none]),
        query.Or([]),
        Form("body", b"none"),
        InRow((kalo, none)),
        InRow((none,)),
        Chain((none, kalo, kalo), 9),
    ):
        ids, scores = spans.match(snapshot, asked)
        assert (ids.tolist(), scores.tolist()) == ([], []), asked


def test_what_has_no_place_is_refused(tmp_path):
    snapshot = indexed(tmp_path, [[document(0, "kalo brum")]])
    with pytest.raises(Unsupported, match="Every has no place in a text"):
        spans.match(snapshot, SpanNear(query.Every(), query.Term("body", "kalo")))


def test_too_many_pairs_in_another_condition_are_refused(tmp_path):
    snapshot = indexed(tmp_path, [[document(0, "kalo brum " * 200)]])
    inner = SpanNear(query.Term("body", "kalo"), query.Term("body", "brum"), slop=50, ordered=False)
    with pytest.raises(TooBroad, match="are near each other too often"):
        spans.match(snapshot, AtLeast(inner, 2), limits=Limits(pairs=1000))
    assert spans.match(snapshot, inner, limits=Limits(pairs=1000))[0].tolist() == [0]


def test_phrases_and_nearness_far_behind_in_a_very_long_text(tmp_path):
    documents = [{"id": "a.1", "body": "sea lion " * 33_000 + "the end"}, {"id": "a.2", "body": "the sea lion"}]
    snapshot = indexed(tmp_path, [documents])
    near = SpanNear(query.Term("body", "the"), query.Term("body", "lion"), slop=2, ordered=False)
    for asked, found in ((query.Phrase("body", ["lion", "the"]), [0]), (near, [0, 1])):
        assert match(snapshot, asked).ids.tolist() == found
