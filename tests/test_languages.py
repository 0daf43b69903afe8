"""In which language a page speaks."""

import pytest
from django.utils import translation

from articles.search import Question
from articles.search.answers.page import Page
from articles.search.names.naming import named

from .makers import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english_again():
    """A request leaves its language in force, as the next one sets its own."""
    yield
    translation.deactivate()


def test_a_page_speaks_the_language_that_the_browser_asks_for(client):
    page = client.get("/", headers={"Accept-Language": "ar-EG,ar;q=0.9,en;q=0.5"}).content.decode()
    assert '<html lang="ar" dir="rtl">' in page


def test_a_page_speaks_english_to_a_browser_that_asks_for_no_language_of_ours(client):
    assert '<html lang="en" dir="ltr">' in client.get("/", headers={"Accept-Language": "fi"}).content.decode()


def test_the_desk_speaks_english_and_says_so(client):
    page = client.get("/admin/login/", headers={"Accept-Language": "fr"}).content.decode()
    assert '<html lang="en" dir="ltr">' in " ".join(page.split())
    assert "Log in" in page


def test_a_link_chooses_the_language_and_leads_back_to_its_page(client):
    page = client.get("/articles/?order=oldest").content.decode()
    assert 'href="/language/fr/?next=%2Farticles%2F%3Forder%3Doldest" lang="fr" hreflang="fr" rel="nofollow"' in page
    response = client.get("/language/fr/?next=%2Farticles%2F%3Forder%3Doldest")
    assert response.headers["Location"] == "/articles/?order=oldest"
    assert '<html lang="fr" dir="ltr">' in client.get("/", headers={"Accept-Language": "de"}).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_choosing_a_language_leads_nowhere_else(client, elsewhere):
    assert client.get("/language/de/", {"next": elsewhere}).headers["Location"] == "/"


def test_a_language_that_is_not_there_has_no_address(client):
    assert client.get("/language/fi/").status_code == 404


def test_the_links_are_kept_from_crawlers(client):
    assert "Disallow: /language/\n" in client.get("/robots.txt").content.decode()
    assert client.get("/language/de/").headers["X-Robots-Tag"] == "noindex"


def test_caches_are_told_what_the_language_of_a_page_hangs_on(client):
    assert {"Accept-Language", "Cookie"} <= set(client.get("/").headers["Vary"].split(", "))


@pytest.mark.parametrize("address", ["/articles.json", "/articles.atom", "/articles.csv", "/robots.txt"])
def test_what_programs_read_is_the_same_for_all(client, address):
    make_article(title="Ice on the river")
    english = client.get(address)
    arabic = client.get(address, headers={"Accept-Language": "ar"})
    assert english.getvalue() == arabic.getvalue()
    assert "Accept-Language" not in english.headers.get("Vary", "")


def test_completions_speak_the_language_of_the_page_that_shows_them(client):
    assert {"Accept-Language", "Cookie"} <= set(client.get("/search/complete.json?q=i").headers["Vary"].split(", "))


def test_an_error_speaks_the_language_of_its_reader(client):
    assert '<html lang="ar" dir="rtl">' in client.get("/none/", headers={"Accept-Language": "ar"}).content.decode()


def test_orders_and_kinds_of_dates_are_named_in_the_language_of_the_page():
    with translation.override("fr"):
        assert [link.name for link in Page(Question()).sorts] == ["Pertinence", "Plus récents", "Plus anciens"]
        assert named("known", [])["unknown"] == "Date inconnue"
