"""Questions and their answers, through the whole room."""

from __future__ import annotations

import pytest

from articles.search import Question, find, similar

from ..makers import make_article
from .indexes import bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


def found(text: str = "", **asked) -> list[str]:
    page = find(Question(text, **asked))
    assert not page.degraded
    return [hit.article.title for hit in page.hits]


def test_an_article_is_found_by_a_word_of_its_text():
    make_article("Flood", text="The river rose above the quay.")
    make_article("Fire", text="A warehouse burned.")
    bring_up_to_date()
    assert found("river") == ["Flood"]
    assert found("warehouses") == ["Fire"]
    assert found("-river") == ["Fire"]
    assert found('"the quay"') == ["Flood"]
