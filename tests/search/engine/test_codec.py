"""A plain Whoosh searcher over our segments answers as it does over an index that Whoosh itself wrote."""

import random

import numpy as np
import pytest
from whoosh import fields, query
from whoosh.analysis import Filter, RegexTokenizer
from whoosh.filedb.filestore import RamStorage
from whoosh.query.qcolumns import ColumnQuery
from whoosh.query.spans import SpanFirst, SpanNear, SpanNear2
from whoosh.reading import MultiReader
from whoosh.searching import Searcher

from articles.search.engine.schema import KEY, MISSING, Exact, Moment, Number, Text
from articles.search.engine.segments import codec

from .segments import STEM, write_segment

OURS = fields.Schema(**{KEY: Exact()}, title=Text(), body=Text(boost=2.0), tag=Exact(), day=Number(), rate=Number("d"))
WORDS = (
    "river rivers mayor mayors train trains trained votes voted bread flood flooded flooding harbour strike w1 w2 w3"
)


def document(number):
    random.seed(number)
    words = WORDS.split()
    text = random.choices(words, weights=range(len(words), 0, -1), k=random.randrange(60))
    return {
        "title": " ".join(random.choices(words, k=random.randrange(1, 7))),
        "body": " ".join(text),
        "tag": random.sample(["news", "sport", "rain"], random.randrange(3)),
        "day": random.choice([MISSING, *range(20)]),
        "rate": random.choice([0.5, 1.5, -2.25]),
    }


DOCUMENTS = [document(number) for number in range(90)]
SEGMENTS = [DOCUMENTS[:40], DOCUMENTS[40:41], DOCUMENTS[41:]]
DELETED = [3, 17, 40, 60, 61]


class Begin(Filter):
    """The stem that our segments made by hand have: the first letters."""

    def __call__(self, tokens):
        for token in tokens:
            token.text = token.text[:STEM]
            yield token


def reference(deleted):
    """The same documents in an index that Whoosh wrote."""
    words = fields.TEXT(analyzer=RegexTokenizer(r"\S+") | Begin(), phrase=True)
    schema = fields.Schema(title=words, body=words, tag=fields.KEYWORD(commas=True))
    index = RamStorage().create_index(schema)
    for documents in SEGMENTS:
        writer = index.writer()
        for each in documents:
            writer.add_document(title=each["title"], body=each["body"], tag=",".join(each["tag"]))
        writer.commit(merge=False)
    writer = index.writer()
    for number in deleted:
        writer.delete_document(number)
    writer.commit(merge=False)
    return Searcher(index.reader())


@pytest.fixture(scope="module")
def segments(tmp_path_factory):
    folder = tmp_path_factory.mktemp("segments")
    made, first = [], 0
    for documents in SEGMENTS:
        path = folder / f"s{first}.seg"
        made.append(write_segment(path, documents, ("title", "body"), ("tag",), ("day", "rate"), first=first))
        first += len(documents)
    return made


def ours(segments, deleted):
    mask = np.zeros(len(DOCUMENTS), bool)
    mask[deleted] = True
    masks = np.split(mask, np.cumsum([segment.count for segment in segments])[:-1])
    readers = [codec.reader(OURS, segment, mask) for segment, mask in zip(segments, masks, strict=True)]
    return Searcher(MultiReader(readers) if len(readers) > 1 else readers[0])


def body(word):
    return query.Term("body", word[:STEM])


TERMS = [
    query.Term("body", "river"),
    query.Term("title", "flood"),
    query.Term("body", "none"),
    query.Term("tag", "news"),
]
JOINED = [
    query.And([body("river"), body("train")]),
    query.And([body("river"), query.Term("title", "mayor"), query.Term("tag", "rain")]),
    query.Or([body("bread"), body("strike"), query.Term("title", "w1")]),
    query.And([body("river"), query.Not(body("flood"))]),
    query.AndMaybe(body("mayor"), body("votes")),
    query.AndNot(body("mayor"), body("votes")),
    query.Require(body("mayor"), body("votes")),
    query.Every(),
    query.Every("tag"),
]
# Left out of the best ten: there Whoosh 2.7.4 loses documents in its own index too, once one of the two runs out.
HIGHER = [query.DisjunctionMax([body("mayor"), query.Term("title", "mayor")])]
PLACED = [
    query.Phrase("body", ["river", "mayor"]),
    query.Phrase("title", ["train", "flood"]),
    query.Phrase("body", ["river", "river", "mayor"]),
    query.Phrase("body", ["river", "none"]),
    query.Phrase("body", ["river", "train"], slop=4),
    SpanNear(body("river"), body("votes"), slop=3, ordered=True),
    SpanNear(body("river"), body("votes"), slop=3, ordered=False),
    SpanNear2([body("bread"), body("train")], slop=2, ordered=True),
    SpanFirst(body("mayor"), limit=2),
]
FAMILIES = [
    query.Prefix("body", "fl"),
    query.Prefix("title", "none"),
    query.Wildcard("body", "?r*"),
    query.Wildcard("body", "*o*"),
    query.FuzzyTerm("body", "rivar"),
    query.FuzzyTerm("body", "flod", maxdist=2, prefixlength=2),
    query.TermRange("body", "bread", "mayor"),
]


