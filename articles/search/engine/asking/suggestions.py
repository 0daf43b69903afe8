"""What somebody may have meant who wrote a word that no document has."""

from __future__ import annotations

from collections.abc import Sequence

from .. import analysis
from .snapshot import Snapshot
from .vocabulary import suggest

# Of a longer text only so many words are looked at.
WORDS = 16


def corrected(snapshot: Snapshot, fields: Sequence[str], text: str) -> str | None:
    """The text with each unknown word replaced by the known one that is nearest; None if no word is replaced."""
    words = analysis.runs(text)[:WORDS]
    better = [_known(snapshot, fields, word) for word in words]
    return " ".join(better) if better != words else None


def _known(snapshot: Snapshot, fields: Sequence[str], word: str) -> str:
    if any(snapshot.frequency(name, term) for name in fields for term in _terms(snapshot, word)):
        return word
    found = suggest(snapshot, fields, word, 1)
    return found[0][0] if found else word


def _terms(snapshot: Snapshot, word: str) -> list[bytes]:
    return [row.terms[0].encode() for row in analysis.rows(word, snapshot.languages)]
