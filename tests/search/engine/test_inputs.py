"""What can be looked for besides Haystack's words and phrases, asked of a small archive."""

from __future__ import annotations

import random

import pytest
from haystack.backends import SQ
from haystack.inputs import Exact
from haystack.query import SearchQuerySet

from articles.search.engine.backend.inputs import Like, Near, Nearly, Times, Written
from articles.search.engine.errors import QueryRefused, Unsupported
from tests.makers import make_article
from tests.search.indexes import backend, bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


def archive(*texts: str, language: str = "en") -> list[int]:
    made = [make_article("-", text=text, language=language).pk for text in texts]
    bring_up_to_date()
    return made


def found(condition: SQ) -> list[int]:
    keys = [key for step in backend().answer(condition).walk() for key in step]
    return sorted(int(key.rsplit(".", 1)[1]) for key in keys)


def test_what_is_asked_exactly_is_found_only_as_it_is_written():
    flood, floods, cafe, plain = archive("Flood!", "the FLOODS came", "au café", "the cafe came")
    assert found(SQ(content=Written("flood"))) == [flood]
    assert found(SQ(content=Written("Floods"))) == [floods]
    assert found(SQ(content=Written("café"))) == [cafe]
    assert found(SQ(content=Written("cafe"))) == [plain]
    assert found(SQ(content=Written("flooding"))) == []
    assert found(SQ(content="flood")) == [flood, floods]


def test_several_words_asked_exactly_stand_in_a_row_just_as_they_are_written():
    row, ending, apart = archive("the old ferries of Kiel", "the old ferry of Kiel", "ferries old")
    assert found(SQ(content=Written("old ferries of"))) == [row]
    assert found(SQ(content=Written("old ferry"))) == [ending]
    assert found(SQ(content=Exact("old ferries of"))) == [row, ending]
    assert found(SQ(content=Written("ferries old"))) == [apart]


def test_hyphens_initials_and_possessives_are_written_as_an_index_has_them():
    known, wellknown, states, us = archive("a well-known ship", "a wellknown ship", "the U.S. ship's crew", "for us")
    assert found(SQ(content=Written("well-known"))) == [known]
    assert found(SQ(content=Written("wellknown"))) == [wellknown]
    assert found(SQ(content=Written("U.S."))) == [states]
    assert found(SQ(content=Written("ship's"))) == [known, wellknown, states]
    assert found(SQ(content=Written("us"))) == [us]


def test_a_script_without_spaces_is_found_by_its_characters_in_a_row():
    tokyo, kyoto = archive("東京都の船", "京都の港", language="ja")
    for kind in (Written, Nearly):
        assert found(SQ(content=kind("東京"))) == [tokyo]
        assert found(SQ(content=kind("京都"))) == [tokyo, kyoto]
        assert found(SQ(content=kind("港"))) == [kyoto]
    assert found(SQ(content=Like("東京*"))) == [tokyo]


def test_a_word_is_written_as_the_language_of_its_text_has_it():
    english, french = archive("L'homme said")[0], archive("C'est l'homme.", language="fr")[0]
    assert found(SQ(content=Written("l'homme"))) == [english, french]
    assert found(SQ(content=Written("homme"))) == [french]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("ferr*", {"ferry", "ferries"}),
        ("FERR*", {"ferry", "ferries"}),
        ("f?rry", {"ferry", "furry"}),
        ("*rry", {"ferry", "furry"}),
        ("f*s", {"ferries"}),
        ("ca?é", {"café"}),
        ("caf*", {"café"}),
        ("well-kn*", {"well-known"}),
        ("we?l-known", {"well-known"}),
        ("o'br*", {"o'brien"}),
        ("ferry*", {"ferry"}),
    ],
)
def test_a_pattern_stands_for_letters(pattern: str, expected: set[str]):
    words = ["ferry", "ferries", "furry", "café", "well-known", "o'brien"]
    made = dict(zip(archive(*words), words, strict=True))
    assert {made[key] for key in found(SQ(content=Like(pattern)))} == expected
    assert {made[key] for key in found(SQ(text=Like(pattern)))} == expected
    assert found(SQ(title=Like(pattern))) == []


def test_a_word_may_be_nearly_so():
    harbour, harbor, barber, sea, _ = archive("harbour", "harbor", "barber", "sea", "see")
    assert found(SQ(content=Nearly("harbour"))) == [harbour, harbor]
    assert found(SQ(content=Nearly("harbour", 1))) == [harbour, harbor]
    assert found(SQ(content=Nearly("harber", 1))) == [harbor, barber]
    assert found(SQ(content=Nearly("harber", 2))) == [harbour, harbor, barber]
    # Of a short word no letter may be wrong.
    assert found(SQ(content=Nearly("sea"))) == [sea]


def test_what_would_match_too_much_is_refused_with_a_sentence():
    archive("ferry")
    for value in (Like("*"), Like("*a*"), Like("re-*"), Nearly("ferry", 3), Near(["a", "b"], 51), Times("a", 0)):
        with pytest.raises(QueryRefused, match=r"^.+: .+\.$"):
            found(SQ(content=value))


