"""Words quoted from an article: whether it has them now, or had them before it was changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from . import search, versions
from .cleaning import text_of
from .models import Article
from .versions import State

# Characters of a quotation, and earlier states that are looked through for it, the newest first.
LONGEST, LOOKED_THROUGH = 600, 20


@dataclass(frozen=True)
class Quotation:
    """`text` is the article's with the words marked; None where they do not stand in it. `state` is then the last
    earlier one that readers saw with the words, if there is any.
    """

    words: str
    text: SafeString | None
    state: State | None = None


def quotation(article: Article, given: str, body: str) -> Quotation | None:
    """What becomes of the words `given` in an address; `body` is the text of the article as HTML. None for no words."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in given[:LONGEST]).split())
    if not words:
        return None
    text = search.quoted(body, words)
    return Quotation(words, text, None if text else _said_before(article, words))


def _said_before(article: Article, words: str) -> State | None:
    earlier = [state for state in versions.public_states(article)[::-1] if state.until][:LOOKED_THROUGH]
    records = versions.records_of(article, *earlier)
    said = (text_of(record.body, record.body_type).split("\n\n") for record in records)
    return next((state for state, text in zip(earlier, said, strict=True) if search.stands_in(text, words)), None)
