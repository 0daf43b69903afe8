"""Generated questions, answered by the engine and by a plain Whoosh searcher on the same segments.

Where the two differ, the difference has a name: `for_whoosh` says what Whoosh is asked instead, `mended` what it does
wrong, and for each of them a test shows that Whoosh does what is said of it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import numpy as np
import pytest
from whoosh import query
from whoosh.query.qcolumns import ColumnQuery
from whoosh.query.spans import SpanFirst, SpanNear, SpanOr
from whoosh.reading import MultiReader
from whoosh.searching import Searcher

from articles.search.engine.asking.limits import Limits
from articles.search.engine.asking.queries import TERM_FAMILIES
from articles.search.engine.asking.results import answer
from articles.search.engine.schema import MISSING, minutes
from articles.search.engine.segments import codec
from tests.search.engine import mended
from tests.search.engine.plain_answers import SCHEMA, TAGS, indexed

# No language shortens them. Some are a letter or two from another, some begin alike.
WORDS = [
    "kalo",
    "brum",
    "tilk",
    "vond",
    "zarg",
    "plim",
    "kald",
    "brun",
    "stilk",
    "vondrak",
    "zag",
    "plimpor",
    "kalompa",
]
QUERIES = 350
LIMITS = Limits(seconds=60)
# Segments, documents, share of deleted ones.
SHAPES = [(1, 40, 0.0), (1, 150, 0.2), (3, 120, 0.0), (4, 160, 0.3), (5, 80, 0.1), (2, 30, 0.5)]


def document(number, draw):
    weights = [1 / (place + 1) for place in range(len(WORDS))]
    return {
        "id": f"made.document.{number}",
        "body": " ".join(draw.choices(WORDS, weights, k=draw.randint(0, 40))),
        "title": " ".join(draw.choices(WORDS, k=draw.randint(0, 4))),
        "tag": draw.sample(TAGS, draw.randint(0, 3)),
        "date": dt.date(1950 + draw.randint(0, 4), draw.randint(1, 12), 1) if draw.random() < 0.8 else None,
        "pages": draw.randint(-3, 6) if draw.random() < 0.9 else None,
        "weight": round(draw.uniform(-2, 2), 1) if draw.random() < 0.9 else None,
    }


def made(folder, segments, count, share):
    """The same documents for both: a snapshot of ours, and Whoosh's own searcher."""
    draw = random.Random(count)
    documents = [document(number, draw) for number in range(count)]
    cuts = sorted(draw.sample(range(1, count), segments - 1))
    parts = [documents[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    deleted = {number for number in range(count) if draw.random() < share}
    snapshot = indexed(folder, parts, deleted)
    mask = np.array([number in deleted for number in range(count)])
    masks = np.split(mask, snapshot.bases[1:])
    readers = [codec.reader(SCHEMA, segment, mask) for segment, mask in zip(snapshot.segments, masks, strict=True)]
    return snapshot, Searcher(MultiReader(readers) if len(readers) > 1 else readers[0])


@pytest.fixture(scope="module", params=SHAPES, ids=str)
def both(request, tmp_path_factory):
    return made(tmp_path_factory.mktemp("both"), *request.param)


# What is asked


def some_boost(draw):
    return draw.choice([1.0, 1.0, 1.0, 0.5, 2.5])


def word(draw):
    return query.Term(draw.choice(["body", "body", "title"]), draw.choice(WORDS), boost=some_boost(draw))


def plain_word(draw):
    return query.Term("body", draw.choice(WORDS))


def tag(draw):
    return query.Term("tag", draw.choice(TAGS), boost=some_boost(draw))


def phrase(draw):
    words = draw.choices(WORDS[:8], k=draw.randint(2, 4))
    return query.Phrase("body", words, slop=draw.choice([1, 1, 1, 2, 3, 6]), boost=some_boost(draw))


def place(draw, depth=2):
    """Something that stands somewhere."""
    kinds: list[Callable[[random.Random], query.Query]] = [plain_word, plain_word, phrase]
    if depth:
        kinds += [
            lambda draw: near(draw, depth - 1),
            lambda draw: near(draw, depth - 1),
            lambda draw: SpanFirst(place(draw, depth - 1), limit=draw.randint(0, 20)),
            lambda draw: query.Or([place(draw, depth - 1), place(draw, depth - 1)], boost=some_boost(draw)),
            lambda draw: SpanOr([place(draw, depth - 1) for _ in range(draw.randint(2, 3))]),
        ]
    return draw.choice(kinds)(draw)


def near(draw, depth=2):
    a, b = place(draw, depth), place(draw, depth)
    return SpanNear(a, b, slop=draw.randint(1, 8), ordered=draw.random() < 0.5, mindist=draw.choice([1, 1, 1, 0, 2]))


def first(draw):
    return SpanFirst(place(draw, 1), limit=draw.randint(0, 20))


def prefix(draw):
    return query.Prefix(
        draw.choice(["body", "title"]), draw.choice(WORDS)[: draw.randint(1, 4)], boost=some_boost(draw)
    )


def wildcard(draw):
    letters = list(draw.choice(WORDS))
    for at in draw.sample(range(len(letters)), draw.randint(1, 2)):
        letters[at] = draw.choice("*?")
    return query.Wildcard("body", "".join(letters) + draw.choice(["", "*"]), boost=some_boost(draw))


def fuzzy(draw):
    letters = list(draw.choice(WORDS))
    letters[draw.randrange(1, len(letters))] = draw.choice("aklm")
    distance, same = draw.choice([1, 2]), draw.choice([0, 1, 2])
    return query.FuzzyTerm("body", "".join(letters), maxdist=distance, prefixlength=same, boost=some_boost(draw))


def number_range(draw):
    name, low, high = draw.choice(
        [("pages", -1, 3), ("weight", -0.5, 1.2), ("date", minutes(dt.date(1951, 5, 1)), None)]
    )
    exclusive = draw.random() < 0.5
    return query.NumericRange(name, low, high, startexcl=exclusive, endexcl=exclusive, boost=some_boost(draw))


def everything(draw):
    return query.Every(boost=some_boost(draw))


def several(draw, depth):
    return [asked(draw, depth - 1) for _ in range(draw.randint(2, 4))]


def joined(draw, depth):
    kind = draw.choice(["and", "or", "best", "and not", "not", "maybe", "require", "constant"])
    if kind in ("and", "or", "best"):
        return {"and": query.And, "or": query.Or, "best": query.DisjunctionMax}[kind](
            several(draw, depth), boost=some_boost(draw)
        )
    a, b, *_ = several(draw, depth)
    if kind == "not":
        return query.And([a, query.Not(b)])
    if kind == "constant":
        return query.ConstantScoreQuery(a, draw.choice([0.5, 1.0, 3.0]))
    return {"and not": query.AndNot, "maybe": query.AndMaybe, "require": query.Require}[kind](a, b)


LEAVES = [word, word, word, word, tag, phrase, near, near, first, prefix, wildcard, fuzzy, number_range, everything]


def asked(draw, depth=2):
    if depth and draw.random() < 0.6:
        return joined(draw, depth)
    return draw.choice(LEAVES)(draw)


# What Whoosh is asked


def for_whoosh(wanted):
    """The same question in words in which Whoosh 2.7.4 answers it."""
    if isinstance(wanted, query.Require):
        return query.AndNot(for_whoosh(wanted.a), query.Not(for_whoosh(wanted.b)))
    if isinstance(wanted, TERM_FAMILIES):
        return query.ConstantScoreQuery(wanted, wanted.boost)
    if isinstance(wanted, query.NumericRange):
        return query.ConstantScoreQuery(column_query(wanted), wanted.boost)
    return wanted.apply(for_whoosh)


def column_query(wanted):
    """Numbers have no terms in our index: Whoosh has to look at the column."""

    def inside(value):
        if value <= MISSING:
            return False
        above = wanted.start is None or (value > wanted.start if wanted.startexcl else value >= wanted.start)
        return above and (wanted.end is None or (value < wanted.end if wanted.endexcl else value <= wanted.end))

    return mended.Listed(wanted.fieldname, inside)


def whoosh_scores(searcher, wanted, *left):
    with mended.mended(*left):
        return {hit.docnum: hit.score for hit in searcher.search(wanted, limit=None)}


def our_scores(snapshot, wanted):
    found = answer(snapshot, wanted, LIMITS)
    hits = found.window(0, found.total)
    assert len(hits) == found.total
    return {hit.id: hit.score for hit in hits}


def test_thousands_of_questions_have_the_same_documents_scores_and_order(both):
    snapshot, searcher = both
    draw = random.Random(snapshot.count)
    some = 0
    for _ in range(QUERIES):
        wanted = asked(draw)
        theirs, ours = whoosh_scores(searcher, for_whoosh(wanted)), our_scores(snapshot, wanted)
        assert ours.keys() == theirs.keys(), wanted
        assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-5), wanted
        in_our_order = [theirs[number] for number in ours]
        assert in_our_order == pytest.approx(sorted(in_our_order, reverse=True), rel=1e-4, abs=1e-5), wanted
        some += bool(theirs)
    assert some > QUERIES / 2


# What differs


@pytest.fixture(scope="module")
def several_segments(tmp_path_factory):
    return made(tmp_path_factory.mktemp("several"), 4, 160, 0.3)


# Queries that come to each of the defects.
CONCERNED = {
    mended.higher_score_of_one_document: lambda draw: query.DisjunctionMax([word(draw), word(draw)]),
    mended.exclude_from_the_first_on: lambda draw: query.AndNot(word(draw), word(draw)),
    mended.exclude_while_there_are_any: lambda draw: query.And([query.AndNot(tag(draw), word(draw)), word(draw)]),
    mended.skip_both_to_one_document: lambda draw: query.And([query.AndMaybe(word(draw), word(draw)), word(draw)]),
    mended.invert_to_the_end: lambda draw: query.Not(query.And([word(draw), word(draw)])),
}


@pytest.mark.parametrize("defect", mended.DEFECTS, ids=lambda defect: defect.__name__)
def test_what_is_mended_in_whoosh_is_wrong_as_it_is(several_segments, defect):
    snapshot, searcher = several_segments
    draw = random.Random(8)
    wrong = 0
    for _ in range(60):
        wanted = CONCERNED[defect](draw)
        ours = our_scores(snapshot, wanted)
        assert ours == pytest.approx(whoosh_scores(searcher, wanted), rel=1e-4)
        wrong += not is_answered(searcher, wanted, defect, ours)
    assert wrong


def is_answered(searcher, wanted, defect, expected):
    """Whether Whoosh gives the expected answer with one of its defects left as it is."""
    try:
        return whoosh_scores(searcher, wanted, defect) == pytest.approx(expected, rel=1e-4)
    except IndexError:
        return False


def test_whoosh_excludes_what_is_required(several_segments):
    _, searcher = several_segments
    a, b = query.Term("body", "brum"), query.Term("body", "kalo")
    assert whoosh_scores(searcher, query.Require(a, b)) == whoosh_scores(searcher, query.AndNot(a, b))


def test_whoosh_scores_a_family_of_one_word_as_the_word_and_the_engine_scores_every_family_alike(several_segments):
    snapshot, searcher = several_segments
    family, only = query.Prefix("body", "vondr", boost=2.0), query.Term("body", "vondrak")
    assert whoosh_scores(searcher, family) == whoosh_scores(searcher, only)
    assert our_scores(snapshot, family) == dict.fromkeys(whoosh_scores(searcher, only), 2.0)


def test_whoosh_finds_no_numbers_since_they_are_not_terms(several_segments):
    snapshot, searcher = several_segments
    wanted = query.NumericRange("date", minutes(dt.date(1951, 1, 1)), None)
    assert our_scores(snapshot, wanted)
    assert whoosh_scores(searcher, query.Term("date", "1951")) == {}


def test_a_column_query_of_whoosh_finds_deleted_documents(several_segments):
    snapshot, searcher = several_segments
    everything = whoosh_scores(searcher, query.ConstantScoreQuery(ColumnQuery("date", lambda _: True)))
    assert len(everything) == snapshot.count > snapshot.documents
    assert len(whoosh_scores(searcher, mended.Listed("date", lambda _: True))) == snapshot.documents
