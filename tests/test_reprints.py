"""Whether two texts are printings of one story, or of one form."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from articles import printings
from articles.models import Article
from articles.records import Dating
from articles.reprints import MOST_CHARACTERS, Printed, is_reprint

from .growth import assert_in_proportion
from .makers import make_article
from .reprint_samples import BRIDGE, FORMS, OTHERS, OWN, REPRINTS, Pair, cut, filled, misread, report, without


def told(pair: Pair) -> bool:
    papers = {"": None, "The Mercury": 1, "The Star": 2}
    dates = [Dating.parse(date) if date else Dating() for date in pair.dates]
    one, other = (
        Printed.of(text, papers[source], date.earliest, date.latest)
        for text, source, date in zip((pair.one, pair.other), pair.sources, dates, strict=True)
    )
    assert is_reprint(one, other) == is_reprint(other, one)
    return is_reprint(one, other)


@pytest.mark.parametrize("case", REPRINTS)
def test_a_reprint_is_told_from_its_text(case: str):
    assert told(REPRINTS[case])


@pytest.mark.parametrize("case", OTHERS)
def test_what_only_looks_like_a_reprint_is_none(case: str):
    assert not told(OTHERS[case])


def test_only_the_beginnings_of_long_texts_are_laid_beside_each_other():
    long = f"{BRIDGE} " * (MOST_CHARACTERS // len(BRIDGE) + 1)
    assert Printed.of(long, None, None, None) == Printed.of(f"{long}and more", None, None, None)


def test_texts_without_a_word_are_laid_beside_each_other():
    assert told(Pair("", ""))
    assert not told(Pair("", BRIDGE))


def test_the_time_grows_with_the_length_of_both_texts():
    def compare(size: int) -> None:
        one, other = (" ".join(f"word{number} and{number % 2 + extra}" for number in range(size)) for extra in (0, 1))
        is_reprint(Printed.of(one, None, None, None), Printed.of(other, None, None, None))

    assert_in_proportion(compare, 400)


# As they are found among many

pytestmark = pytest.mark.django_db
CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "cut": lambda text, chance: cut(text, chance.choice([0.5, 0.6, 0.8])),
    "shortened": lambda text, chance: without(text, chance.randrange(5)),
    "led": lambda text, chance: f"{report(chance).split('.')[0]}. {text}",
    "misread": lambda text, chance: misread(text, 0.02, chance),
    "badly misread": lambda text, chance: misread(text, 0.05, chance),
}


@pytest.fixture
def archive() -> dict[str, list[tuple[Article, Article]]]:
    """Reports of one paper with what another printed of each some days later, among notices of five forms."""
    chance = random.Random(26)
    pairs = {change: [_printed_twice(change, chance) for _ in range(20)] for change in CHANGES}
    notices = [
        make_article(text=filled(form, chance), date=f"1926-{day // 28 + 1:02}-{day % 28 + 1:02}", source=OWN[0])
        for form in FORMS
        for day in range(30)
    ]
    made = [article for some in pairs.values() for pair in some for article in pair] + notices
    chance.shuffle(made)
    for start in range(0, len(made), 50):
        printings.note(made[start : start + 50])
    return pairs | {"notices": [(notice, notice) for notice in notices]}


def _printed_twice(change: str, chance: random.Random) -> tuple[Article, Article]:
    text = report(chance)
    first = make_article(text=text, date="1926-06-12", source="The Mercury")
    return first, make_article(text=CHANGES[change](text, chance), date="1926-06-14", source="The Star")


def test_reprints_are_found_among_notices_and_no_notice_is_taken_for_one(archive: dict):
    stories = dict(Article.objects.values_list("pk", "story"))
    found = {
        change: sum(
            stories[one.pk] is not None and stories[one.pk] == stories[other.pk] for one, other in archive[change]
        )
        for change in CHANGES
    }
    assert all(found[change] >= 19 for change in CHANGES if change != "badly misread"), found
    assert found["badly misread"] >= 9, found
    assert [notice for notice, _ in archive["notices"] if stories[notice.pk]] == []
    told = [story for story in stories.values() if story is not None]
    assert len(told) == 2 * len(set(told)) == 2 * sum(found.values())
