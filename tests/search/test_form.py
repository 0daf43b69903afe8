"""The gate of a search: whatever stands in an address becomes a good question."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from articles.forms import PAGES, SearchForm
from articles.search import FACETS, Question, Sort


def question(address: str) -> Question:
    return SearchForm(QueryDict(address)).question()


def test_an_address_is_read_back_as_the_question_that_wrote_it():
    asked = Question(
        'flood "the quay"',
        Sort.OLDEST,
        3,
        filters=(("author", "a-b"), ("tag", "ice"), ("tag", "sea"), ("year", "1911")),
        since="1911",
        until="1925-06-01",
    )
    assert question(asked.querystring()) == asked
    assert question("") == Question()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("sort=upwards", "no order “upwards”"),
        ("page=0", "no page “0”"),
        ("page=-1", "no page"),
        ("page=two", "no page"),
        (f"page={PAGES + 1}", "no page"),
        ("page=" + "9" * 5000, "no page"),
        ("from=soon", "“soon” is no date"),
        ("to=2017-02-30", "no date"),
        ("year=12", "the year could not be read"),
        ("year=0000", "the year could not be read"),
        ("known=somehow", "the known could not be read"),
    ],
)
def test_what_cannot_be_understood_is_left_out_and_told(address, told):
    asked = question(address)
    assert asked == Question()
    assert told in " ".join(asked.notes)


def test_a_good_address_is_told_nothing():
    assert question("q=flood&sort=newest&page=2&from=1911&year=1911&known=printed&tag=sea&page=").notes == ()


def test_control_characters_and_excess_are_taken_out():
    asked = question("q=a%00b&tag=x%00y&language=" + "z" * 5000)
    assert asked.text == "a b"
    assert asked.chosen("tag") == ("x y",)
    assert len(asked.chosen("language")[0]) == 300
    assert question("tag=" + "&tag=".join(map(str, range(50)))).notes


names = st.sampled_from(["q", "sort", "page", "from", "to", *FACETS, "other"])


@given(st.lists(st.tuples(names, st.text())))
def test_no_address_raises_and_every_question_has_an_address(pairs):
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    asked = SearchForm(data).question()
    assert question(asked.querystring()) == asked
