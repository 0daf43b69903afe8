"""Name rings: what they add to a question, and the file in which they come and go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import NameRing
from articles.search.grammar import All, AtLeast, Either, Fuzzy, Near, Not, Pattern, Phrase, Word, parse, write
from articles.search.names.ring_file import HEAD, Result, read, take_in
from articles.search.names.ring_file import write as write_file
from articles.search.names.rings import ADDED, Also, Rings, key_of, load, problems, rings_of, widened

DAESH = ("Daesh", "ISIS", "ISIL", "Islamic State", "داعش")
RINGS = rings_of([DAESH, ("Orle", "River Orle"), ("Al-Sahra", "Sahra Company", "Sahra & Sons")])


def words(text: str, left_out: tuple[str, ...] = (), rings: Rings = RINGS) -> str:
    """A question as it is widened, in the grammar."""
    found, _ = widened(parse(text).expression, rings, left_out)
    return write(found) if found else ""


def added(text: str, left_out: tuple[str, ...] = ()) -> list[Also]:
    return list(widened(parse(text).expression, RINGS, left_out)[1])


def test_one_name_finds_the_others():
    assert words("Daesh") == 'Daesh OR ISIS OR ISIL OR "Islamic State" OR داعش'
    assert added("Daesh") == [Also("Daesh", DAESH[1:])]


def test_case_accents_and_letter_forms_do_not_tell_names_apart():
    for typed in ("DAESH", "isis", "دَاعِش", "Islamıc-state", '"islamic  state"'):
        assert added(typed)[0].name in typed.replace("  ", " ").replace('"', ""), typed


def test_a_name_of_several_words_needs_no_quotes():
    assert words("islamic state") == "(islamic state) OR Daesh OR ISIS OR ISIL OR داعش"
    assert words("ferry islamic state quay") == "ferry ((islamic state) OR Daesh OR ISIS OR ISIL OR داعش) quay"
    assert added("ferry islamic state quay") == [Also("islamic state", ("Daesh", "ISIS", "ISIL", "داعش"))]


def test_the_longest_name_counts():
    assert added("river orle") == [Also("river orle", ("Orle",))]
    assert added("orle ferry") == [Also("orle", ("River Orle",))]


def test_words_of_different_fields_make_no_name():
    assert added("title:islamic state") == []
    assert added("islamic body:state") == []


def test_names_are_looked_for_in_the_field_of_the_word():
    assert words("title:Orle") == 'title:Orle OR title:"River Orle"'
    assert words("title:(river orle)") == "(title:river title:orle) OR title:Orle"


def test_what_is_quoted_is_widened_as_a_whole_only():
    assert words('"islamic state"') == '"islamic state" OR Daesh OR ISIS OR ISIL OR داعش'
    assert words('"islamic state building"') == '"islamic state building"'
    assert words('"river" orle') == '"river" (orle OR "River Orle")'


def test_what_is_left_out_is_not_added():
    assert added("Daesh", ("isil", "islamic state")) == [Also("Daesh", ("ISIS", "داعش"))]
    assert added("Daesh", DAESH) == []
    assert words("ferry islamic state", DAESH) == "ferry islamic state"


def test_an_excluded_name_stays_itself_and_is_not_added():
    assert words("-Daesh") == "-Daesh"
    assert words("ISIS -Daesh -داعش") == '(ISIS OR ISIL OR "Islamic State") -Daesh -داعش'


def test_two_names_of_one_ring_that_must_both_be_there_are_told_apart():
    assert words("Daesh ISIS") == "Daesh ISIS"
    assert words("Daesh Orle") == '(Daesh OR ISIS OR ISIL OR "Islamic State" OR داعش) (Orle OR "River Orle")'
    assert words("Daesh daesh ferry") != "Daesh daesh ferry"


def test_either_of_two_names_finds_the_rest_once():
    assert words("Daesh OR ISIS") == 'Daesh OR ISIL OR "Islamic State" OR داعش OR ISIS'
    assert added("Daesh OR ISIS") == [Also("Daesh", ("ISIL", "Islamic State", "داعش"))]
    assert added("(islamic state) OR ISIS") == [Also("islamic state", ("Daesh", "ISIL", "داعش"))]


def test_the_same_name_twice_is_told_once():
    assert len(added("Orle ferry (Orle OR quay)")) == 1


def test_what_is_exact_a_pattern_misspelt_near_or_counted_is_left_alone():
    name = Word("Daesh")
    for part in (
        Word("Daesh", exact=True),
        Phrase("Islamic State", exact=True),
        Pattern("Daesh*"),
        Fuzzy("Daesh"),
        Near((name, Word("quay")), 5),
        AtLeast(2, name),
        Not(name),
        All((Word("islamic", exact=True), Word("state"))),
    ):
        assert widened(part, RINGS, ()) == (part, ())


def test_no_question_gets_more_names_than_it_has_room_for():
    many = rings_of([[f"name{ring}x{number}" for number in range(20)] for ring in range(4)])
    _, also = widened(parse("name0x0 name1x0 name2x0").expression, many, ())
    assert sum(len(one.others) for one in also) == ADDED


def test_names_with_signs_of_the_grammar_can_be_written_and_read_again():
    rings = rings_of([("plain", 'Abu "Nidal" Group', "tag:ice", "a*b", "-minus", "OR", "Who?", "x (y) z")])
    found, also = widened(Word("plain"), rings, ())
    assert found
    assert parse(write(found)).expression == found
    assert len(also[0].others) == 7


def test_a_name_in_two_rings_belongs_to_the_first():
    rings = rings_of([("one", "two"), ("two", "three")])
    assert widened(Word("two"), rings, ())[1] == (Also("two", ("one",)),)
    assert widened(Word("three"), rings, ())[1] == ()


NAMES = st.sampled_from([*DAESH, "islamic", "state", "ferry", "river", "orle", "Al-Sahra"])
QUESTIONS = st.recursive(
    st.one_of(st.builds(Word, NAMES.filter(lambda name: " " not in name)), st.builds(Phrase, NAMES)),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=2, max_size=4).map(tuple)),
        st.builds(Either, st.lists(inner, min_size=2, max_size=4).map(tuple)),
    ),
    max_leaves=8,
)
TEXTS = st.lists(NAMES, max_size=4).map(lambda names: " ".join(names).casefold().split())


def holds(part, text: list[str]) -> bool:
    """Whether a text has what a question asks for."""
    if isinstance(part, Not):
        return not holds(part.part, text)
    if isinstance(part, All | Either):
        return (all if isinstance(part, All) else any)(holds(inner, text) for inner in part.parts)
    sought = list(key_of(part.text))
    told = [word for each in text for word in key_of(each)]
    return any(told[at : at + len(sought)] == sought for at in range(len(told)))


@given(QUESTIONS, TEXTS, st.sets(NAMES, max_size=2))
def test_nothing_that_is_found_without_rings_is_lost_with_them(question, text, left_out):
    found, _ = widened(question, RINGS, left_out)
    assert holds(found, text) or not holds(question, text)


@given(QUESTIONS)
def test_without_rings_a_question_stays_as_it_is(question):
    assert widened(question, Rings(), ()) == (question, ())
    assert widened(None, RINGS, ()) == (None, ())


# What editors may keep


def test_limits_are_told_in_sentences():
    other = NameRing(names="Orle\nRiver Orle")
    wrong = list(problems(["ORLE", "Órle", "***", "x" * 201], [other]))
    assert wrong == [
        "“ORLE” and “Órle” are one name to the search: keep one of them.",
        "“***” has no letter or digit to look for.",
        f"“{'x' * 40}…” has 201 characters; a name has at most 200.",
        "“ORLE” is in another ring already: Orle, River Orle. A name can be in one ring only.",
    ]
    assert list(problems(["one"], [])) == ["A ring has at least two names."]
    assert list(problems([f"n{number}" for number in range(31)], [])) == [
        "This ring has 31 names; a ring has at most 30."
    ]
    assert list(problems(["one", "two"], [other])) == []


@pytest.mark.django_db
def test_an_edited_ring_counts_at_once():
    ring = NameRing.objects.create(names="Daesh\nISIS")
    assert widened(Word("ISIS"), load(), ())[1] == (Also("ISIS", ("Daesh",)),)
    NameRing.objects.filter(pk=ring.pk).update(names="Daesh\nISIL")
    assert widened(Word("ISIS"), load(), ())[1] == ()
    ring.delete()
    assert load() == Rings()


@pytest.mark.django_db
def test_loading_takes_one_query_however_many_rings_there_are(django_assert_num_queries):
    NameRing.objects.bulk_create(NameRing(names=f"name{number}\nother{number}") for number in range(50))
    with django_assert_num_queries(1):
        assert len(load().by_key) == 100


# The file


def rings() -> list[str]:
    return [str(ring) for ring in NameRing.objects.all()]


@pytest.mark.django_db
def test_a_file_of_rings_is_taken_in_and_each_line_accounted_for():
    NameRing.objects.create(names="Orle\nRiver Orle")
    taken = take_in(
        "\ufeff# Rivers\n\nORLE, the Orle\nDaesh, ISIS, داعش\nisis, DAESH\n"
        'ISIS, Orle\nlonely\n"Osterby, Town of", Osterby\n"broken, one\n  # so\n"x"y, z\n'
    )
    assert list(map(str, taken.outcomes)) == [
        "Line 3: extended. the Orle: added to Orle, River Orle.",
        "Line 4: new. Daesh, ISIS, داعش.",
        "Line 5: unchanged. Daesh, ISIS, داعش.",
        "Line 6: refused. It has names of several rings: “Daesh, ISIS, داعش” and “Orle, River Orle, the Orle”. "
        "Make them one first.",
        "Line 7: refused. A ring has at least two names.",
        "Line 8: new. Osterby, Town of, Osterby.",
        "Line 9: refused. Its quotation marks cannot be read: a name in them ends with one, and a comma follows.",
        "Line 11: refused. Its quotation marks cannot be read: a name in them ends with one, and a comma follows.",
    ]
    assert str(taken) == "2 new, 1 extended, 1 unchanged, 4 refused."
    assert rings() == ["Orle, River Orle, the Orle", "Daesh, ISIS, داعش", "Osterby, Town of, Osterby"]


@pytest.mark.django_db
def test_a_file_takes_the_place_of_all_rings_only_where_every_line_is_good():
    NameRing.objects.create(names="Orle\nRiver Orle")
    bad = take_in("Daesh, ISIS\nlonely", replace=True)
    assert str(bad) == "1 new, 1 refused. Nothing was changed: put the refused lines right first."
    assert str(take_in("# nothing", replace=True)) == "There is no ring in this file. Nothing was changed."
    assert rings() == ["Orle, River Orle"]
    assert take_in("Daesh, ISIS\nOrle, the Orle", replace=True).stands
    assert rings() == ["Daesh, ISIS", "Orle, the Orle"]


@pytest.mark.django_db
def test_a_line_that_would_pass_a_limit_is_refused(monkeypatch):
    monkeypatch.setattr("articles.search.names.ring_file.RINGS", 1)
    first = ", ".join(f"n{number}" for number in range(30))
    taken = take_in(f"{first}\nn1, another\none, two")
    assert [outcome.result for outcome in taken.outcomes] == [Result.NEW, Result.REFUSED, Result.REFUSED]
    assert "31 names" in taken.outcomes[1].words
    assert "no more are possible" in taken.outcomes[2].words


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12)


@given(st.lists(st.lists(LINE, min_size=2, max_size=4), max_size=4))
def test_what_is_written_is_read_back(names):
    held = [ring for ring in (NameRing(names="\n".join(each)) for each in names) if ring.listed]
    assert [names for _, names in read(write_file(held))] == [ring.listed for ring in held]


def test_the_file_begins_with_what_it_is():
    assert write_file([NameRing(names='a, b\n"c"\n#d')]) == HEAD + '"a, b", """c""", "#d"\n'
    assert write_file([NameRing(names="#d\ne")]) == HEAD + '"#d", e\n'
