"""What of an article Haystack's engine is given. Values that are to be counted whole have to be lists there."""

from __future__ import annotations

from haystack import indexes

from articles.models import Article
from articles.models.article import LONG_COLUMNS, ArticleQuerySet


class StockIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True, use_template=True)
    title = indexes.CharField(model_attr="title")
    source = indexes.MultiValueField(faceted=True)
    section = indexes.MultiValueField(faceted=True)
    tags = indexes.MultiValueField(faceted=True)
    year = indexes.MultiValueField(faceted=True)
    published = indexes.DateTimeField(model_attr="earliest", null=True)

    def get_model(self) -> type[Article]:
        return Article

    def index_queryset(self, using: str | None = None) -> ArticleQuerySet:
        articles = Article.objects.published().defer(*LONG_COLUMNS).select_related("source")
        return articles.prefetch_related("sections", "tags")

    def prepare_source(self, article: Article) -> list[str]:
        return [article.source.name] if article.source else []

    def prepare_section(self, article: Article) -> list[str]:
        return [section.name for section in article.sections.all()]

    def prepare_tags(self, article: Article) -> list[str]:
        return [tag.name for tag in article.tags.all()]

    def prepare_year(self, article: Article) -> list[str]:
        return [str(article.earliest.year)] if article.earliest else []
