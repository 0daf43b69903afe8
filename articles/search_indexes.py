"""What of an article is indexed, and what it weighs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from haystack import indexes
from haystack.fields import FacetMultiValueField

from .models import Article
from .models.article import LONG_COLUMNS, ArticleQuerySet
from .records import Precision
from .search.engine.schema import microseconds

PARAGRAPH = "\n\n"


class ArticleIndex(indexes.SearchIndex, indexes.Indexable):
    """Words are looked for in `title`, `caption`, `about` and `text`; what ends in _names answers tag: and by:."""

    text = indexes.CharField(document=True, stored=False)
    title = indexes.CharField(model_attr="title", boost=5.0, stored=False)
    # Few articles have captions: beside the average of all articles, most of which have none, every caption is long.
    caption = indexes.CharField(boost=4.0, stored=False)
    about = indexes.CharField(boost=1.5, stored=False)

    source_names = indexes.MultiValueField(stored=False)
    section_names = indexes.MultiValueField(stored=False)
    tag_names = indexes.MultiValueField(stored=False)
    author_names = indexes.MultiValueField(stored=False)
    place_names = indexes.MultiValueField(stored=False)

    source = FacetMultiValueField(stored=False)
    section = FacetMultiValueField(stored=False)
    tag = FacetMultiValueField(stored=False)
    author = FacetMultiValueField(stored=False)
    language = indexes.FacetCharField(model_attr="language", stored=False)
    year = indexes.FacetCharField(stored=False)
    known = indexes.FacetCharField(model_attr="known", stored=False)
    has = FacetMultiValueField(stored=False)

    earliest = indexes.DateTimeField(model_attr="earliest", null=True, stored=False)
    # The same where the day is known.
    known_day = indexes.DateTimeField(null=True, stored=False)
    # When it came into the archive, in microseconds: what came just now is told from what came a moment before.
    stored = indexes.IntegerField(stored=False)
    # What the printings of one story have in common.
    story = indexes.IntegerField(model_attr="story", null=True, stored=False)

    def get_model(self) -> type[Article]:
        return Article

    def get_updated_field(self) -> str:
        """By what `update_index --age` tells what is new."""
        return "modified_at"

    def index_queryset(self, using: str | None = None) -> ArticleQuerySet:
        """What is to be found, with all that a document is made of, in few queries and without the long columns."""
        articles = Article.objects.published().defer(*LONG_COLUMNS).select_related("source")
        return articles.prefetch_related("sections", "tags", "authors", "images")

    def prepare(self, article: Article) -> dict[str, Any]:
        document = super().prepare(article)
        names = {
            "source": [article.source] if article.source else [],
            "section": article.sections.all(),
            "tag": article.tags.all(),
            "author": article.authors.all(),
        }
        for facet, held in names.items():
            document[facet] = [name.slug for name in held]
            document[f"{facet}_names"] = [name.name for name in held]
        filed = [name.name for held in names.values() for name in held]
        document["about"] = PARAGRAPH.join([article.kicker, article.byline, article.dateline, *filed])
        return document

    def prepare_text(self, article: Article) -> str:
        parts = (article.standfirst, article.body_text, article.correction, article.editors_note)
        return PARAGRAPH.join(part for part in parts if part)

    def prepare_caption(self, article: Article) -> str:
        parts = (part for image in article.images.all() for part in (image.caption, image.credit, image.alt))
        return PARAGRAPH.join(part for part in parts if part)

    def prepare_place_names(self, article: Article) -> list[str]:
        return [article.dateline] if article.dateline else []

    def prepare_has(self, article: Article) -> list[str]:
        held = {"correction": article.correction, "image": article.images.all(), "date": article.earliest}
        return [name for name, value in held.items() if value]

    def prepare_stored(self, article: Article) -> int:
        return microseconds(article.created_at)

    def prepare_known_day(self, article: Article) -> dt.datetime | None:
        return article.earliest if article.precision in (Precision.DAY, Precision.MINUTE) else None

    def prepare_year(self, article: Article) -> str | None:
        return f"{article.earliest.year:04}" if article.earliest else None
