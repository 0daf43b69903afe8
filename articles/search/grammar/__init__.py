"""What readers type, read. The grammar is ours: small, versioned, and independent of the engine that answers."""

from .leaves import period
from .parts import (
    All,
    AtLeast,
    Dated,
    Either,
    Expression,
    Fuzzy,
    Has,
    Named,
    Near,
    Not,
    Pattern,
    Phrase,
    Sought,
    Word,
    sought,
)
from .reading import DEPTH, LENGTH, NO_WORD, TERMS, VERSION, Parsed, negated, parse
from .writing import beside, write

__all__ = [
    "DEPTH",
    "LENGTH",
    "NO_WORD",
    "TERMS",
    "VERSION",
    "All",
    "AtLeast",
    "Dated",
    "Either",
    "Expression",
    "Fuzzy",
    "Has",
    "Named",
    "Near",
    "Not",
    "Parsed",
    "Pattern",
    "Phrase",
    "Sought",
    "Word",
    "beside",
    "negated",
    "parse",
    "period",
    "sought",
    "write",
]
