"""Articles as they would come in: what is written here can be read back."""

from __future__ import annotations

import json
from collections.abc import Iterator

from .models.article import ArticleQuerySet
from .records import to_json

CHUNK = 500


def jsonl(articles: ArticleQuerySet) -> Iterator[str]:
    """One line per article, oldest row first, in bounded memory. The lines end with a line feed."""
    for article in articles.with_names().order_by("pk").iterator(chunk_size=CHUNK):
        yield json.dumps(to_json(article.as_record()), ensure_ascii=False, separators=(",", ":")) + "\n"
