"""A takedown holds everywhere at once, though the indexer does not run: every address that the site has is asked for.

The addresses are read off urls.py, so that a new page is asked for too, and cannot be forgotten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product
from urllib.parse import unquote_plus

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from articles import exports, ladder, trash
from articles.ladder import Step
from articles.models import Access, Article, ArticleVersion, Cause, FollowedSearch, Image, IndexBacklog, Reason
from articles.records import to_json
from articles.search.names import known

from .makers import make_article
from .search.indexes import bring_up_to_date, use_index_in

pytestmark = pytest.mark.django_db

# Words that only the article has that is taken down. Its source is told on a tombstone, and is that of others too.
SECRETS = (
    "zyxtoria", "quuxtag", "plinthsection", "orsolobrandt", "grimblecaption", "altamond", "creditane", "snorvale",
    "wembrith", "frobkicker", "mumblestand", "bylquist", "notewick", "hiddenquarry", "evidentia", "formerly",
)  # fmt: skip
SLUGS = (
    "quuxtag",
    "plinthsection",
    "orsolobrandt",
    "gazette",
    "sea",
    "ferries",
    "ferry-zyxtoria",
    "formerly-otherwise",
)
VALUES = {
    "year": ("1888",),
    "month": ("03",),
    "day": ("04",),
    "number": ("1", "2"),
    "place": ("tag/sea",),
    "kind": ("articles", "tags", "sections", "authors", "pages"),
    "slug": SLUGS,
    "slugs": ("quuxtag+sea", "sea+quuxtag"),
    "letter": ("Q", "S"),
}
# What is asked of pages that look for something, and of all others.
SEARCHES = ("", "?q=ferry", "?q=zyxtoria", "?q=zyx", "?q=wembrith&view=lines")
LISTS = ("", "?order=oldest")
MASKED = Step(
    Access.TOMBSTONE, reason=Reason.PERSON, words="A family asked for it.", headline="A report of the harbour", note="§"
)


def routes() -> list[URLPattern]:
    """All pages of the archive that readers can ask for."""
    (ours,) = (branch for branch in get_resolver().url_patterns if getattr(branch, "app_name", "") == "articles")
    return list(ours.url_patterns)


def addresses_of(route: URLPattern, number: int) -> Iterator[str]:
    """The route with all that it can be asked with here. A parameter of a new kind is to be added to `VALUES`."""
    converters = route.pattern.converters
    values = VALUES | {"pk": (str(number),)}
    choices = [values.get(name) or _named(converter.regex) for name, converter in converters.items()]
    for chosen in product(*choices):
        given = dict(zip(converters, chosen, strict=True))
        yield re.sub(r"<(?:\w+:)?(\w+)>", partial(_written, given), f"/{route.pattern}")


def _named(regex: str) -> list[str]:
    """The values that a converter names one by one, such as json|csv."""
    named = regex.replace("\\", "").split("|")
    assert all(re.fullmatch(regex, value) for value in named), (
        f"say in VALUES what is asked for in the place of {regex}"
    )
    return named


def _written(given: Mapping[str, str], found: re.Match[str]) -> str:
    return given[found[1]]


def every_address(*numbers: int) -> list[str]:
    paths = [address for route in routes() for number in numbers for address in addresses_of(route, number)]
    asked = {path: SEARCHES if path.startswith("/search") else LISTS for path in paths}
    return [f"{path}{query}" for path, queries in asked.items() for query in queries]


def whole_answer(address: str) -> str:
    """What a reader gets, in small letters, with the headers."""
    response = Client().get(address)
    assert response.status_code < 500, address
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = unquote_plus(" ".join(f"{name}: {value}" for name, value in response.headers.items()))
    return f"{headers}\n{content.decode()}".casefold()


def told(address: str) -> list[str]:
    """The secrets that an answer tells, but for those that its own address tells."""
    answer, asked = whole_answer(address), unquote_plus(address).casefold()
    return [secret for secret in SECRETS if secret in answer and secret not in asked]


def make_secret() -> Article:
    text = "The ferry Zyxtoria sank at Evidentia.\n\nWembrith saw the ferry go down with all that it carried."
    article = make_article(
        "Ferry Zyxtoria", text=text, source="Gazette", tags=("quuxtag", "sea"), sections=("plinthsection",),
        date="1888-03-04", authors=("Orsolobrandt",), dateline="Snorvale", correction="Wembrith was away.",
        kicker="Frobkicker", standfirst="Mumblestand.", byline="By Bylquist", editors_note="Notewick.",
        canonical_url="https://hiddenquarry.example/1",
    )  # fmt: skip
    Image.objects.create(article=article, caption="Grimblecaption of the ferry.", alt="Altamond", credit="Creditane")
    before = to_json(article.as_record()) | {"title": "Formerly otherwise"}
    ArticleVersion.of(before, article=article, number=1, cause=Cause.EDITED).save()
    return article


@pytest.fixture
def kept() -> Article:
    text = "The ferry came.\n\nA deckhand counted the passengers."
    return make_article("Ferry Patience", text=text, date="1923-05-30", source="Gazette", tags=("sea",))


@pytest.fixture
def gone(tmp_path, monkeypatch, kept) -> Iterator[Article]:
    """An article that is indexed and shown, another printing of which is `kept`."""
    use_index_in(monkeypatch, tmp_path / "index")
    forget()
    article = make_secret()
    Article.objects.update(story=article.pk)
    FollowedSearch.objects.create(name="Ferries", slug="ferries", query="q=ferry")
    bring_up_to_date()
    yield article
    forget()


def forget() -> None:
    cache.clear()
    known._shelves.clear()


def take_down(article: Article, step: Step = MASKED) -> None:
    assert ladder.move([article.pk], step)


def test_no_address_tells_anything_of_what_was_taken_down_though_the_index_has_it_still(gone, kept):
    addresses = every_address(gone.pk, kept.pk)
    # Each is asked for before as well: it is known to tell then, and what is remembered is remembered.
    before = {address: told(address) for address in addresses}
    assert {secret for secrets in before.values() for secret in secrets} == set(SECRETS)
    for step in (Step(Access.STAFF, reason=Reason.PERSON), MASKED):
        take_down(gone, step)
        assert IndexBacklog.objects.filter(article_id=gone.pk, withdrawn=True).exists()
        assert {address: secrets for address in before if (secrets := told(address))} == {}


def test_lists_and_searches_do_not_name_its_address(gone, kept):
    take_down(gone)
    here = re.compile(rf"/article/{gone.pk}\b")
    asked = [address for address in every_address(kept.pk) if not address.startswith("/takedowns/")]
    assert [address for address in asked if here.search(whole_answer(address))] == []


def pages_of(article: Article) -> list[str]:
    """The addresses of all pages that one article has."""
    own = [route for route in routes() if "pk" in route.pattern.converters]
    assert {str(route.pattern).partition("<int:pk>")[0] for route in own} >= {"article/", "search/why/"}
    return [address for route in own for address in addresses_of(route, article.pk)]


def test_every_page_of_an_article_takes_its_number_by_the_name_that_tombstones_know():
    unknown = [route for route in routes() if str(route.pattern).startswith("article/")]
    assert [str(route.pattern) for route in unknown if "pk" not in route.pattern.converters] == []


def test_every_address_of_an_article_with_a_tombstone_answers_gone(gone):
    take_down(gone)
    assert {Client().get(address).status_code for address in pages_of(gone)} == {410}


def test_a_tombstone_tells_headline_source_date_day_and_reason_and_nothing_else(gone):
    take_down(gone, Step(Access.TOMBSTONE, reason=Reason.ORDER, words="Port Court, file 7."))
    answer = Client().get(f"/article/{gone.pk}/ferry-zyxtoria/")
    page = answer.content.decode()
    day = gone.takedowns.get().since
    for words in ("Ferry Zyxtoria</h1>", "Gazette", "4 March 1888", f"taken down on {day.day} {day:%B %Y}",
                  "A court or another authority ordered it.", "Port Court, file 7."):  # fmt: skip
        assert words in page
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "no-cache"
    assert [secret for secret in SECRETS[1:] if secret in page.casefold()] == []


def test_words_in_place_of_a_headline_hide_it(gone):
    take_down(gone)
    page = Client().get(f"/article/{gone.pk}/").content.decode()
    assert "A report of the harbour</h1>" in page
    assert "zyxtoria" not in page.casefold()
    assert "§" not in page


def test_programs_are_told_the_same(gone):
    take_down(gone)
    answer = Client().get(f"/article/{gone.pk}.json")
    assert answer.status_code == 410
    said = answer.json()
    assert said.pop("taken_down")[:4] == str(gone.takedowns.get().since.year)
    assert said.pop("error").startswith("This article was taken down on ")
    assert said == {
        "id": gone.pk, "headline": "A report of the harbour", "source": "Gazette", "date": "1888-03-04",
        "reason": "person", "reason_words": "It protects a person named in the article.",
        "words": "A family asked for it.",
    }  # fmt: skip
    table = Client().get(f"/article/{gone.pk}.csv")
    assert table.status_code == 410
    assert table["Content-Type"].startswith("text/plain")
    assert "A report of the harbour\nGazette\n4 March 1888\n" in table.content.decode()


def test_what_is_for_staff_only_is_to_readers_as_what_never_was(gone):
    take_down(gone, Step(Access.STAFF, reason=Reason.PERSON))
    assert {Client().get(address).status_code for address in pages_of(gone)} == {404}


def test_a_tombstone_stands_while_the_article_is_in_the_trash(gone):
    take_down(gone)
    trash.discard([gone.pk])
    assert Client().get(f"/article/{gone.pk}/").status_code == 410
    trash.put_back([gone.pk])
    assert Client().get(f"/article/{gone.pk}/").status_code == 410


def test_an_article_that_is_brought_back_is_shown_as_before(gone):
    take_down(gone)
    ladder.undo(gone.pk)
    assert Client().get(gone.get_absolute_url()).status_code == 200
    assert "Zyxtoria" in Client().get("/search/?q=zyxtoria").content.decode()


def test_where_there_is_no_tombstone_nothing_is_gone(kept):
    for address in (f"/article/{kept.pk + 9}/", f"/article/{10**30}/", "/tag/none/", "/1801/"):
        assert Client().get(address).status_code == 404


# Not for search engines


def test_search_engines_are_asked_to_leave_out_every_page_of_an_unlisted_article(gone, kept):
    take_down(gone, Step(Access.UNLISTED))
    answers = {address: Client().get(address) for address in pages_of(gone)}
    shown = [address for address, answer in answers.items() if answer.status_code == 200]
    assert len(shown) > 5
    assert [address for address in shown if answers[address].get("X-Robots-Tag") != "noindex"] == []
    assert Client().get(kept.get_absolute_url()).get("X-Robots-Tag") is None
    for address in (gone.get_absolute_url(), f"/article/{gone.pk}/versions/", f"/article/{gone.pk}/printings/"):
        assert '<meta name="robots" content="noindex">' in Client().get(address).content.decode()


def test_crawlers_are_given_what_is_public_alone(gone, kept):
    draft = make_article("A draft", status="draft")
    assert set(Article.objects.for_crawlers()) == {gone, kept}
    for access in (Access.UNLISTED, Access.STAFF, Access.TOMBSTONE):
        take_down(gone, Step(access, reason=Reason.OTHER))
        assert set(Article.objects.for_crawlers()) == {kept}
    assert draft not in Article.objects.for_crawlers()


# The list of what was taken down


def test_the_list_tells_what_was_taken_down_the_last_first_and_how_many_for_which_reason(gone, kept):
    take_down(gone)
    take_down(kept, Step(Access.TOMBSTONE, reason=Reason.MISTAKE))
    page = Client().get("/takedowns/").content.decode()
    headlines = re.findall(r"<h2[^>]*><a [^>]*>(.*?)</a>", page)
    assert headlines == ["Ferry Patience", "A report of the harbour"]
    assert "2 articles" in page
    assert f'href="/article/{gone.pk}/"' in page
    assert "zyxtoria" not in page.casefold()
    assert page.count("The article was published by mistake.") == 2


def test_what_was_brought_back_is_not_in_the_list(gone):
    take_down(gone)
    take_down(gone, Step(Access.STAFF, reason=Reason.PERSON))
    page = Client().get("/takedowns/").content.decode()
    assert "harbour" not in page
    assert "Nothing was taken down." in page


def test_the_list_is_walked_by_key_and_costs_the_same_however_long_it_is():
    def queries(address: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(address).status_code == 200
        return len(asked)

    for number in range(2):
        take_down(make_article(f"First {number}"), Step(Access.TOMBSTONE, reason=Reason.OTHER))
    few = queries("/takedowns/")
    many = [make_article(f"Taken {number}").pk for number in range(70)]
    ladder.move(many, Step(Access.TOMBSTONE, reason=Reason.OTHER))
    assert queries("/takedowns/") == few
    page, seen = Client().get("/takedowns/").content.decode(), set()
    while True:
        seen |= set(re.findall(r'href="/article/(\d+)/"', page))
        following = re.search(r'href="([^"]+)" rel="next"', page)
        if not following:
            break
        page = Client().get(following[1].replace("&amp;", "&")).content.decode()
    assert len(seen) == 72


def test_the_foot_of_a_page_leads_to_the_list_where_there_is_one(gone):
    cache.clear()
    assert 'href="/takedowns/"' not in Client().get("/").content.decode()
    take_down(gone)
    cache.clear()
    assert 'href="/takedowns/"' in Client().get("/").content.decode()


def test_what_staff_export_has_all_of_it(gone):
    take_down(gone)
    from_archive = [json.loads(line) for line in exports.jsonl(Article.objects.all())]
    (told_of,) = [record for record in from_archive if record["title"] == "Ferry Zyxtoria"]
    assert "Wembrith" in told_of["body"]
    assert told_of["status"] == "withheld"
