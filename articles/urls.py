"""The addresses of the archive's pages."""

from django.urls import URLPattern, path, register_converter

from . import (
    api,
    browsing,
    citing,
    comparing,
    completing,
    coverage,
    entering,
    feeds,
    following,
    front,
    help,
    history,
    openapi,
    reading,
    sitemaps,
    tombstones,
    views,
)
from .models import Author, Name, Section, Source, Tag


class Digits:
    """A number of a date, always written with the same number of digits and kept as it is written."""

    regex = "[0-9]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: int | str) -> str:
        return f"{int(value):02}"


class FourDigits(Digits):
    regex = "[0-9]{4}"

    def to_url(self, value: int | str) -> str:
        return f"{int(value):04}"


class WordSlug:
    """Letters of any script, digits, underscores and hyphens."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CitationForm(WordSlug):
    """As what a citation can be downloaded; see citing.FILES."""

    regex = r"bib|ris|csl\.json"


class SlugsTogether(WordSlug):
    """Several of these, with a plus between them."""

    regex = r"[-\w]+(?:\+[-\w]+)+"


class Form(WordSlug):
    """What programs can have a list in; see api.FORMS."""

    regex = "json|csv|jsonl|atom"


register_converter(Digits, "two")
register_converter(CitationForm, "citation")
register_converter(Form, "form")
register_converter(FourDigits, "four")
register_converter(SlugsTogether, "words")
register_converter(WordSlug, "word")

DATES = {"year": "<four:year>/", "month": "<four:year>/<two:month>/", "day": "<four:year>/<two:month>/<two:day>/"}


def named(kind: type[Name]) -> list[URLPattern]:
    """The list of all names of one kind, and the page and the exports of each."""
    one, all_of_them, which = kind._meta.model_name, kind._meta.verbose_name_plural, {"kind": kind}
    return [
        path(f"{all_of_them}/", browsing.names, which, name=f"{all_of_them}"),
        path(f"{all_of_them}/by-count/", browsing.names, {**which, "by_count": True}, name=f"{all_of_them}_by_count"),
        path(f"{all_of_them}/letter/<str:letter>/", browsing.names, which, name=f"{all_of_them}_letter"),
        path(f"{all_of_them}.json", api.names, {**which, "form": "json"}, name=f"{all_of_them}_export"),
        path(f"{one}/<word:slug>/", browsing.name, which, name=one),
        path(f"{one}/<word:slug>/random/", browsing.random_of_name, which, name=f"{one}_random"),
        path(f"{one}/<word:slug>.<form:form>", api.name, which, name=f"{one}_export"),
    ]


def dated(kind: str) -> list[URLPattern]:
    """The page and the exports of every year, month or day."""
    return [
        path(DATES[kind], views.period, name=kind),
        path(f"{DATES[kind].removesuffix('/')}.<form:form>", api.period, name=f"{kind}_export"),
    ]


app_name = "articles"
# Every page of one article takes its number as `pk`: by it a tombstone stands there too (see tombstones.py).
urlpatterns = [
    path("", front.home, name="home"),
    path("feed.atom", feeds.moved),
    path("<path:place>/feed.atom", feeds.moved),
    path("articles/", views.everything, name="all"),
    path("articles.<form:form>", api.everything, name="all_export"),
    path("article/<int:pk>/", views.article, name="permalink"),
    path("article/<int:pk>/cite/", citing.cite, name="cite"),
    path("article/<int:pk>/cite.<citation:form>", citing.cite_file, name="cite_file"),
    path("article/<int:pk>/printings/", comparing.printings_page, name="printings"),
    path("article/<int:pk>/versions/", history.versions_page, name="versions"),
    path("article/<int:pk>/versions/differences/", history.differences_page, name="versions_differences"),
    path("article/<int:pk>/versions/<int:number>/", history.version_page, name="version"),
    path("article/<int:pk>/<str:slug>/", views.article, name="article"),
    path("article/<int:pk>.<form:form>", api.article),
    path("article/<int:pk>/<word:slug>.<form:form>", api.article, name="article_export"),
    *named(Tag),
    path("tag/<words:slugs>/", browsing.together, name="tags_together"),
    path("tag/<words:slugs>.<form:form>", api.together, name="tags_together_export"),
    *named(Section),
    *named(Source),
    *named(Author),
    path("new/", browsing.arrivals, name="arrivals"),
    path("new.<form:form>", api.arrivals, name="arrivals_export"),
    path("on/<two:month>-<two:day>/", browsing.on_any, name="on_any"),
    path("on/<two:month>-<two:day>.<form:form>", api.on_any, name="on_any_export"),
    path("random/", browsing.random, name="random"),
    path("undated/", views.undated, name="undated"),
    path("undated.<form:form>", api.undated, name="undated_export"),
    path("takedowns/", tombstones.takedowns, name="takedowns"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/<word:slug>/", coverage.coverage, name="source_coverage"),
    path("search/", views.find, name="search"),
    path("search/help/", help.help_page, name="search_help"),
    path("search/why/<int:pk>/", reading.why, name="why"),
    path("search.<form:form>", api.find, name="search_export"),
    path("search/complete.json", completing.complete_json, name="complete"),
    path("followed/", following.followed_list, name="followed_list"),
    path("followed/<word:slug>/", following.followed, name="followed"),
    path("followed/<word:slug>.atom", following.followed_atom, name="followed_atom"),
    path("openapi.json", openapi.document, name="openapi"),
    path("opensearch.xml", openapi.opensearch, name="opensearch"),
    path("login/", entering.Login.as_view(), name="login"),
    path("logout/", entering.Logout.as_view(), name="logout"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<word:kind>-<int:number>.xml", sitemaps.part, name="sitemap_part"),
    *dated("year"),
    *dated("month"),
    *dated("day"),
]
