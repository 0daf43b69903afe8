"""What an index would hold of a text, and whether it would find something in it."""

from __future__ import annotations

from articles.search.engine.analysis import language_of, places, rows, runs


def held(text: str, language: str = "") -> dict[str, list[int]]:
    """Where each term stands."""
    found: dict[str, list[int]] = {}
    key = language_of(language)
    stands = [place for run in runs(text) for place in places(run, key)]
    for at, place in enumerate(stands):
        for term in place.terms:
            found.setdefault(term, []).append(at)
    return found


def finds(typed: str, text: str, language: str = "") -> bool:
    """Whether a search for one piece finds the text, by the places of its terms."""
    found = held(text, language)
    return any(
        any(
            all(start + step in found.get(term, []) for step, term in enumerate(row.terms))
            for start in found.get(row.terms[0], [])
        )
        for row in rows(typed, [language])
    )
