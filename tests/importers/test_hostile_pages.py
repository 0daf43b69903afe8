"""Pages built to take long or to grow: each takes no longer than its length, and holds no more than it has."""

from __future__ import annotations

import io

import pytest

from articles.importers import pagetext, webpage, webpage_body
from articles.importers.webpage_lines import Frame, Line
from articles.records import ArticleRecord, Guidance, UnreadableFile
from tests.growth import assert_in_proportion
from tests.importers.test_hostile_containers import grows_by

FERRY = "<p>The ferry to Skerry did not sail on Tuesday, because eleven otters had moved into its engine room.</p>"
OF_ARTICLE = 'itemscope itemtype="https://schema.org/NewsArticle"'


def answer(reader, content: str) -> ArticleRecord | str:
    try:
        (record,) = reader.read(io.BytesIO(content.encode()), Guidance())
    except UnreadableFile as refusal:
        return str(refusal)
    return record


def page(body: str) -> str:
    return f"<!doctype html><html><body><h1>Otters delay the ferry</h1>{FERRY * 3}{body}</body></html>"


@pytest.mark.parametrize("name", ["li", "blockquote"])
def test_what_is_around_a_line_is_looked_through_once(name):
    def told(depth: int) -> None:
        webpage_body.box(Line("Otters", frames=tuple(Frame(name, number) for number in range(depth))))

    assert_in_proportion(told, 40_000)


def test_the_names_of_boxes_are_searched_once_for_all_lines_in_them():
    names = [f"box{number} " * 20 for number in range(450)]
    webpage_body._is_no_article.cache_clear()
    answer(webpage, page("".join(f'<div class="{name}">' for name in names) + f"<div>{FERRY}</div>" * 50))
    assert webpage_body._is_no_article.cache_info().misses <= len(names) + 5


def test_a_link_of_any_length_around_many_lines_is_not_written_out_with_each():
    linked = f'<a href="https://a.example/{"x" * 100_000}">{FERRY * 100}</a>'
    record = answer(webpage, page(FERRY * 200 + linked + FERRY))
    assert isinstance(record, ArticleRecord)
    assert record.body.count("<a>") == 100
    assert len(record.body) < 100_000


def test_links_inside_of_links_are_one():
    links = "".join(f'<b><a href="https://a.example/{number}">' for number in range(20))
    record = answer(webpage, page(links + FERRY + "<a>x</a></b>" + FERRY))
    assert isinstance(record, ArticleRecord)
    assert record.body.count("<a ") == record.body.count("</a>")
    assert "https://a.example/1" not in record.body


def test_a_property_that_is_named_many_times_is_read_once():
    def told(count: int) -> None:
        answer(
            webpage, page(f'<div {OF_ARTICLE}><div itemprop="{"headline " * count}">{"otters " * count}</div></div>')
        )

    assert_in_proportion(told, 24_000)


def test_properties_inside_of_each_other_do_not_hold_what_is_in_them_each():
    inside = '<div itemprop="headline author">' * 300 + "otters " * 100_000
    assert grows_by(lambda: answer(webpage, page(f"<div {OF_ARTICLE}>{inside}"))) < 60_000_000


def test_headings_of_other_lists_take_no_longer_than_their_number():
    lines = "Share this:\nRelated Articles\nLeave a Reply\n"
    assert_in_proportion(lambda count: answer(pagetext, lines * count), 8000)
