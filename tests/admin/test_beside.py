"""What came in, beside the form of an article."""

from __future__ import annotations

import json

import pytest

from articles import jobs
from articles.admin import beside
from articles.models import Article

from ..makers import make_article
from .test_article_form import change_of, save

pytestmark = pytest.mark.django_db

HTML = "<p>The ferry <b>sank</b>.</p><script>alert(1)</script><img src='https://far.example/x.png'><p>At noon.</p>"


def brought(**values: object) -> Article:
    line = json.dumps({"title": "The ferry", **values})
    file = jobs.Incoming("ferry.jsonl", [f'{{"title": "Ice", "body": "Thin."}}\n{line}\n'.encode()])
    jobs.run(jobs.enqueue([file], label="The upload", claimed_by="here:1"))
    return Article.objects.get(title="The ferry")


def shown(client, article: Article) -> str:
    page = client.get(change_of(article)).content.decode()
    return page[page.index('<aside id="came-in"') : page.index("</aside>")]


def test_text_stands_there_as_text(editor):
    article = make_article(text="It <rose> at noon.")
    assert '<pre class="text" dir="auto">It &lt;rose&gt; at noon.</pre>' in shown(editor, article)


def test_html_is_read_clean_and_can_be_looked_at_as_it_came(editor):
    page = shown(editor, brought(body=HTML, body_type="text/html"))
    read, _, source = page.partition("<summary>Its HTML</summary>")
    assert "The ferry <b>sank</b>." in read or "The ferry <strong>sank</strong>." in read
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in source


def test_html_that_was_edited_since_is_still_read_as_it_came(editor):
    article = save(editor, brought(body=HTML, body_type="text/html"), body="It floats.", body_type="text/plain")
    page = shown(editor, article)
    assert "At noon." in page.partition('<div class="text"')[2].partition("Its HTML")[0]
    assert "<script" not in page
    assert "<img" not in page


def test_what_was_changed_since_is_marked(editor):
    article = brought(body="It sank at noon by the upper quay of the town.")
    assert "Changed since" not in shown(editor, article)
    changed = save(editor, article, body="It sank at night by the upper quay of the town.", byline="Ann Day")
    page = shown(editor, changed)
    assert "Changed since, in the text too" in page
    assert "<del>noon</del>" in page
    assert "<ins>night</ins>" in page
    assert "Byline" in page


def test_a_line_of_a_file_of_json_stands_there_as_it_is_in_the_file(editor):
    page = shown(editor, brought(body="x" * 1000, desk="Shipping"))
    assert "The record in its file, line 2" in page
    assert "&quot;desk&quot;: &quot;Shipping&quot;" in page
    assert "(1,000 characters)" in page
    assert "Thin." not in page


@pytest.mark.parametrize("place", ["line 9", "line 0", "line x", "a.jsonl, line 1", ""])
def test_a_place_that_is_no_line_of_the_file_shows_no_record(editor, place):
    article = brought(body="It sank.")
    Article.objects.filter(pk=article.pk).update(place=place)
    assert "The record in its file" not in shown(editor, article)


def test_a_file_that_is_gone_does_not_take_the_page_with_it(editor):
    article = brought(body="It sank.")
    article.original.path.unlink()
    assert article.original.sha256 in shown(editor, article)


def test_of_what_is_very_long_only_the_beginning_is_shown(editor, monkeypatch):
    monkeypatch.setattr(beside, "MOST_SHOWN", 50)
    page = shown(editor, make_article(text="a" * 50 + "b" * 10))
    assert "Only the beginning of 60 characters" in page
    assert "b" * 10 not in page
    lines = [["body", "c" * 30], ["furniture", "d" * 30], ["body", "e" * 30]]
    page = shown(editor, make_article(page=lines))
    assert "Only the beginning of 90 characters" in page
    assert "d" * 20 in page
    assert "d" * 21 not in page
    assert "eee" not in page
    page = shown(editor, make_article(text=HTML, body_type="text/html"))
    assert '<div class="text"' not in page


def test_an_article_that_is_new_has_nothing_beside_it(editor):
    assert "came-in" not in editor.get("/admin/articles/article/add/").content.decode().replace("beside.css", "")
