"""An article as a source: its citation in the styles and forms that readers and their programs ask for (citing.md)."""

from .facts import Cited, Person, When, cited
from .formats import as_bibtex, as_csl, as_ris, as_wikitext, key
from .styles import STYLES, Citation, Piece, chicago

__all__ = [
    "STYLES",
    "Citation",
    "Cited",
    "Person",
    "Piece",
    "When",
    "as_bibtex",
    "as_csl",
    "as_ris",
    "as_wikitext",
    "chicago",
    "cited",
    "key",
]
