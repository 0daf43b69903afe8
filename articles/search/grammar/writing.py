"""A tree, written as it would be typed: what is written is read as the same tree again."""

from __future__ import annotations

from .parts import All, Dated, Either, Expression, Named, Not, Phrase, Word


def write(part: Expression) -> str:
    match part:
        case Word(text, field):
            return f"{field}:{text}" if field else text
        case Phrase(text, field):
            return f'{field}:"{text}"' if field else f'"{text}"'
        case Named(facet, name, exact):
            return f'{facet}:"{name}"' if exact else f"{facet}:{name}"
        case Dated(kind, since, until):
            if kind != "date":
                return f"{kind}:{since or until}"
            return f"date:{since}" if since == until else f"date:{since}..{until}"
        case Not(inner):
            return f"-{_inside(inner)}"
        case All(parts):
            return " ".join(map(_inside, parts))
        case Either(parts):
            return " OR ".join(map(_inside, parts))
    raise NotImplementedError(part)


def _inside(part: Expression) -> str:
    return f"({write(part)})" if isinstance(part, All | Either) else write(part)
