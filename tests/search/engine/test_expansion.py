"""Families of words, suggestions and completions, compared with looking at every word of every document."""

from __future__ import annotations

import random
import time
from fnmatch import fnmatchcase

import pytest
from rapidfuzz.distance import OSA
from whoosh import query

from articles.search.engine import analysis
from articles.search.engine.asking import expansion, vocabulary
from articles.search.engine.asking.lexicon import matcher
from articles.search.engine.asking.limits import Limits
from articles.search.engine.asking.queries import FormFuzzy, FormPattern, FormPrefix
from articles.search.engine.asking.snapshot import SHIFT
from articles.search.engine.errors import TooBroad
from tests.search.engine.plain_answers import indexed

WRITTEN = """flood floods flooded flooding flöde floor flow flowed ford fjord blood été étés eterne eternal naïve naive
 governor government governments governance govern gouvernement reading reader reads road roads ru'ad o'brien
 мост мосты москва""".split()
WIDE = Limits(few=10_000)


def document(number, draw):
    return {
        "id": f"made.document.{number}",
        "body": " ".join(draw.choices(WRITTEN, k=draw.randint(0, 6))),
        "title": " ".join(draw.choices(WRITTEN, k=draw.randint(0, 1))),
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    draw = random.Random(4)
    documents = [document(number, draw) for number in range(120)]
    deleted = {number for number in range(120) if draw.random() < 0.2}
    parts = [documents[:10], documents[10:70], documents[70:]]
    snapshot = indexed(tmp_path_factory.mktemp("families"), parts, deleted)
    return snapshot, {n: each["body"].split() for n, each in enumerate(documents) if n not in deleted}


def holders(texts, wanted):
    return [number for number, words in texts.items() if any(map(wanted, words))]


FAMILIES = [
    (FormPrefix("body", "flood"), lambda word: word.startswith("flood")),
    (FormPrefix("body", "flo"), lambda word: analysis.fold(word).startswith("flo")),
    (FormPrefix("body", "flö"), lambda word: analysis.fold(word).startswith("flo")),
    (FormPrefix("body", "ete"), lambda word: analysis.fold(word).startswith("ete")),
    (FormPrefix("body", "étés"), lambda word: word == "étés"),
    (FormPrefix("body", "obr"), lambda word: word == "o'brien"),
    (FormPrefix("body", "none"), lambda word: False),
    (FormPattern("body", "fl*d"), lambda word: fnmatchcase(word, "fl*d")),
    (FormPattern("body", "*ing"), lambda word: word.endswith("ing")),
    (FormPattern("body", "*oo*"), lambda word: "oo" in word),
    (FormPattern("body", "?lood"), lambda word: word in ("flood", "blood")),
    (FormPattern("body", "f*o*d"), lambda word: fnmatchcase(word, "f*o*d")),
    (FormPattern("body", "r??d*"), lambda word: fnmatchcase(analysis.fold(word), "r??d*")),
    (FormPattern("body", "na?ve"), lambda word: word in ("naïve", "naive")),
    (FormPattern("body", "govern*"), lambda word: word.startswith("govern")),
    (FormFuzzy("body", "flod", 1), lambda word: word in ("flood", "flow", "flöde")),
    (FormFuzzy("body", "folod", 1), lambda word: word == "flood"),
    (FormFuzzy("body", "goverment", 1, 3), lambda word: word == "government"),
    (FormFuzzy("body", "naive", 1), lambda word: word in ("naïve", "naive")),
    (FormFuzzy("body", "xlood", 1, 0), lambda word: word in ("flood", "blood")),
    (FormFuzzy("body", "xlood", 1, 1), lambda word: False),
]


@pytest.mark.parametrize(("asked", "wanted"), FAMILIES, ids=[repr(asked)[:60] for asked, _ in FAMILIES])
def test_a_family_is_found_wherever_one_of_its_words_stands(made, asked, wanted):
    snapshot, texts = made
    assert expansion.match(snapshot, asked, limits=WIDE).ids.tolist() == holders(texts, wanted)
    expected = [number << SHIFT | place for number in texts for place, word in enumerate(texts[number]) if wanted(word)]
    assert expansion.keys(snapshot, asked, limits=WIDE).tolist() == expected


def test_nearly_written_so_is_told_by_distance_without_accents(made):
    snapshot, texts = made
    for word in ("flood", "govern", "eterna", "raeding"):
        for distance in (1, 2):
            near = FormFuzzy("body", word, distance, 0)
            found = expansion.match(snapshot, near).ids.tolist()
            assert found == holders(texts, lambda form: OSA.distance(analysis.fold(form), word) <= distance)  # noqa: B023


def test_a_beginning_is_looked_for_in_what_is_written_and_not_in_stems(made):
    snapshot, texts = made
    assert expansion.match(snapshot, FormPrefix("body", "flooding")).ids.tolist() == holders(
        texts, lambda w: w == "flooding"
    )
    assert expansion.match(snapshot, query.Prefix("body", "flooding")).ids.tolist() == []


def test_whooshs_families_stand_for_terms_in_order(made):
    snapshot, _ = made
    terms = {term for segment in snapshot.segments for term in segment.terms(segment.terms_of("body"))}
    starting = sorted(term for term in terms if term.startswith(b"flo"))
    assert expansion.expand(snapshot, query.Prefix("body", "flo")) == [("body", term) for term in starting]
    assert expansion.expand(snapshot, query.Wildcard("body", "[rf]?o*d")) == [("body", b"fjord"), ("body", b"flood")]


def test_what_stands_for_too_many_words_is_refused_with_their_number(made):
    snapshot, _ = made
    few = Limits(few=2, expansions=2, beginnings=4)
    with pytest.raises(TooBroad, match=r"^`fl\*` would match 8 words: give at least 3 letters\.$"):
        expansion.match(snapshot, FormPrefix("body", "fl"), limits=few)
    with pytest.raises(TooBroad, match=r"^`govern\*` would match 5 words: give more letters\.$"):
        expansion.match(snapshot, FormPrefix("body", "govern"), limits=few)
    with pytest.raises(TooBroad, match=r"^`\*oo\*` would match \d+ words: give at least 3 letters"):
        expansion.match(snapshot, FormPattern("body", "*oo*"), limits=few)
    with pytest.raises(TooBroad, match=r"^`flood~2` would match \d words: let only one letter be wrong\.$"):
        expansion.match(snapshot, FormFuzzy("body", "flood", 2), limits=few)
    with pytest.raises(TooBroad, match=r"^`govern~1` would match \d words: give more letters\.$"):
        expansion.match(snapshot, FormFuzzy("body", "govern", 1), limits=Limits(expansions=0))
    with pytest.raises(TooBroad, match="would match"):
        expansion.match(snapshot, query.Prefix("body", "f"), limits=few)
    assert expansion.match(snapshot, FormPrefix("body", "bl"), limits=few).total


@pytest.mark.parametrize(
    "pattern", ["a*b", "*a*b*", "a?c", "?", "*", "**a**", "a*a*a", "ab*ba", "*ab*ab", "a.c*", "[a]*"]
)
def test_a_pattern_matches_as_it_reads(pattern):
    draw = random.Random(2)
    words = ["".join(draw.choices("abc.[]", k=draw.randint(0, 7))) for _ in range(2000)]
    matches = matcher(pattern).fullmatch
    right = pattern.replace("[", "[[]")
    assert [bool(matches(word)) for word in words] == [fnmatchcase(word, right) for word in words]


def test_a_hostile_pattern_takes_time_in_proportion_to_the_word():
    pattern = matcher("*".join("a" * 30) + "*b")
    spent = []
    for length in (64, 1024):
        began = time.thread_time()
        for _ in range(64 if length == 64 else 4):
            assert not pattern.fullmatch("a" * length)
        spent.append(time.thread_time() - began)
    assert spent[1] < 20 * max(spent[0], 1e-4)


# Suggestions


def test_a_misspelt_word_is_answered_with_words_of_this_archive(tmp_path):
    texts = ["government", "government governor", "governments", "minister", "munster munster", "été", "the tea", "the"]
    documents = [{"id": f"a.{number}", "body": text, "title": text} for number, text in enumerate(texts)]
    snapshot = indexed(tmp_path, [documents[:3], documents[3:]])
    for word, expected in {
        "goverment": [("government", 2), ("governments", 1)],
        "minster": [("minister", 1), ("munster", 1)],
        "teh": [("the", 2), ("tea", 1)],
        "eté": [],
        "eta": [("tea", 1), ("été", 1)],
        "the": [],
        "go": [],
        "": [],
        "zzzzzz": [],
    }.items():
        assert vocabulary.suggest(snapshot, ["body", "title"], word) == expected, word
    assert vocabulary.suggest(snapshot, ["body"], "goverment", count=1) == [("government", 2)]


def test_the_nearest_comes_first_then_the_commonest(tmp_path):
    texts = ["kalom"] * 2 + ["kalon"] * 5 + ["kalompa"] * 9
    snapshot = indexed(tmp_path, [[{"id": f"a.{number}", "body": text} for number, text in enumerate(texts)]])
    assert vocabulary.suggest(snapshot, ["body"], "kalop") == [("kalon", 5), ("kalom", 2), ("kalompa", 9)]


def test_a_beginning_is_completed_with_the_commonest_words(made):
    snapshot, texts = made
    often = {
        word: sum(word in words for words in texts.values())
        for word in ("flood", "floods", "flooded", "flooding", "flow", "flowed", "floor", "flöde")
    }
    found = vocabulary.complete(snapshot, ["body"], "flo", count=20)
    assert {word for word, _ in found} == set(often)
    assert [times for _, times in found] == sorted((times for _, times in found), reverse=True)
    assert all(often[word] <= times <= snapshot.count for word, times in found)
    assert {word for word, _ in vocabulary.complete(snapshot, ["body"], "été")} == {"été", "étés", "eterne", "eternal"}
    assert vocabulary.complete(snapshot, ["body"], "zzz") == []


def test_words_that_are_only_in_deleted_documents_are_not_offered(tmp_path):
    documents = [{"id": f"a.{number}", "body": text} for number, text in enumerate(["harbour", "harvest", "harvest"])]
    snapshot = indexed(tmp_path, [documents], {0, 1})
    assert vocabulary.complete(snapshot, ["body"], "har") == [("harvest", 1)]
    assert vocabulary.suggest(snapshot, ["body"], "harbor") == []


def test_tables_do_not_keep_segments_that_nobody_uses(tmp_path):
    snapshot = indexed(tmp_path, [[{"id": "a.1", "body": "harbour"}]])
    assert vocabulary.complete(snapshot, ["body"], "har")
    name = vocabulary.lexicon(snapshot.segments[0], "body").segment.name
    lexicons = vocabulary.lexicon.__globals__["_lexicons"]
    assert name in [segment.name for segment in lexicons]
    before = len(lexicons)
    del snapshot
    assert len(lexicons) < before
