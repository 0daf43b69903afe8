"""What does not tell words apart: case, accents, apostrophes, vowel signs, forms of letters and digits."""

from __future__ import annotations

import re
import unicodedata

# Of a longer word only the beginning tells it apart; terms must not grow with hostile text.
TERM_LENGTH = 64

APOSTROPHES = "'`´‘’‛′ʹʻʼʽʾʿˈ՚׳＇"
HYPHENS = r"\-_‐‑⁃−－"
# Invisible inside a word: soft hyphen, joiners, marks of direction.
INVISIBLE = "\u00ad\u034f\u061c\u200c\u200d\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"


def _of_category(first: str) -> str:
    """Every character of the basic plane whose Unicode category begins so."""
    return "".join(chr(code) for code in range(0x10000) if unicodedata.category(chr(code)).startswith(first))


def _spans(signs: str) -> str:
    """The same characters as ranges of a character class: a regular expression is quicker with few of them."""
    spans: list[list[int]] = []
    for code in map(ord, signs):
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)


MARKS = _spans(_of_category("M"))
DIGITS = {ord(sign): str(unicodedata.decimal(sign)) for sign in _of_category("Nd")}
# Accents, and the vowel signs of Arabic and Hebrew. Marks of other scripts are letters of their own.
ACCENTS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\ufe00-\ufe0f\ufe20-\ufe2f"
)
ACCENT = re.compile(f"[{ACCENTS}]")
DROPPED = re.compile(f"[{ACCENTS}{APOSTROPHES}{INVISIBLE}\u0640]")
UNSEEN = re.compile(f"[{INVISIBLE}]")
# Letters that no decomposition makes plain, and letters that one script writes in two ways.
LATIN = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ŧ": "t", "ı": "i"}
ARABIC = {"ى": "ي", "ی": "ي", "ے": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا"}
LETTERS = str.maketrans(LATIN | ARABIC | {"⁄": " "}) | DIGITS
LATIN_LETTERS = str.maketrans(
    LATIN | {"ß": "ss", "ẞ": "SS"} | {letter.upper(): plain.upper() for letter, plain in LATIN.items()}
)
SIGNS = str.maketrans({sign: " " for sign in "™®©℠"} | {sign: "" for sign in APOSTROPHES})
# In a form all apostrophes are one. The lower case of the Turkish İ is one letter, not a letter and a mark.
ALIKE = str.maketrans({sign: "'" for sign in APOSTROPHES} | {"İ": "i"})
# To look whether there is anything to translate takes a tenth of the time of translating.
SIGN, LETTER, UNLIKE = (re.compile(f"[{re.escape(''.join(map(chr, table)))}]") for table in (SIGNS, LETTERS, ALIKE))
# No language writes so many marks on one letter; to put them in order takes the square of their number.
FLOOD = re.compile(f"([{MARKS}]{{30}})[{MARKS}]+")


def fold(text: str) -> str:
    """The text without what does not tell words apart: case, accents, apostrophes, forms of letters and digits."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    text = unicodedata.normalize("NFKD", _translated(_bounded(text), SIGN, SIGNS))
    return unicodedata.normalize("NFC", _translated(DROPPED.sub("", text.casefold()), LETTER, LETTERS))


def written(text: str) -> str:
    """The form: the text as it is written, lower case, with one kind of apostrophe and nothing invisible."""
    if text.isascii():
        return text.lower().replace("`", "'")
    composed = unicodedata.normalize("NFC", UNSEEN.sub("", _bounded(text)))
    return unicodedata.normalize("NFC", _translated(composed, UNLIKE, ALIKE).lower())


def unaccented(text: str) -> str:
    """The text as somebody writes it who leaves all accents out."""
    if text.isascii():
        return text
    bare = ACCENT.sub("", unicodedata.normalize("NFD", _bounded(text)))
    return unicodedata.normalize("NFC", bare.translate(LATIN_LETTERS))


def _translated(text: str, which: re.Pattern[str], table: dict[int, str]) -> str:
    return text.translate(table) if which.search(text) else text


def _bounded(text: str) -> str:
    return FLOOD.sub(r"\1", text) if len(text) > TERM_LENGTH else text
