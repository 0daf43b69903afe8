"""How words are written in an archive, for whoever tells of them or marks them."""

from __future__ import annotations

from collections.abc import Iterator

from whoosh import query

from .. import analysis
from ..asking.limits import Limits, check
from ..asking.queries import FORM_FAMILIES, as_bytes, each_of, parts
from ..asking.snapshot import Snapshot
from ..asking.vocabulary import family, variants
from ..errors import QueryRefused
from .fields import Fields
from .inputs import Sought
from .words import Words


def forms_of_word(snapshot: Snapshot, fields: Fields, word: str) -> list[tuple[str, int]]:
    """The commonest first, with about how many documents have each. Of several words at once nothing is told."""
    terms = [row.terms[0].encode() for row in analysis.rows(word, snapshot.languages) if len(row.terms) == 1]
    return variants(snapshot, fields.content, terms)


def forms_of_input(snapshot: Snapshot, fields: Fields, asked: Sought, limits: Limits) -> list[str]:
    """The words that an input of ours stands for, the commonest first; none where the engine refuses it."""
    words = Words(fields.schema, snapshot.languages)
    found = [leaf for name in fields.content for leaf in _leaves(words.part(asked, name))]
    families = [leaf for leaf in found if isinstance(leaf, FORM_FAMILIES)]
    terms = {term for leaf in found if isinstance(leaf, query.Term) for term in each_of(as_bytes(leaf.text))}
    plain = [form for form, _ in variants(snapshot, fields.content, terms)]
    try:
        for leaf in families:
            check(leaf, limits)
        return [*plain, *family(snapshot, families, limits)]
    except QueryRefused:
        return plain


def _leaves(asked: query.Query | None) -> Iterator[query.Query]:
    if asked is None:
        return
    inner = parts(asked)
    if not inner:
        yield asked
    for part in inner:
        yield from _leaves(part)