@pytest.mark.parametrize("name", ["content", "text"])
def test_parts_of_any_kind_are_near_each_other(name: str):
    close, far, other = archive(
        "The ferries left Kiel harbour at dawn.", "A ferry. " + "x " * 30 + "The harbour.", "harbours, Ferry"
    )

    def near(distance: int, *parts: object) -> list[int]:
        return found(SQ(**{name: Near(parts, distance)}))

    assert near(3, "ferry", "harbour") == [close, other]
    assert near(2, "ferry", "harbour") == [other]
    assert near(50, "harbour", "ferry") == [close, far, other]
    assert near(1, Exact("kiel harbour"), Written("left")) == [close]
    assert near(3, Written("ferry"), "harbour") == [other]
    assert near(3, Like("ferr*"), Nearly("harbor")) == [close, other]
    assert near(3, "ferry", "kiel", "dawn") == [close]
    assert near(2, "ferry", "kiel", "dawn") == []
    assert near(3, "ferry", "nowhere") == near(3, "kiel", "nowhere", "ferry") == []
    assert near(3, "ferry", "—") == [close, far, other]


def test_words_of_two_fields_are_not_near_each_other():
    make_article("Ferry", text="harbour")
    archive("ferry harbour")
    assert len(found(SQ(content=Near(["ferry", "harbour"], 5)))) == 1
    assert len(found(SQ(content="ferry harbour"))) == 2


def test_something_stands_so_many_times_in_one_field():
    once, twice, thrice = archive("a ferry", "ferry, ferries", "Ferry by ferry by ferry by")
    assert found(SQ(content=Times("ferry", 1))) == [once, twice, thrice]
    assert found(SQ(content=Times("ferry", 2))) == [twice, thrice]
    assert found(SQ(content=Times(Written("ferry"), 2))) == [thrice]
    assert found(SQ(content=Times(Exact("ferry by"), 3))) == [thrice]
    assert found(SQ(content=Times(Exact("ferry by"), 4))) == []
    assert found(SQ(content=Times(Like("ferr*"), 2))) == [twice, thrice]


def test_a_word_near_another_is_found_by_its_stems_in_all_languages():
    french = archive("Les inondations du port.", language="fr")[0]
    english = archive("Floods of the ports.")[0]
    assert found(SQ(content=Near(["inondation", "ports"], 4))) == [french]
    assert found(SQ(content=Near(["flood", "port"], 4))) == [english]
    assert found(SQ(content=Times("inondation", 1))) == [french]


LETTERS = "kalo brum tilk vond".split()


def test_nearness_is_what_a_plain_reading_says():
    draw = random.Random(3)
    texts = [draw.choices(LETTERS, k=draw.randrange(1, 14)) for _ in range(40)]
    made = dict(zip(archive(*map(" ".join, texts)), texts, strict=True))
    for _ in range(60):
        parts, distance = draw.choices(LETTERS, k=draw.choice((2, 2, 3, 4))), draw.randint(1, 4)
        expected = sorted(key for key, words in made.items() if chained(words, parts, distance))
        assert found(SQ(text=Near(parts, distance))) == expected, (parts, distance)


def chained(words: list[str], parts: list[str], distance: int) -> bool:
    reached = {at for at, word in enumerate(words) if word == parts[0]}
    for part in parts[1:]:
        reached = {
            at
            for at, word in enumerate(words)
            if word == part and any(0 < abs(at - other) <= distance for other in reached)
        }
    return bool(reached)


def test_inputs_of_ours_can_be_combined_negated_and_asked_through_haystack():
    flood, floods, _ = archive("a flood", "the floods", "a ferry")
    assert found(SQ(content=Written("flood")) | SQ(content=Written("floods"))) == [flood, floods]
    assert found(SQ(content="flood") & ~SQ(content=Written("flood"))) == [floods]
    results = SearchQuerySet().filter(content=Like("flood*")).exclude(content=Written("floods"))
    assert [int(result.pk) for result in results] == [flood]
    assert results[0].score > 0


def test_only_words_can_be_looked_for_so():
    archive("ferry")
    for name in ("tag", "earliest", "nosuch", "title__startswith"):
        with pytest.raises(Unsupported, match="Written looks for words"):
            found(SQ(**{name: Written("ferry")}))
    with pytest.raises(Unsupported, match=r"use filter\(\) for Like"):
        SearchQuerySet().narrow(SQ(title=Like("f*")))
    with pytest.raises(Unsupported, match="int has no place in a text"):
        found(SQ(content=Near([3, "a"], 2)))


SIGNS = "abeéßİ東京ก'’-–_*?~.:\"\\()[] \u200d\u0301\u0640ك\x00\x01\x02\n01①ﬁ™"


def test_whatever_is_typed_is_answered_or_refused_with_a_sentence():
    archive("abba été 東京 U.S. a-b", "be’ab कब")
    draw = random.Random(8)
    sentences: list[str] = []
    for _ in range(400):
        texts = ["".join(draw.choices(SIGNS, k=draw.randrange(9))) for _ in range(2)]
        one, other = (draw.choice((str, Exact, Written, Like, Nearly))(text) for text in texts)
        for value in (one, Near([one, other], 3), Times(other, 2)):
            try:
                assert len(found(SQ(content=value))) <= 2
            except QueryRefused as refusal:
                sentences.append(str(refusal))
        assert len(backend().forms_like(texts[0]) + backend().forms_near(texts[1])) < 20
    assert sentences
    assert all(sentence.endswith(".") for sentence in sentences)
