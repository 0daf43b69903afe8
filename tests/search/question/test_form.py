"""The gate of a search: whatever stands in an address becomes a good question."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from articles.forms import PAGES, SearchForm, in_order
from articles.search import BARS, FACETS, LineSort, Question, Sort
from articles.search.names.rings import NAMES

# Of a name in an address it is looked up what it is called now.
pytestmark = pytest.mark.django_db


def question(address: str) -> Question:
    return SearchForm(QueryDict(address)).question()


VALUES = st.text("abcdefgh0123456789-", min_size=1).filter(lambda value: not value.startswith("-"))
PAIRS = st.sets(st.tuples(st.sampled_from(("source", "section", "tag", "author", "language")), VALUES), max_size=4)
DATES = st.sampled_from(("", "1911", "1925-06", "1925-06-01"))
SPANS = st.tuples(DATES, DATES).map(lambda dates: in_order(*dates))
QUESTIONS = st.builds(
    lambda span, **asked: Question(since=span[0], until=span[1], **asked),
    span=SPANS,
    text=st.text("abc \"'*~=:()-é文&?#+%", max_size=30).map(str.strip),
    sort=st.sampled_from(Sort),
    page=st.integers(1, PAGES),
    filters=PAIRS.map(lambda pairs: tuple(sorted(pairs))),
    excluded=PAIRS.map(lambda pairs: tuple(sorted(pairs))),
    stored=st.sampled_from(("", "2026-05-30T18:45:00", "2026-05-30T18:45:00.000123")),
    exact=st.booleans(),
    not_also=st.sets(st.sampled_from(("Daesh", "Islamic State", "داعش"))).map(tuple),
    apart=st.booleans(),
    bars=st.sampled_from(("", *BARS)),
    rate=st.booleans(),
    view=st.sampled_from(("", "lines")),
    lines=st.sampled_from(LineSort),
    more=st.sampled_from(("", *FACETS)),
)


@given(QUESTIONS)
def test_an_address_is_read_back_as_the_question_that_wrote_it(asked):
    assert question(asked.querystring()) == asked


def test_an_empty_address_asks_for_everything():
    assert question("") == Question()


def test_a_moment_of_another_zone_is_told_in_ours():
    assert question("stored=2026-05-30T18:45:00%2B02:00").stored == "2026-05-30T16:45:00"


def test_a_value_behind_a_minus_is_excluded():
    asked = question("tag=-sea&tag=ice&source=-")
    assert (asked.filters, asked.excluded) == ((("tag", "ice"),), (("tag", "sea"),))
    assert "“-” was left out of the address" in asked.notes[0]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("sort=upwards", "“upwards” was left out"),
        ("bars=week", "bars can be year, month, day"),
        ("stored=yesterday", "“yesterday” is no moment"),
        ("page=0", "no page “0”"),
        ("page=-1", "no page"),
        ("page=two", "no page"),
        (f"page={PAGES + 1}", "no page"),
        ("page=" + "9" * 5000, "no page"),
        ("from=soon", "“soon” is no date"),
        ("to=2017-02-30", "no date"),
        ("year=12", "“12” was left out of the address: year can be a year such as 1923"),
        ("year=-0000", "“-0000” was left out"),
        ("known=somehow", "known can be printed, inferred or unknown"),
        ("tag=-", "tag can be a name as in the address of its page"),
    ],
)
def test_what_cannot_be_understood_is_left_out_and_told(address, told):
    asked = question(address)
    assert asked == Question()
    assert told in " ".join(asked.notes)


def test_two_dates_are_put_in_order():
    assert (
        question("from=1960&to=1923-05") == question("from=1923-05&to=1960") == Question(since="1923-05", until="1960")
    )


def test_of_very_many_values_a_note_tells_that_the_first_were_read():
    assert question("tag=" + "&tag=".join(map(str, range(50)))).notes == (
        "The first 8 values of “tag” were read, and the others left out.",
    )


def test_a_good_address_is_told_nothing():
    assert question("q=flood&sort=newest&page=2&from=1911&year=1911&known=printed&tag=sea&page=").notes == ()


def test_control_characters_and_excess_are_taken_out():
    asked = question("q=a%00b&tag=x%00y&language=" + "z" * 5000)
    assert asked.text == "a b"
    assert asked.chosen("tag") == ("x y",)
    assert len(asked.chosen("language")[0]) == 300
    assert question("tag=" + "&tag=".join(map(str, range(50)))).notes


def test_every_name_of_a_ring_can_be_left_out_and_of_more_a_note_tells():
    given = [f"name{number}" for number in range(NAMES + 1)]
    asked = question("&".join(f"not_also={name}" for name in given[:-1]))
    assert (asked.not_also, asked.notes) == (tuple(given[:-1]), ())
    asked = question("&".join(f"not_also={name}" for name in [given[0], *given]))
    assert asked.not_also == tuple(given[:-1])
    assert f"first {NAMES} names" in asked.notes[0]


names = st.sampled_from(["q", "sort", "page", "from", "to", *FACETS, "other"])


@given(st.lists(st.tuples(names, st.text())))
def test_no_address_raises_and_every_question_has_an_address(pairs):
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    asked = SearchForm(data).question()
    assert question(asked.querystring()) == asked
