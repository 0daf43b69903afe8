"""From one result to the next, as one turns pages."""

from __future__ import annotations

from dataclasses import dataclass

from ...models import Article
from .. import asking
from ..edge import attempt
from ..question import Question

# Of the place in an address.
DIGITS = 7


@dataclass(frozen=True)
class Turn:
    """The place of an article among the results of a question, counted from 1, and the results beside it."""

    place: int
    listed: int
    before: Article | None
    after: Article | None
    question: Question

    @property
    def previous_url(self) -> str:
        return self._url(self.before, self.place - 1)

    @property
    def next_url(self) -> str:
        return self._url(self.after, self.place + 1)

    @property
    def url(self) -> str:
        """The page of results that this one is on."""
        return self.question.with_(page=-(-self.place // self.question.size)).url()

    def _url(self, article: Article | None, place: int) -> str:
        return f"{article.get_absolute_url()}?{self.question.querystring()}&at={place}" if article else ""


def turn(question: Question, place: str, article: Article) -> Turn | None:
    """The results beside `article` at about this place; None where it is not there any more, or the index is away."""
    if not (place.isascii() and place.isdecimal() and len(place) <= DIGITS):
        return None
    keys: list[int] = []
    listed, at = 0, int(place)
    with attempt("turning to the next result"):
        keys, listed = asking.find(question).beside(question, at)
    return _turned(question, max(1, at - 1), listed, keys, article.pk)


def _turned(question: Question, first: int, listed: int, keys: list[int], here: int) -> Turn | None:
    """`first` is the place of the first of these keys. What came in or went meanwhile may have moved the article."""
    if here not in keys:
        return None
    number = keys.index(here)
    held = Article.objects.published().only("pk", "title").in_bulk(keys)
    before = held.get(keys[number - 1]) if number else None
    after = held.get(keys[number + 1]) if number + 1 < len(keys) else None
    return Turn(first + number, listed, before, after, question)
