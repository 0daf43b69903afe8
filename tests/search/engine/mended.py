"""Defects of Whoosh 2.7.4 that a comparison with it would trip over, mended for the time of the comparison.

Each is a method of a class; `test_against_whoosh` shows that each is wrong as it is.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from whoosh import matching, query
from whoosh.matching import AndMaybeMatcher, AndNotMatcher, DisjunctionMaxMatcher, InverseMatcher, ListMatcher


class Listed(query.Query):
    """Whoosh's column query finds deleted documents too; this one does not."""

    boost = 1.0

    def __init__(self, fieldname, inside):
        self.fieldname, self.inside = fieldname, inside

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return id(self)

    def matcher(self, searcher, context=None):
        reader = searcher.reader()
        column = reader.column_reader(self.fieldname)
        ids = array("I", (number for number in reader.all_doc_ids() if self.inside(column[number])))
        return ListMatcher(ids, all_weights=1.0) if ids else matching.NullMatcher()


def higher_score_of_one_document(matcher):
    """As it is, the score of whichever part is further on counts too, of another document though."""
    scores = [part.score() for part in (matcher.a, matcher.b) if part.is_active() and part.id() == matcher.id()]
    return max(scores)


def exclude_from_the_first_on(matcher):
    """As it is, the first document is not excluded if the other part begins before it."""
    if matcher.a.is_active() and matcher.b.is_active():
        matcher._find_next()


def exclude_while_there_are_any(matcher, number):
    """As it is, it goes on to compare when there is nothing left."""
    if number < matcher.a.id():
        return
    matcher.a.skip_to(number)
    exclude_from_the_first_on(matcher)


def skip_both_to_one_document(matcher, number):
    """As it is, the second part stays behind where the first goes further than it was told to."""
    matcher.a.skip_to(number)
    matcher._first_b()


def invert_to_the_end(matcher):
    """As it is, deleted documents are let through once the other part has come to its end."""
    child = matcher.child
    while matcher._id < matcher.limit:
        if child.is_active() and child.id() < matcher._id:
            child.skip_to(matcher._id)
        held = child.is_active() and child.id() == matcher._id
        if not held and not matcher.missing(matcher._id):
            return
        matcher._id += 1


DEFECTS = {
    higher_score_of_one_document: (DisjunctionMaxMatcher, "score"),
    exclude_from_the_first_on: (AndNotMatcher, "_find_first"),
    exclude_while_there_are_any: (AndNotMatcher, "skip_to"),
    skip_both_to_one_document: (AndMaybeMatcher, "skip_to"),
    invert_to_the_end: (InverseMatcher, "_find_next"),
}


@contextmanager
def mended(*left) -> Iterator[None]:
    """Some defects may be left as they are."""
    with pytest.MonkeyPatch.context() as patch:
        for right, (owner, name) in DEFECTS.items():
            if right not in left:
                patch.setattr(owner, name, right)
        # Whoosh cannot say how large the answer to a query of places may be, and so cannot join it with others.
        patch.setattr(query.Query, "estimate_size", lambda asked, reader: reader.doc_count_all())
        patch.setattr(query.Query, "estimate_min_size", lambda asked, reader: 0)
        yield
