"""Links that carry the words they quote: marked where they stand, and missed where they are gone."""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import search
from articles.models import Article, ImportInput, ImportJob
from articles.quoting import LONGEST
from articles.records import HTML, ArticleRecord, Status

from .makers import make_article, stored
from .reading import page_at

TEXT = "The mayor’s “ferry” left\nthe quay.\n\nNobody was on board, he said."
FIRST = ArticleRecord(
    title="The ferry left", body="The ferry left the quay.\n\nIt will be back.", canonical_url="https://a.example/f"
)


def quoting(article: Article, words: str) -> str:
    return page_at(f"{article.get_absolute_url()}?{urlencode({'quote': words})}")


def imported(*records: ArticleRecord) -> Article:
    for record in records:
        entry = ImportInput.objects.create(job=ImportJob.objects.create(label="a"), position=0, name="a")
        stored([record], entry)
    return Article.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("Nobody was on board", "Nobody was on board"),
        ('The mayor\'s "ferry" left the quay', "The mayor’s “ferry” left\nthe quay"),
        ("  on \n board,\t he ", "on board, he"),
    ],
)
def test_quoted_words_are_marked_whatever_the_breaks_of_lines_and_the_signs_of_quotation(asked: str, marked: str):
    page = quoting(make_article("Gone", text=TEXT), asked)
    assert f'<mark id="mark-1">{marked}</mark>' in page
    assert "do not stand" not in page


@pytest.mark.django_db
def test_words_are_marked_across_links_and_emphasis():
    record = ArticleRecord(title="Gone", body="<p>The <i>ferry</i> left the quay.</p>", body_type=HTML)
    page = quoting(imported(record), "The ferry left")
    assert re.sub("</?mark[^>]*>", "", page).count("<i>ferry</i> left") == 1
    assert "<mark> left</mark>" in page or '<mark id="mark-1"> left</mark>' in page


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["nobody was on board", "the quay. Nobody", "Nobody  was aboard", "<b>", "ferry}"])
def test_other_letters_other_words_and_words_of_two_paragraphs_do_not_stand_there(words: str):
    page = quoting(make_article("Gone", text=TEXT), words)
    assert "do not stand in this article" in page
    assert "<mark" not in page
    assert "earlier versions" not in page


@pytest.mark.django_db
def test_words_that_were_taken_out_are_found_in_the_version_that_had_them():
    article = imported(FIRST, dataclasses.replace(FIRST, body="The ferry left the quay.\n\nIt is lost."))
    page = quoting(article, "It will be back.")
    assert "do not stand in this article" in page
    assert f'href="/article/{article.pk}/versions/1/"' in page
    assert "They stood in it until" in page
    assert "none of its earlier versions" in quoting(article, "It is a raft.")


@pytest.mark.django_db
def test_words_that_readers_never_saw_are_not_given_away():
    draft = dataclasses.replace(FIRST, status=Status.DRAFT, body="The secret ferry.")
    article = imported(draft, FIRST)
    Article.objects.update(status=Status.PUBLISHED)
    assert article.versions.count() == 1
    assert "/versions/1/" not in quoting(article, "The secret ferry.")


@pytest.mark.django_db
def test_no_words_quote_nothing_and_many_are_cut():
    article = make_article("Long", text="a " * LONGEST)
    assert 'class="quoted"' not in quoting(article, " \n ")
    assert "<mark" in quoting(article, "a " * LONGEST)


@given(st.text(min_size=1).filter(str.strip))
def test_any_words_stand_in_themselves(words: str):
    assert search.stands_in([words], words)


@pytest.mark.django_db
def test_each_paragraph_has_a_number_and_a_link_to_it():
    page = page_at(make_article("Gone", text=TEXT).get_absolute_url())
    assert re.findall(r'<p id="(p\d+)"', page) == ["p1", "p2"]
    assert re.findall(r'class="pin" href="#(p\d+)" aria-label="(.*?)"', page) == [
        ("p1", "Paragraph 1"),
        ("p2", "Paragraph 2"),
    ]
