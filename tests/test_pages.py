"""The pages that readers see: there, right, at a constant cost, and with nothing in them that should not be."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.views import defaults
from django.views.csrf import csrf_failure

from articles import naming
from articles.models import Article, Author, Image, Original, Section, Source, Tag
from articles.records import Dating, Known, Precision, Status

from .makers import make_article

pytestmark = pytest.mark.django_db

LISTS = [
    "/articles/",
    "/source/the-gazette/",
    "/section/world/",
    "/tag/flood/",
    "/author/ann-day/",
    "/2017/",
    "/2017/06/",
    "/2017/06/13/",
    "/undated/",
]
NAMES = ["/sources/", "/sections/", "/tags/", "/authors/"]
FEEDS = [f"{address.removesuffix('/')}.atom?newest=50" for address in LISTS]
EXPORTS = [f"{address.removesuffix('/')}.{form}" for address in LISTS for form in ("atom", "json", "csv", "jsonl")]
PAGES = ["/", *LISTS, *NAMES, "/coverage/", "/coverage/the-gazette/", "/search/", "/search/?q=water"]


def make_flood(title: str = "The river rose", date: str = "2017-06-13", **values) -> Article:
    names = {"source": "The Gazette", "sections": ("World",), "tags": ("flood",), "authors": ("Ann Day",)}
    return make_article(title, **{"text": "The water came at night.", "date": date, **names, **values})


@pytest.fixture
def flood() -> Article:
    """An article that every list of `LISTS` but one holds, and one without a date for that."""
    make_flood("An undated flood", "")
    return make_flood()


def text_of(response) -> str:
    return unquote(b"".join(response).decode())


class Elements(HTMLParser):
    """Every element of a page, as its name and attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.all if tag in tags]


def elements(response) -> Elements:
    return Elements(response.content.decode())


