"""How each language writes numbers, lists, weekdays and the names of languages."""

import pytest
from django.utils import translation

from articles.locales import decimal, language_name, listed, short_weekdays, thousands
from articles.wording.archive import period_words


@pytest.mark.parametrize(
    ("language", "number", "written"),
    [
        ("en", 12418, "12,418"),
        ("en", 999, "999"),
        ("de", 12418, "12.418"),
        ("fr", 12418, "12\u202f418"),
        ("es", 1241, "1241"),
        ("es", 12418, "12.418"),
        ("ar", 12418, "12,418"),
    ],
)
def test_thousands_are_parted_as_the_language_does_it(language, number, written):
    with translation.override(language):
        assert thousands(number) == written


@pytest.mark.parametrize(("language", "written"), [("en", "0.25"), ("de", "0,25"), ("fr", "0,25"), ("ar", "0.25")])
def test_decimals_stand_behind_the_sign_of_the_language(language, written):
    with translation.override(language):
        assert decimal("0.25") == written


@pytest.mark.parametrize(("language", "name"), [("en", "Arabic"), ("de", "Arabisch"), ("ar", "العربية")])
def test_a_language_is_named_in_the_language_of_the_page(language, name):
    with translation.override(language):
        assert language_name("ar") == language_name("ar-EG-x-none") == name


def test_a_language_that_the_tables_do_not_have_has_no_name():
    assert language_name("qqq") == ""


@pytest.mark.parametrize("language", ["en", "ar", "fr", "de", "es"])
def test_a_calendar_tells_its_weekdays_apart(language):
    with translation.override(language):
        short = short_weekdays()
    assert len(short) == 7
    assert max(map(len, short)) <= 4


def test_a_list_is_parted_by_the_sign_of_the_language():
    assert listed(["ice", "quay", "toll"]) == "ice, quay, toll"


@pytest.mark.parametrize(("language", "month"), [("en", "May 1923"), ("de", "Mai 1923"), ("fr", "mai 1923")])
def test_a_month_is_named_in_the_language_of_the_page(language, month):
    with translation.override(language):
        assert period_words("1923-05") == month
