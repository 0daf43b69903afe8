"""How much of a real page's article is found, on pages whose body is known; `make bench-import` prints the figures."""

from __future__ import annotations

import pytest

from benchmarks.imports import page_texts
from benchmarks.imports.page_texts import BROWSER, TOOL

pytestmark = pytest.mark.skipif(not page_texts.DUMPS.is_dir(), reason="the corpora are not beside this checkout")

both = pytest.mark.parametrize("name", [BROWSER, TOOL])


@both
def test_the_body_of_a_page_is_found(name):
    assert page_texts.body_f1(page_texts.pages(name)) >= 0.93


@both
def test_the_headline_of_a_page_is_found(name):
    pages = page_texts.pages(name)
    assert sum(page.has_headline for page in pages) >= len(pages) * 0.85


@both
def test_every_line_of_a_page_is_accounted_for(name):
    assert all(page.is_whole for page in page_texts.pages(name))


def test_a_body_is_compared_by_its_words():
    assert page_texts.f1("the ferry sails", "The ferry sails.") == 1
    assert page_texts.f1("the ferry", "the ferry is late") == pytest.approx(2 / 3)
    assert page_texts.f1("", "the ferry") == 0
