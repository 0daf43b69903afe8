"""What a question will cost, told from the dictionary: how many documents have its words, and how often.

The unit is a look at every document there is, so that a question may ask for the same in any large archive.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from whoosh import query
from whoosh.query import spans

from ..errors import TooBroad
from .limits import Limits
from .queries import FAMILIES, POSITIONAL, Chain, Form, InRow, SameParagraph, as_bytes, parts
from .snapshot import Snapshot

# For each document: to read where a word stands; to look there for the neighbours of another.
READ, LOOKED_UP = 3, 20
# For each place: to tell whether another is near; to put pairs together, or to tell paragraphs.
NEAR, PAIRED = 2, 3
# An archive of fewer documents is quick in any case.
FEW = 100_000
# So much more common than what it shall be near, a word is looked for only there.
NARROWED = 4


def check_costs(snapshot: Snapshot, asked: query.Query, limits: Limits) -> None:
    if _is_cheap(asked, limits):
        return
    allowed = limits.cost * max(snapshot.count, FEW)
    costs = Costs(snapshot)
    spent = 0.0
    for part in _costly(asked):
        spent += costs.of(part)
        if spent > allowed:
            said = _(
                "The question has too many words that are very common: leave some of them out, or ask for rarer ones."
            )
            raise TooBroad(said)


def _is_cheap(asked: query.Query, limits: Limits) -> bool:
    """A few words and nothing else: each costs at most a look at every document."""
    if type(asked) is query.Term:
        return True
    plain = type(asked) is query.And or type(asked) is query.Or
    return plain and len(asked) <= limits.cost and all(type(part) is query.Term for part in asked)


def _costly(asked: query.Query) -> Iterator[query.Query]:
    """Words, each once, and conditions on where words stand; filters are cheap."""
    waiting, seen = [asked], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, POSITIONAL):
            yield part
        elif isinstance(part, query.Term | Form):
            word = (type(part), part.fieldname, part.text if isinstance(part, query.Term) else part.form)
            if word not in seen:
                seen.add(word)
                yield part
        elif not isinstance(part, query.ConstantScoreQuery):
            waiting.extend(parts(part))


class Costs:
    """Counts in documents and in places."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def of(self, asked: query.Query) -> float:
        if not isinstance(asked, POSITIONAL):
            return self.size(asked)
        if type(asked) is query.Phrase and asked.slop == 1:
            return self._phrase(asked)
        return self._places(asked, self.snapshot.count, NEAR)

    def size(self, asked: query.Query) -> int:
        """About how many documents can match."""
        if isinstance(asked, query.Term):
            return self.snapshot.frequency(asked.fieldname, as_bytes(asked.text))
        if isinstance(asked, Form):
            return self.snapshot.form_frequency(asked.fieldname, asked.form)
        if isinstance(asked, FAMILIES):
            # Which words it stands for is not known yet; a common one may be among them.
            return self.snapshot.count
        sizes = [self.size(part) for part in _sides(asked)]
        if not sizes:
            return 0
        return sum(sizes) if _is_any(asked) else min(sizes)

    def _phrase(self, asked: query.Phrase) -> float:
        sizes = [self.size(word) for word in set(_sides(asked))]
        rarest = min(sizes, default=0)
        return LOOKED_UP * rarest * (len(sizes) > 1) + READ * sum(sizes) if rarest else 0

    def _places(self, asked: query.Query, within: int, each: int) -> float:
        """What it costs to find places, of which only those in so many documents can matter."""
        if isinstance(asked, query.Term):
            size, often = self.size(asked), self.snapshot.often(asked.fieldname, as_bytes(asked.text))
            return each * often * (within / size if within * NARROWED < size else 1)
        if isinstance(asked, Form):
            return each * self.snapshot.form_often(asked.fieldname, asked.form)
        if isinstance(asked, InRow):
            # They are looked for where the rarest stands, wherever the others do.
            return READ * sum(map(self.size, asked.parts))
        sides = _sides(asked)
        if not sides:
            return each * self.size(asked)
        if not _is_any(asked):
            within = min(within, *map(self.size, sides))
        each = max(each, _each(asked, sides))
        return sum(self._places(side, within, each) for side in sides)


def _sides(asked: query.Query) -> list[query.Query]:
    if isinstance(asked, query.Phrase):
        return [query.Term(asked.fieldname, word) for word in asked.words]
    return list(parts(asked))


def _each(asked: query.Query, sides: list[query.Query]) -> int:
    paired = isinstance(asked, query.Phrase | SameParagraph | Chain) or any(
        isinstance(side, POSITIONAL) for side in sides
    )
    return PAIRED if paired else NEAR


def _is_any(asked: query.Query) -> bool:
    return isinstance(asked, query.Or | spans.SpanOr)
