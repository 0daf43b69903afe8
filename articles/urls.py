"""The addresses of the archive's pages."""

from django.urls import URLPattern, path, register_converter

from . import api, feeds, views
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


register_converter(Digits, "two")
register_converter(FourDigits, "four")
register_converter(WordSlug, "word")

DATES = {"year": "<four:year>/", "month": "<four:year>/<two:month>/", "day": "<four:year>/<two:month>/<two:day>/"}


def named(kind: type[Name]) -> list[URLPattern]:
    """The list of all names of one kind, and the page and the feed of each."""
    one, all_of_them, which = kind._meta.model_name, kind._meta.verbose_name_plural, {"kind": kind}
    return [
        path(f"{all_of_them}/", views.names, which, name=f"{all_of_them}"),
        path(f"{one}/<word:slug>/", views.name, which, name=one),
        path(f"{one}/<word:slug>/feed.atom", feeds.NameFeed(), which, name=f"{one}_feed"),
    ]


def dated(kind: str) -> list[URLPattern]:
    """The page and the feed of every year, month or day."""
    return [
        path(DATES[kind], views.period, name=kind),
        path(f"{DATES[kind]}feed.atom", feeds.PeriodFeed(), name=f"{kind}_feed"),
    ]


app_name = "articles"
urlpatterns = [
    path("", views.home, name="home"),
    path("feed.atom", feeds.EverythingFeed(), name="home_feed"),
    path("articles/", views.everything, name="all"),
    path("articles/feed.atom", feeds.EverythingFeed(), name="all_feed"),
    path("article/<int:pk>/", views.article),
    path("article/<int:pk>/<str:slug>/", views.article, name="article"),
    *named(Tag),
    *named(Section),
    *named(Source),
    *named(Author),
    path("undated/", views.undated, name="undated"),
    path("undated/feed.atom", feeds.UndatedFeed(), name="undated_feed"),
    path("search/", views.find, name="search"),
    path("search.json", api.search_json, name="search_json"),
    path("robots.txt", views.robots, name="robots"),
    *dated("year"),
    *dated("month"),
    *dated("day"),
]
