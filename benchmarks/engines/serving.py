"""A page as a server makes it: the whole way through Django, without a socket. Django must be set up before."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse

from newsarchive.rubbish import settle

from .door import PAGE, Question, Result

# Asked for before anything is timed: with the first page, whichever it is, templates and addresses are read.
FIRST = "/search/?q=zqzq"


class NoPage(Exception):
    """The site did not answer, or not as it is measured; the message says which page, or how."""


class Answer(NamedTuple):
    text: str
    etag: str


class Site:
    """The pages of the site whose settings are in use, not packed as for a browser."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()
        settle()

    def page(self, address: str) -> str:
        return self.answer(address).text

    def etag(self, address: str) -> str:
        return self.answer(address).etag

    def unchanged(self, address: str, etag: str) -> None:
        """The page, asked for by who has kept it with this mark."""
        self.answer(address, HTTPStatus.NOT_MODIFIED, HTTP_IF_NONE_MATCH=etag)

    def answer(self, address: str, status: int = HTTPStatus.OK, **headers: str) -> Answer:
        path, _, query = address.partition("?")
        environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost", **headers}
        setup_testing_defaults(environ)
        response = cast(HttpResponse, self.handler(environ, started))
        text = b"".join(response).decode()
        response.close()
        if response.status_code != status:
            raise NoPage(f"{address} answered {response.status_code}.")
        return Answer(text, response.get("ETag", ""))


def started(status: str, headers: list[tuple[str, str]], error: Any = None, /) -> Callable[[bytes], object]:
    """A server would send these now."""
    return bytes


def address(question: Question, typed: Mapping[str, str]) -> str:
    """`typed` says how the words of each kind are written."""
    words = typed[question.kind].format(*question.words, all=" ".join(question.words), slop=question.slop)
    page = {"page": question.start // PAGE + 1} if question.start else {}
    return f"/search/?{urlencode({'q': words} | page)}"


def said(text: str, total: re.Pattern[str], key: re.Pattern[str]) -> Result:
    """What a page says of its answer: how many articles, and which of them it shows."""
    found = total.search(text)
    return Result(int(found[1].replace(",", "")) if found else 0, [int(each) for each in key.findall(text)])