def found(searcher, asked):
    results = searcher.search(asked, limit=None)
    return {hit.docnum: pytest.approx(hit.score, rel=1e-6) for hit in results}


@pytest.mark.parametrize("asked", TERMS + JOINED + HIGHER + PLACED + FAMILIES, ids=repr)
@pytest.mark.parametrize("deleted", [[], DELETED], ids=["all", "deleted"])
def test_documents_and_scores_are_those_of_whoosh(segments, asked, deleted):
    assert found(ours(segments, deleted), asked) == found(reference(deleted), asked)


@pytest.mark.parametrize("asked", TERMS + JOINED + PLACED, ids=repr)
def test_the_best_ten_are_those_of_all(segments, asked):
    """Whoosh leaves out what cannot be among the best by what a term says of itself."""
    searcher = ours(segments, DELETED)
    best = [hit.score for hit in searcher.search(asked, limit=10)]
    assert best == [hit.score for hit in searcher.search(asked, limit=None)][:10]


@pytest.mark.parametrize("asked", PLACED[:1] + FAMILIES[:4], ids=repr)
def test_queries_with_places_and_families_find_something(segments, asked):
    if asked != query.Prefix("title", "none"):
        assert found(ours(segments, []), asked)


def test_one_segment_is_read_alone(segments):
    searcher = ours(segments[:1], [])
    expected = {number for number, each in enumerate(SEGMENTS[0]) if "bread" in each["body"].split()}
    assert set(found(searcher, body("bread"))) == expected


def test_a_hit_knows_its_key(segments):
    hits = ours(segments, []).search(body("river"), limit=5)
    assert [hit[KEY] for hit in hits] == [f"doc.{hit.docnum}" for hit in hits]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("field", ["day", "rate"])
def test_results_are_sorted_by_a_number(segments, field, reverse):
    hits = ours(segments, DELETED).search(query.Every(), limit=None, sortedby=field, reverse=reverse)
    numbers = [DOCUMENTS[hit.docnum][field] for hit in hits]
    assert numbers == sorted(numbers, reverse=reverse)
    assert len(numbers) == len(DOCUMENTS) - len(DELETED)


def test_a_column_query_narrows_by_a_number(segments):
    hits = ours(segments, []).search(query.Every(), filter=ColumnQuery("day", lambda day: 5 <= day <= 9), limit=None)
    expected = {number for number, each in enumerate(DOCUMENTS) if 5 <= each["day"] <= 9}
    assert {hit.docnum for hit in hits} == expected


TOLD = ["weight", "doc_frequency", "min_length", "max_length", "max_weight", "min_id", "max_id"]


@pytest.mark.parametrize("field", ["title", "body"])
def test_terms_and_their_numbers_are_those_of_whoosh(segments, field):
    mine, theirs = ours(segments, []).reader(), reference([]).reader()
    assert list(mine.lexicon(field)) == list(theirs.lexicon(field))
    assert mine.field_length(field) == theirs.field_length(field)
    for term in mine.lexicon(field):
        infos = mine.term_info(field, term), theirs.term_info(field, term)
        assert [getattr(infos[0], name)() for name in TOLD] == [getattr(infos[1], name)() for name in TOLD]
        assert mine.frequency(field, term) == theirs.frequency(field, term)
        assert mine.doc_frequency(field, term) == theirs.doc_frequency(field, term)


def test_a_reader_lists_fields_documents_and_terms(segments):
    reader = ours(segments, DELETED).reader()
    assert sorted(reader.indexed_field_names()) == ["body", "id", "tag", "title"]
    assert (reader.doc_count_all(), reader.doc_count()) == (len(DOCUMENTS), len(DOCUMENTS) - len(DELETED))
    assert reader.first_id(KEY, "doc.7") == 7
    assert ("body", "none") not in reader
    assert (reader.frequency("body", "none"), reader.doc_frequency("body", "none")) == (0, 0)
    assert (reader.min_field_length("title"), reader.max_field_length("title")) == (1, 6)


def test_the_schema_reads_text_and_values_as_they_are_indexed():
    assert list(OURS["tag"].process_text("New York, NY")) == ["New York, NY"]
    assert OURS["tag"].to_bytes("New York, NY") == b"New York, NY"
    assert len(OURS["tag"].to_bytes("x" * 1000)) < 400
    assert list(OURS["title"].process_text("River")) == ["river"]
    assert OURS["title"].supports("positions")
    assert Moment().to_column_value(None) == Number().to_column_value(None) == MISSING
    assert Number("d").to_column_value(None) == float("-inf")
