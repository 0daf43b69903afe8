"""Parts of a question put together: all of them, any of them, or what does not match. A part may be None: nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from whoosh import query

Parts = Iterable[query.Query | None]


def both(parts: Parts) -> query.Query | None:
    """All of the parts. What only excludes is taken from what includes, not from everything there is."""
    found = [part for part in parts if part is not None]
    negative = [part.b for part in found if is_opposite(part)]
    positive = [part for part in found if not is_opposite(part)]
    if not negative:
        return joined(query.And, positive)
    return query.AndNot(joined(query.And, positive or [_everything()]), either(negative))


def either(parts: Parts) -> query.Query | None:
    return joined(query.Or, [part for part in parts if part is not None])


def joined(join: Callable[[Sequence[query.Query]], query.Query], parts: Sequence[query.Query]) -> query.Query | None:
    return parts[0] if len(parts) == 1 else join(parts) if parts else None


def opposite(part: query.Query | None) -> query.Query | None:
    return None if part is None else query.AndNot(_everything(), part)


def is_opposite(part: query.Query) -> bool:
    return isinstance(part, query.AndNot) and isinstance(part.a, query.Every)


def _everything() -> query.Query:
    """What only excludes says no more than a filter how well a document matches."""
    return query.Every(boost=0.0)


def unscored(asked: query.Query) -> query.Query:
    """A filter says nothing about how well a document matches."""
    return query.ConstantScoreQuery(asked, score=0.0)