def queries(client: Client, address: str) -> int:
    """Of a page of which nothing is remembered."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# -- every page


@pytest.mark.parametrize("address", LISTS)
def test_each_list_shows_its_articles_with_a_link(client: Client, flood: Article, address: str):
    page = text_of(client.get(address))
    assert ("The river rose" in page) == (address != "/undated/")
    assert ("An undated flood" in page) == (not address.startswith("/2017/"))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_headline_a_title_and_a_way_past_the_masthead(client: Client, flood: Article, address: str):
    response = client.get(address)
    found = elements(response)
    assert response.status_code == 200
    assert len(found.named("h1")) == 1
    assert len(found.named("main")) == 1
    assert re.search(r"<title>[^<]+ · News Archive</title>", response.content.decode())
    assert found.named("a")[0]["href"] == "#main"
    assert found.named("html")[0]["lang"] == "en"
    ids = [attributes["id"] for _tag, attributes in found.all if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", [*PAGES, *FEEDS, "/robots.txt", "/nowhere/"])
def test_pages_know_of_a_reader_the_language_alone_and_set_no_cookie(client: Client, flood: Article, address: str):
    response = client.get(address)
    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    varies = set(response.headers.get("Vary", "").split(", ")) & {"Accept-Language", "Cookie"}
    assert len(varies) == (0 if "." in address else 2)
    is_kept = "no-store" not in response.headers.get("Cache-Control", "")
    assert is_kept == ("ETag" in response.headers)
    assert is_kept or address.startswith("/search/")
    again = client.get(address, headers={"if-none-match": response.headers.get("ETag", "")})
    assert not is_kept or again.status_code == (404 if address == "/nowhere/" else 304)


@pytest.mark.parametrize("address", [*PAGES, *FEEDS, "/nowhere/"])
def test_the_content_security_policy_allows_nothing_inline_and_nobody_else(
    client: Client, flood: Article, address: str
):
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?:|\*", policy)


@pytest.mark.parametrize("address", [*PAGES, "/nowhere/"])
def test_no_page_loads_from_another_host_or_holds_script_or_style(client: Client, flood: Article, address: str):
    response = client.get(address)
    found = elements(response)
    for attributes in found.named("script", "link", "img", "iframe", "source", "video", "audio", "object"):
        loaded = attributes.get("src") or attributes.get("href") or attributes.get("data")
        assert loaded
        assert loaded.startswith("/static/") or attributes.get("rel") in (
            "alternate",
            "canonical",
            "manifest",
            "search",
        )
    assert all(attributes.get("src") for attributes in found.named("script"))
    assert not found.named("style")
    assert not any(name == "style" or name.startswith("on") for _tag, given in found.all for name in given)


@pytest.mark.parametrize("address", [*PAGES, *FEEDS])
def test_the_number_of_queries_does_not_grow_with_the_rows(client: Client, flood: Article, address: str):
    for number in range(2):
        make_flood(f"{number}", "2017-06-13" if number else "", tags=("flood", "tide"))
    few = queries(client, address)
    for number in range(30):
        make_flood(f"More {number}", "2017-06-13" if number % 2 else "", tags=("flood", f"tag {number}"))
    assert queries(client, address) <= few


def test_the_number_of_queries_of_an_article_does_not_grow_with_its_names(client: Client):
    plain = make_flood()
    rich = make_flood(tags=tuple("abcdefgh"), authors=tuple("stuvw"), sections=tuple("xyz"))
    for number in range(5):
        Image.objects.create(article=rich, position=number, caption=f"Picture {number}")
    assert queries(client, rich.get_absolute_url()) == queries(client, plain.get_absolute_url())


def test_an_empty_archive_says_how_to_begin(client: Client):
    page = text_of(client.get("/"))
    assert "import_articles" in page
    assert "/admin/" in page
    assert [client.get(address).status_code for address in ("/articles/", "/undated/", *NAMES)] == [200] * 6


# -- what is not published


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.DRAFT])
def test_what_is_not_published_appears_nowhere(client: Client, flood: Article, status: Status):
    secret = {"source": "Hidden Post", "tags": ("flood", "hidden tag"), "sections": ("World", "Hidden desk")}
    hidden = make_flood("Hidden headline", authors=("Ann Day", "Hidden Hand"), status=status, **secret)
    make_flood("Hidden undated", "", status=status)
    make_flood("Hidden year", "1801", status=status)
    for address in (*PAGES, *FEEDS, *EXPORTS, flood.get_absolute_url()):
        page = text_of(client.get(address))
        assert "hidden headline" not in page.lower(), address
        assert not re.search(r"Hidden (undated|year|Post|tag|desk|Hand)|1801", page), address
    gone = [hidden.get_absolute_url(), "/source/hidden-post/", "/tag/hidden-tag/", "/1801/", "/1801.atom"]
    assert {client.get(address).status_code for address in gone} == {404}
    assert "Hidden" not in text_of(client.get(f"/article/{hidden.pk}/"))


# -- payloads


def test_a_payload_anywhere_in_an_article_stays_text(client: Client):
    payload = "<script>alert(1)</script>"
    article = make_article(
        f"{payload} title",
        text="Harmless.",
        date=Dating(
            earliest=Dating.parse("2017").earliest, precision=Precision.YEAR, known=Known.PRINTED, evidence=(payload,)
        ),
        source=f"{payload} source",
        sections=(f"{payload} section",),
        tags=(f"{payload} tag",),
        authors=(f"{payload} author", "Ann Day"),
        byline=f"By {payload} and Ann Day",
        kicker=payload,
        standfirst=payload,
        dateline=payload,
        language=f'"{payload}',
        correction=payload,
        editors_note=payload,
        canonical_url="javascript:alert(1)",
        place=payload,
        original=Original.objects.create(sha256="0" * 64, size=1, name=payload),
    )
    Image.objects.create(article=article, caption=payload, credit=payload, alt=payload)
    Source.objects.update(description=payload, homepage="javascript:alert(1)")
    names = [kind.objects.exclude(name="Ann Day").get() for kind in (Source, Section, Tag, Author)]
    addresses = [article.get_absolute_url(), *(name.get_absolute_url() for name in names), *NAMES, "/", "/2017/"]
    addresses += [f"/search/?q={payload}", f"/search/{payload}", f"/{payload}"]
    for address in addresses:
        response = client.get(address)
        assert response.status_code in (200, 404)
        found = elements(response)
        run = [given for given in found.named("script") if given.get("type") != "application/ld+json"]
        assert all(given.get("src", "").startswith("/static/") for given in run), address
        assert not [given for given in found.named("a", "form") if "javascript" in str(given).lower()]
        assert response.status_code == 404 or "alert(1)" in text_of(response), address


# -- an article


def test_an_article_shows_all_that_is_known_of_it(client: Client):
    original = Original.objects.create(sha256="ab" * 32, size=5, name="flood.txt")
    article = make_flood(
        "The river rose",
        text="The water came at night.\n\nA boat in the square.",
        kicker="Flood",
        standfirst="Forty streets under water",
        byline="By Ann Day and staff",
        dateline="Osterby",
        language="en",
        canonical_url="https://gazette.example/flood",
        correction="It was thirty streets.",
        editors_note="From a damaged copy.",
        original=original,
    )
    Image.objects.create(article=article, caption="A boat in the square.", paragraph=2)
    Image.objects.create(article=article, caption="The mayor", credit="J. Bell")
    response = client.get(article.get_absolute_url())
    page, found = text_of(response), elements(response)
    for words in ("Flood", "Forty streets under water", "It was thirty streets.", "From a damaged copy.", "The mayor"):
        assert words in page
    assert 'By <a href="/author/ann-day/">Ann Day</a> and staff' in page
    assert '<p id="p2" class="caption">A boat in the square.<a class="pin"' in page
    assert '<a href="/2017/06/13/"><time datetime="2017-06-13">13 June 2017</time></a>' in page
    assert "ab" * 32 in page
    assert "flood.txt" in page
    assert page.index("It was thirty streets.") < page.index("The water came at night.<a")
    [outward] = [given for given in found.named("a") if given["href"].startswith("https:")]
    assert outward["href"] == "https://gazette.example/flood"
    assert outward["rel"] == "noopener nofollow"
    canonical = [given["href"] for given in found.named("link") if given["rel"] == "canonical"]
    assert canonical == [f"http://testserver{article.get_absolute_url()}"]
    for address in ("/source/the-gazette/", "/section/world/", "/tag/flood/", "/author/ann-day/"):
        assert address in {given["href"] for given in found.named("a")}


def test_a_wrong_or_missing_slug_redirects_for_good(client: Client):
    article = make_article("الماء في الليل")
    right = article.get_absolute_url()
    for address in (f"/article/{article.pk}/", f"/article/{article.pk}/anything/?hl=water"):
        response = client.get(address)
        assert response.status_code == 301
        assert response["Location"] == right + ("?hl=water" if "?" in address else "")
    assert client.get(right).status_code == 200


def test_an_article_links_to_those_before_and_after_it(client: Client):
    first, middle, last = (make_flood(title, date) for title, date in [("A", "1911"), ("B", "1912"), ("C", "1913")])
    page = text_of(client.get(middle.get_absolute_url()))
    assert re.search(rf'href="{first.get_absolute_url()}" rel="prev"', page)
    assert re.search(rf'href="{last.get_absolute_url()}" rel="next"', page)


def test_foreign_text_says_its_language_and_a_nonsense_language_is_left_out(client: Client):
    arabic = make_flood("الماء", language="ar")
    odd = make_flood("Water", language="no such language")
    assert '<article class="story" lang="ar">' in text_of(client.get(arabic.get_absolute_url()))
    assert '<article class="story">' in text_of(client.get(odd.get_absolute_url()))


# -- lists


def test_lists_stand_under_headings_as_exact_as_the_dates(client: Client):
    for date in ("2017-06-13T18:45", "2017-06-13", "2017-06", "2017-01-01", "2017", "2017-01-01", ""):
        make_article(date=date)
    headings = re.findall(r"<h2 id=[^>]*>(?:<a [^>]*>)?([^<]+)<", text_of(client.get("/articles/")))
    expected = ["Tuesday 13 June 2017", "June 2017", "Sunday 1 January 2017", "2017", "Date not known"]
    assert headings == expected
    assert "18:45" in text_of(client.get("/articles/"))


def test_oldest_first_turns_the_dated_articles_round_and_leaves_the_undated_last(client: Client):
    for title, date in [("Undated", ""), ("Younger", "1950"), ("Older", "1911")]:
        make_article(title, date=date)
    page = text_of(client.get("/articles/?order=oldest"))
    assert page.index("Older</a>") < page.index("Younger</a>") < page.index("Undated</a>")


# -- periods


def test_a_month_has_a_calendar_whose_days_are_links_with_counts(client: Client, flood: Article):
    page = text_of(client.get("/2017/06/"))
    assert '<a href="/2017/06/13/" title="1">13<span class="count">1</span></a>' in page
    assert "/2017/06/12/" not in page


def test_a_period_links_to_the_nearest_that_hold_something(client: Client, flood: Article):
    make_article(date="1911-03-14")
    make_article(date="2024")
    page = text_of(client.get("/2017/"))
    assert '<a href="/1911/">1911</a>' in page
    assert '<a href="/2024/">2024</a>' in page
    assert '<a href="/1911/03/">March 1911</a>' in text_of(client.get("/2017/06/"))


@pytest.mark.parametrize(
    "address",
    [
        "/2016/",
        "/2017/07/",
        "/2017/13/",
        "/2017/06/31/",
        "/0000/",
        "/9999/12/",
        "/2017/6/",
        "/tag/none/",
        "/tag/%00/",
        "/tag/a%20b/",
        "/article/0/",
        "/article/99999999999999999999999999/x/",
        "/tag/none.atom",
        "/nowhere.atom",
    ],
)
def test_what_the_archive_does_not_hold_is_not_found(client: Client, flood: Article, address: str):
    assert client.get(address).status_code == 404


def test_a_year_at_the_edge_of_the_calendar_can_be_browsed(client: Client):
    for date in ("0001-01-01", "9999-12-31"):
        make_article(date=date)
    for address in ("/0001/", "/0001/01/", "/0001/01/01/", "/9999/12/", "/9999/12/31/", "/"):
        assert client.get(address).status_code == 200


def test_the_years_of_the_archive_are_bars_with_a_text_beside_them(client: Client, flood: Article):
    make_article(date="1911")
    page = text_of(client.get("/"))
    assert '<a href="/1911/" tabindex="-1"><title>1911: 1</title>' in page
    assert "2 dated articles of 2 years, from" in page


# -- names


def test_names_are_listed_with_their_counts(client: Client, flood: Article):
    assert '<a href="/tag/flood/" dir="auto">flood</a> <span class="count">2</span>' in text_of(client.get("/tags/"))


def test_the_list_of_a_name_can_be_searched_within(client: Client, flood: Article):
    kept = [given for given in elements(client.get("/tag/flood/")).named("input") if given["type"] == "hidden"]
    assert [(given["name"], given["value"]) for given in kept] == [("tag", "flood")]


# -- when something is wrong


def test_a_page_that_is_not_there_offers_the_words_of_its_address(client: Client):
    response = client.get("/2017/06/the-ferrymans-case.html?x=1")
    [box] = [given for given in elements(response).named("input") if given.get("name") == "q"]
    assert response.status_code == 404
    assert box["value"] == "the ferrymans case html"


@pytest.mark.django_db(databases=[])
def test_error_pages_need_neither_database_nor_context():
    request = RequestFactory().get("/")
    pages = [
        defaults.server_error(request),
        defaults.bad_request(request, ValueError()),
        defaults.permission_denied(request, PermissionError()),
        csrf_failure(request),
    ]
    assert [page.status_code for page in pages] == [500, 400, 403, 403]
    for page in pages:
        assert len(elements(page).named("h1")) == 1
        assert not elements(page).named("style")


def test_robots_are_kept_out_of_searches(client: Client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert "Disallow: /search/" in text_of(response)


# Names that moved


@pytest.fixture
def moved(flood) -> None:
    """Each name was renamed twice."""
    for kind in (Source, Section, Tag, Author):
        name = kind.objects.get()
        naming.rename(name, "Between")
        naming.rename(name, f"New {kind.__name__}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/tag/flood/", "/tag/new-tag/"),
        ("/tag/between/?order=oldest&after=1", "/tag/new-tag/?order=oldest&after=1"),
        ("/section/world/", "/section/new-section/"),
        ("/source/the-gazette/", "/source/new-source/"),
        ("/author/ann-day/", "/author/new-author/"),
        ("/coverage/the-gazette/", "/coverage/new-source/"),
        ("/tag/flood.json?newest=5", "/tag/new-tag.json?newest=5"),
        ("/tag/flood.atom?newest=50", "/tag/new-tag.atom?newest=50"),
        ("/author/between.csv", "/author/new-author.csv"),
    ],
)
def test_the_address_of_a_renamed_name_leads_to_the_new_one_in_one_step(client, moved, old, new):
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, new)
    assert client.get(new.partition("?")[0]).status_code == 200


def test_the_address_of_a_name_without_published_articles_leads_nowhere(client, moved):
    Article.objects.update(status=Status.WITHHELD)
    assert client.get("/tag/flood/").status_code == 404
    assert client.get("/tag/flood.json").status_code == 404


def test_an_address_leads_to_a_name_for_as_long_as_the_other_name_stands(client, moved):
    naming.know_as(Tag.objects.get(), ["Between"])
    assert client.get("/tag/flood/").status_code == 404
    assert client.get("/tag/between/").status_code == 301


def test_the_page_of_a_name_says_its_other_names(client, moved):
    page = client.get("/tag/new-tag/").content.decode()
    assert "Also called" in page
    assert "<bdi>Between</bdi>, <bdi>flood</bdi>" in page
    assert "Also called" not in client.get("/tags/").content.decode()
