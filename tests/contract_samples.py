"""What the contract of a search engine is tried on: an index with every kind of field, and a cast of five articles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from haystack import indexes
from haystack.backends import SQ
from haystack.inputs import AutoQuery, Clean, Exact, Not, Raw

from articles.models import Article, Section

from .makers import make_article


class StoryIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True)
    title = indexes.CharField(model_attr="title", faceted=True)
    author = indexes.CharField(model_attr="byline", faceted=True)
    tags = indexes.MultiValueField(faceted=True)
    beginning = indexes.EdgeNgramField(model_attr="title")
    published = indexes.DateTimeField(model_attr="earliest", null=True)
    words = indexes.IntegerField()
    rating = indexes.FloatField()
    front = indexes.BooleanField()

    def get_model(self) -> type[Article]:
        return Article

    def get_updated_field(self) -> str:
        return "modified_at"

    def index_queryset(self, using: str | None = None) -> Any:
        return Article.objects.published().prefetch_related("tags")

    def prepare_text(self, article: Article) -> str:
        names = " ".join(self.prepare_tags(article))
        return f"{article.title}.\n\n{article.body_text}\n\nBy {article.byline}.\n\n{names}"

    def prepare_tags(self, article: Article) -> list[str]:
        return [tag.name for tag in article.tags.all()]

    def prepare_words(self, article: Article) -> int:
        return len(article.body_text.split())

    def prepare_rating(self, article: Article) -> float:
        return float(article.kicker or 0)

    def prepare_front(self, article: Article) -> bool:
        return article.dateline == "front"


class SectionIndex(indexes.SearchIndex, indexes.Indexable):
    """A second model, of which there is nothing unless a test makes it."""

    text = indexes.CharField(document=True, model_attr="name")

    def get_model(self) -> type[Section]:
        return Section


CAST: dict[str, dict[str, Any]] = {
    "ferry": {
        "title": "The ferry sinks",
        "text": "A ferry sank off the quay in the storm. Nobody drowned.",
        "byline": "Jane Running",
        "tags": ("harbour", "New York, NY"),
        "date": "1911-04-02T10:15",
        "kicker": "4.5",
        "dateline": "front",
    },
    "storm": {
        "title": "Storm over the quay",
        "text": "The storm tore the roof off the ferry house. Storm followed storm.",
        "byline": "Jane Smith",
        "tags": ("storms",),
        "date": "1911-05-20",
        "kicker": "3.5",
    },
    "ice": {
        "title": "Ice on the river",
        "text": "News that comes late: the river froze and the ferry stopped.",
        "byline": "Anne Miller",
        "tags": ("ice", "harbour"),
        "date": "1923-01-15T12:30",
        "kicker": "4.5",
    },
    "comet": {
        "title": "A comet seen",
        "text": "The comet passed over the observatory. Astronomers measured its tail.",
        "byline": "Anne Miller",
        "tags": ("sky",),
        "date": "1923-05-30",
        "kicker": "2.5",
        "dateline": "front",
    },
    "return": {
        "title": "The comet returns",
        "text": "Astronomers at the observatory saw and measured the long bright tail of that comet again.",
        "byline": "Jane Smith",
        "tags": ("sky", "New York, NY"),
        "kicker": "5.5",
    },
}


def make_cast() -> dict[str, Article]:
    return {name: make_article(**values) for name, values in CAST.items()}


COMETS, JANES = {"comet", "return"}, {"ferry", "storm", "return"}
FERRIES = {"ferry", "storm", "ice"}
EVERYONE = FERRIES | COMETS

# Conditions, each with the articles that it holds for.
LOOKUPS = {
    "a word": (SQ(content="ferry"), FERRIES),
    "another ending of it": (SQ(content="astronomer"), COMETS),
    "two words": (SQ(content="ferry storm"), {"ferry", "storm"}),
    "a word of a field": (SQ(title="storm"), {"storm"}),
    "a word by content": (SQ(title__content="storm"), {"storm"}),
    "a phrase": (SQ(content=Exact("measured its tail")), {"comet"}),
    "a phrase in another order": (SQ(content=Exact("tail its measured")), set()),
    "a phrase over a common word": (SQ(content=Exact("news comes")), set()),
    "a phrase with a common word": (SQ(content=Exact("news that comes")), {"ice"}),
    "an exact phrase": (SQ(content__exact="measured its tail"), {"comet"}),
    "an exact name": (SQ(author__exact="Jane Smith"), {"storm", "return"}),
    "a whole value": (SQ(author_exact="Jane Smith"), {"storm", "return"}),
    "a part of a whole value": (SQ(author_exact="Jane"), set()),
    "a word of one of several values": (SQ(tags="york"), {"ferry", "return"}),
    "one whole value of several": (SQ(tags_exact="New York, NY"), {"ferry", "return"}),
    "the beginning of a word": (SQ(title__startswith="ret"), {"return"}),
    "the beginning of a word that has an ending": (SQ(title__startswith="ferry"), {"ferry"}),
    "the end of a word": (SQ(title__endswith="urns"), {"return"}),
    "the inside of a word": (SQ(title__contains="ome"), COMETS),
    "the beginning of a whole value": (SQ(author_exact__startswith="Jane S"), {"storm", "return"}),
    "an ngram": (SQ(beginning="retu"), {"return"}),
    "a misspelt word": (SQ(title__fuzzy="comte"), COMETS),
    "any of several words": (SQ(title__in=["ice", "storm"]), {"ice", "storm"}),
    "any of several whole values": (SQ(author_exact__in=["Anne Miller", "Nobody"]), {"ice", "comet"}),
    "any of several keys": (SQ(django_id__in=["0"]), set()),
    "more words than": (SQ(words__gt=11), {"storm", "return"}),
    "as many words or more": (SQ(words__gte=11), {"ferry", "storm", "ice", "return"}),
    "fewer words than": (SQ(words__lt=11), {"comet"}),
    "as many words or fewer": (SQ(words__lte=11), {"ferry", "ice", "comet"}),
    "as many words": (SQ(words=11), {"ferry", "ice"}),
    "one of several numbers": (SQ(words__in=[10, 12]), {"comet", "storm"}),
    "a range of numbers": (SQ(words__range=[11, 12]), {"ferry", "storm", "ice"}),
    "a range of fractions": (SQ(rating__range=[3.5, 4.5]), FERRIES),
    "a fraction": (SQ(rating=4.5), {"ferry", "ice"}),
    "yes": (SQ(front=True), {"ferry", "comet"}),
    "no": (SQ(front=False), {"storm", "ice", "return"}),
    "after a moment": (SQ(published__gt=dt.datetime(1923, 1, 15, 12, 30)), {"comet"}),
    "from a moment": (SQ(published__gte=dt.datetime(1923, 1, 15, 12, 30)), {"ice", "comet"}),
    "before a moment": (SQ(published__lt=dt.datetime(1911, 4, 2, 10, 15)), set()),
    "until a moment": (SQ(published__lte=dt.datetime(1911, 4, 2, 10, 15)), {"ferry"}),
    "a range of days": (SQ(published__range=[dt.date(1911, 1, 1), dt.date(1922, 12, 31)]), {"ferry", "storm"}),
    "words typed": (SQ(content=AutoQuery("ferry storm")), {"ferry", "storm"}),
    "words typed with a minus": (SQ(content=AutoQuery("ferry -storm")), {"ice"}),
    "a phrase typed": (SQ(content=AutoQuery('comet "measured its tail"')), {"comet"}),
    "a clean word": (SQ(content=Clean("ferry")), FERRIES),
    "not a word": (SQ(content=Not("ferry")), COMETS),
    "a raw query": (SQ(content=Raw("title:storm OR title:ice")), {"storm", "ice"}),
    "a raw range": (SQ(content=Raw("words:[11 TO 12]")), {"ferry", "storm", "ice"}),
    "the one or the other": (SQ(title="ice") | SQ(title="storm"), {"ice", "storm"}),
    "the one and the other": (SQ(content="ferry") & SQ(author="jane"), {"ferry", "storm"}),
    "neither": (~(SQ(title="ice") | SQ(content="comet")), {"ferry", "storm"}),
    "a tree": ((SQ(content="ferry") & ~SQ(author="anne")) | (SQ(title="comet") & SQ(words__gt=10)), JANES),
    "the opposite of an opposite": (~~SQ(title="ice"), {"ice"}),
}
# What is typed by mistake or out of malice.
ODD = ["-", '"', "(", "a:b:c", "[x TO", "*", "~9", "^", "\\", "AND", "NOT OR", "&& ||", "nosuch:x", "\x00", "'", "é{}"]
