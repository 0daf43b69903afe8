"""How the words of an archive are written, compared with looking at every word of every document."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from articles.search.engine.asking import vocabulary
from articles.search.engine.asking.lexicon import form_entries
from articles.search.engine.asking.limits import Limits
from articles.search.engine.asking.queries import FormFuzzy, FormPattern, FormPrefix
from articles.search.engine.backend.forms import forms_of_input, forms_of_word
from articles.search.engine.backend.inputs import Like, Nearly
from articles.search.engine.errors import TooBroad
from tests.makers import make_article
from tests.search.engine.plain_answers import indexed
from tests.search.indexes import backend, bring_up_to_date

WRITTEN = "flood floods flooded flooding café cafe cafés harbour harbours".split()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    draw = random.Random(14)
    bodies = [" ".join(draw.choices(WRITTEN, k=draw.randrange(5))) for _ in range(90)]
    documents = [{"id": f"a.{at}", "body": body, "title": draw.choice(WRITTEN)} for at, body in enumerate(bodies)]
    snapshot = indexed(tmp_path_factory.mktemp("written"), [documents[:20], documents[20:]])
    return snapshot, documents


def holders(documents, wanted) -> dict[str, int]:
    """In the field that has a form in most documents."""
    counts = {
        name: Counter(word for held in documents for word in set(held[name].split()) if wanted(word))
        for name in ("body", "title")
    }
    return dict(counts["body"] | counts["title"])


def test_a_word_is_told_in_all_its_forms_with_how_many_documents_have_each(made):
    snapshot, documents = made
    for term, wanted in ((b"flood", lambda word: word.startswith("flood")), (b"cafe", lambda word: "caf" in word)):
        found = vocabulary.variants(snapshot, ["body", "title"], [term])
        assert dict(found) == holders(documents, wanted)
        assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
    both = vocabulary.variants(snapshot, ["body", "title"], [b"flood", b"cafe"])
    assert dict(both) == holders(documents, lambda word: "harbour" not in word)
    assert vocabulary.variants(snapshot, ["body", "title"], [b"flood", b"cafe"], 3) == both[:3]
    assert vocabulary.variants(snapshot, ["body"], [b"nowhere"]) == []


def test_a_form_that_only_deleted_documents_have_is_not_told(tmp_path):
    documents = [{"id": f"a.{number}", "body": text} for number, text in enumerate(["flooded", "flood", "flood"])]
    snapshot = indexed(tmp_path, [documents], {0, 1})
    assert vocabulary.variants(snapshot, ["body"], [b"flood"]) == [("flood", 1)]


def test_the_words_of_a_family_come_the_commonest_first(made):
    snapshot, documents = made
    for asked, wanted in (
        ([FormPrefix(name, "flood") for name in ("body", "title")], lambda word: word.startswith("flood")),
        ([FormPattern("body", "*s"), FormPattern("title", "*s")], lambda word: word.endswith("s")),
        ([FormFuzzy("body", "harbor", 1), FormFuzzy("title", "harbor", 1)], lambda word: word == "harbour"),
    ):
        often = holders(documents, wanted)
        assert vocabulary.family(snapshot, asked) == sorted(often, key=lambda form: (-often[form], form))
    assert len(vocabulary.family(snapshot, [FormPrefix("body", "flood")], count=2)) == 2
    with pytest.raises(TooBroad, match="would match"):
        vocabulary.family(snapshot, [FormPrefix("body", "fl")], Limits(few=1))


def test_the_entries_of_a_term_are_found_without_looking_at_those_of_others(made):
    for segment in made[0].segments:
        for term in segment.terms_of("body"):
            expected = [entry for entry, of_term in enumerate(segment.form_terms.tolist()) if of_term == term]
            assert form_entries(segment, term).tolist() == expected


@pytest.fixture
def archive(db, index_path) -> None:
    make_article("Floods", text="The flood flooded the harbour. Flooded! A café by the sea, as seen.")
    make_article("-", text="flooded cafés see the sea-wall")
    make_article("-", text="Les inondations du port", language="fr")
    bring_up_to_date()


@pytest.mark.usefixtures("archive")
def test_a_backend_tells_the_words_of_its_index():
    engine = backend()
    assert engine.forms("flood") == [("flooded", 2), ("flood", 1), ("floods", 1)]
    assert engine.forms("inondation") == [("inondations", 1)]
    assert [form for form, _ in engine.forms("CAFE")] == ["café", "cafés"]
    assert engine.forms("the flood") == engine.forms("") == engine.forms("nowhere") == []
    assert engine.completions("floo", 2) == [("flooded", 2), ("flood", 1)]
    assert engine.nearest("habrour", 3) == [("harbour", 1)]


@pytest.mark.usefixtures("archive")
def test_what_a_pattern_or_a_misspelt_word_stands_for_is_told_for_marking():
    engine = backend()
    assert engine.forms_like("floo*") == ["flooded", "flood", "floods"]
    assert engine.forms_like("CAF?") == ["café"]
    assert engine.forms_like("sea-w*") == ["sea", "wall"]
    assert engine.forms_near("harbor") == ["harbour"]
    assert engine.forms_near("flod", 1) == ["flood"]
    # So short a word is looked for as it is, with its endings.
    assert engine.forms_near("sea") == ["sea"]
    assert engine.forms_like("nowhere*") == engine.forms_near("nowhere") == engine.forms_near("", 1) == []


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("asked", [Like("*"), Like("*a*"), Nearly("flood", 3)])
def test_of_what_the_engine_refuses_no_words_are_told(asked):
    engine = backend()
    assert forms_of_input(engine.store.snapshot(), engine.fields, asked, engine.limits) == []


@pytest.mark.usefixtures("archive")
def test_of_a_hyphenated_word_the_forms_in_one_word_are_told():
    make_article("-", text="The seawall held.")
    bring_up_to_date()
    engine = backend()
    assert forms_of_word(engine.store.snapshot(), engine.fields, "sea-wall") == [("seawall", 1)]


@pytest.mark.usefixtures("archive")
def test_a_word_that_is_found_as_a_part_of_another_is_told_only_as_it_is_written_alone():
    make_article("-", text="A seawall, which is a sea-wall, in one article.")
    bring_up_to_date()
    backend().merge()
    assert backend().forms("seawall") == [("seawall", 1)]


@pytest.mark.usefixtures("archive")
def test_a_word_that_is_written_in_several_languages_is_counted_in_all():
    make_article("-", text="Le flood, un mot anglais", language="fr")
    make_article("-", text="Der flood", language="de")
    bring_up_to_date()
    assert dict(backend().forms("flood")) == {"flood": 3, "flooded": 2, "floods": 1}
    assert dict(backend().completions("flood", 5))["flood"] == 3


@pytest.mark.usefixtures("archive")
def test_the_words_of_one_language_are_no_forms_of_a_word_of_another():
    make_article("-", text="Begged for bread", language="en")
    make_article("-", text="El beg", language="es")
    make_article("-", text="Como la comió", language="es")
    make_article("-", text="Der Comet", language="de")
    bring_up_to_date()
    assert backend().forms("began") == [("beg", 1)]
    assert backend().forms("comet") == [("comet", 1)]
    assert {form for form, _ in backend().forms("comes")} == {"comet", "comió", "como"}
