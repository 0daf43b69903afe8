"""Addresses are those that Django works out, under any prefix."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import get_script_prefix, reverse, set_script_prefix

from articles.addresses import address, around


@pytest.fixture(params=["/", "/1000/slug/0/"])
def prefix(request) -> Iterator[str]:
    before = get_script_prefix()
    set_script_prefix(request.param)
    yield request.param
    set_script_prefix(before)


def test_a_page_without_arguments_has_one_address(prefix: str):
    assert address("articles:undated") == reverse("articles:undated") == f"{prefix}undated/"


def test_what_stands_around_arguments_makes_an_address_with_others(prefix: str):
    before, between, behind = around("articles:article", 0, "slug")
    assert f"{before}7{between}otters-return{behind}" == reverse("articles:article", args=[7, "otters-return"])
    before, behind = around("articles:year", 1000)
    assert f"{before}0987{behind}" == reverse("articles:year", args=[987])
    assert f"{before}1923/05/30{behind}" == reverse("articles:day", args=[1923, 5, 30])
