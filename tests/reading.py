"""What a test reads off the pages, and the parts that they are made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from django.http import QueryDict
from django.template import engines
from django.test import Client

from articles.forms import SearchForm
from articles.search import Page, find


def macro(template: str, name: str) -> Callable[..., str]:
    """A part of the pages that takes arguments, to be called as a page calls it."""
    return getattr(engines["jinja2"].env.get_template(template).module, name)


def page_at(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def found_at(address: str) -> Page:
    """What a page of results shows, from its address."""
    return find(SearchForm(QueryDict(address.partition("?")[2])).question())


def total_on(page: str) -> int:
    """How many articles a list says that it has."""
    (said,) = re.findall(r"<p>([\d,]+) articles?\b", page)
    return int(said.replace(",", ""))


def titles_on(page: str) -> list[str]:
    """The titles of a list in their order."""
    titles = re.findall(r'<article class="line".*?<h[23]><a [^>]*>(.*?)</a></h[23]>', page, re.DOTALL)
    return [unescape(re.sub("<[^>]+>", "", title)) for title in titles]


def link_on(page: str, ending: str) -> str:
    """The address of the first link with this behind its address, in the tag or in words; empty where there is none."""
    found = re.search(rf'<a href="([^"]*)"[^<]*{re.escape(ending)}', page)
    return unescape(found[1]) if found else ""
