"""Text to terms: one way for what is indexed and for what is asked.

Case, accents, apostrophes, vowel signs and forms of letters do not tell words apart, and endings come off as the
language of a text has them; what is left has a mark of that language and finds nothing in another. Every word takes
one place, so that phrases are exact; there are no stop words. Scripts that do not put spaces between words take one
place a character and are found by pairs of them. Beside its terms a place has a form: the word as it is written.
"""

import unicodedata

import Stemmer

from .asking import Row, Slots, pattern_words, rows, slots, standing
from .folding import TERM_LENGTH, fold, unaccented, written
from .languages import language_of, unmarked
from .marking import Sought, Span, spans
from .tokens import PARAGRAPH, marked, paragraphs, runs
from .words import Place, places

# Part of the stamp of an index. The number is to be raised with every change of what this package returns.
VERSION = f"3, stems {Stemmer.version()}, unicode {unicodedata.unidata_version}"
# The terms before the first word and after the last of each value of a field with several.
START, END = "\x02", "\x03"

__all__ = [
    "END",
    "PARAGRAPH",
    "START",
    "TERM_LENGTH",
    "VERSION",
    "Place",
    "Row",
    "Slots",
    "Sought",
    "Span",
    "fold",
    "language_of",
    "marked",
    "paragraphs",
    "pattern_words",
    "places",
    "rows",
    "runs",
    "slots",
    "spans",
    "standing",
    "unaccented",
    "unmarked",
    "written",
]
