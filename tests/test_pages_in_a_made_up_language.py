"""The pages in a language made for the test: a sentence that is not in its catalogue is found on the page.

Each text is its English with brackets around. All else that has letters, articles and names of months among it, is
Greek, so that Latin letters outside of the brackets are words that cannot be translated.
"""

from __future__ import annotations

import re
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from articles import search

from .makers import make_article

pytestmark = pytest.mark.django_db

GREEK = "el"
SEEN = {"title", "alt", "placeholder", "aria-label", "aria-description"}
SILENT = {"script", "style", "code", "kbd", "pre", "cite", "q"}
EMPTY = {"link", "meta", "input", "img"}
LATIN = re.compile(r"[A-Za-z]{2,}")
# The same in every language: names of formats and of the signs of the search, zones, the archive's own name.
SAME = re.compile(
    r"JSON( Lines)?|CSV|Atom|SHA-256|UTC|BibTeX|RIS|CSL-JSON|RSS|API|OpenAPI|APA|MLA|Chicago|Harvard|Wikipedia|DOI"
    r"|https?://\S+|[0-9a-f]{8,}"
)
OPEN, SHUT = "⟦", "⟧"


class Bracketed(NullTranslations):
    """Says of each text that it was translated."""

    def gettext(self, message: str) -> str:
        return OPEN + message.rpartition("\x04")[2] + SHUT if message else ""

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)

    def to_language(self) -> str:
        return GREEK

    def language(self) -> str:
        return GREEK


class Bare(HTMLParser):
    """Collects the Latin words outside of brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = 0
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        of_its_own = "hreflang" in given or given.get("lang") == "en" or given.get("class") == "address"
        if tag in SILENT or (of_its_own and tag not in EMPTY):
            self.silent.append(tag)
        self.found += [text for name in SEEN & given.keys() for text in bare_words(given[name] or "")]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        text = ""
        for sign in data:
            self.depth += (sign == OPEN) - (sign == SHUT)
            text += " " if self.depth else sign
        if not self.silent:
            self.found += LATIN.findall(SAME.sub("", text))


def bare_words(text: str) -> list[str]:
    while OPEN in text:
        text = re.sub(f"{OPEN}[^{OPEN}{SHUT}]*{SHUT}", "", text)
    return LATIN.findall(SAME.sub("", text))


def words_of(page: str) -> list[str]:
    reader = Bare()
    reader.feed(page)
    return reader.found


@pytest.fixture
def bracketed(monkeypatch, settings):
    settings.ARCHIVE_NAME = "Αρχείο"
    monkeypatch.setitem(trans_real._translations, GREEK, Bracketed())
    # Addresses are made of the languages of the archive, once; so this one is none of them.
    monkeypatch.setattr("newsarchive.languages.activate_for", lambda request: translation.activate(GREEK))
    yield
    translation.deactivate()


@pytest.fixture
def article():
    held = [
        make_article(
            f"Ο πάγος {number}",
            text="Ο πάγος στο ποτάμι.\n\nΤο πλοίο περιμένει.",
            date=f"192{number}-05-30",
            source="Εφημερίδα",
            sections=("Τοπικά",),
            tags=("πάγος", "πλοίο"),
            authors=("Άννα",),
            language=GREEK,
        )
        for number in range(3)
    ]
    make_article("Χωρίς ημερομηνία", text="Ο πάγος.", language=GREEK)
    search.rebuild()
    return held[1]


PAGES = {
    "home": "/",
    "all": "/articles/",
    "search": "/search/?q=πάγος",
    "search with filters": "/search/?q=πάγος&year=1921&sort=oldest",
    "search by a date": "/search/?q=πάγος before:1922-01-01 -πλοίο",
    "search by its signs": "/search/?q=title:πάγος near/5 πλοίο",
    "lines": "/search/?q=πάγος&view=lines",
    "rates": "/search/?q=πάγος&rate=1&bars=month",
    "filters that are none": "/search/?q=πάγος&year=ψ&source=ψ&known=ψ&from=ψ&page=ψ",
    "undone by a filter": "/search/?q=πάγος&year=1955&tag=ψ",
    "a phrase": '/search/?q="ο πάγος" -"το πλοίο" OR author:ψψψψ',
    "what an article has": "/search/?q=has:date has:correction -has:image date:1921..1922",
    "nothing found": "/search/?q=ζζζζζζ πάγος",
    "not understood": "/search/?q=(πάγος OR",
    "help": "/search/help/",
    "names": "/tags/",
    "sources": "/sources/",
    "year": "/1921/",
    "month": "/1921/05/",
    "day": "/1921/05/30/",
    "any day": "/on/05-30/",
    "undated": "/undated/",
    "new": "/new/",
    "coverage": "/coverage/",
    "takedowns": "/takedowns/",
    "followed": "/followed/",
    "not found": "/none/",
}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_has_no_word_that_cannot_be_translated(client, bracketed, article, address):
    assert words_of(client.get(address).content.decode()) == []


@pytest.mark.parametrize("part", ["", "cite/", "versions/", "printings/"])
def test_a_page_of_an_article_has_no_word_that_cannot_be_translated(client, bracketed, article, part):
    address = f"{article.get_absolute_url()}" if not part else f"/article/{article.pk}/{part}"
    page = client.get(address, follow=True).content.decode()
    assert words_of(page) == []


@pytest.mark.parametrize("name", ["source", "section", "tag", "author"])
def test_a_page_of_a_name_has_no_word_that_cannot_be_translated(client, bracketed, article, name):
    links = {"section": "section_links", "tag": "tag_links", "author": "author_links"}
    held = getattr(article, links[name]).first() if name in links else article
    page = client.get(getattr(held, name).get_absolute_url()).content.decode()
    assert words_of(page) == []


def test_a_word_outside_of_the_brackets_is_found_out():
    assert words_of("<p title='Go'>⟦Held <b>here</b>⟧ since 1923: none</p>") == ["Go", "since", "none"]
