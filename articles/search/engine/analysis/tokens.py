"""From a text to its words as they are written.

A run is a word as it is written: letters, digits and their marks, with apostrophes and hyphens inside; or initials.
`RUN` says which; `runs` finds the same in a fraction of the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .folding import APOSTROPHES, HYPHENS, INVISIBLE, MARKS

# Stands before the first word of a paragraph.
PARAGRAPH = "\x01"
# Stands for a full stop inside initials where words are looked for by what stands between them.
STOP = "\x7f"
# Signs of a text that would be taken for marks.
CONTROLS = ("\x02", "\x03", STOP)

LETTER = r"[^\W\d_]"
INSIDE = rf"[\w{MARKS}{INVISIBLE}]"
NEXT = rf"{LETTER}(?![\w{MARKS}])"
WORD = rf"[\w{MARKS}]{INSIDE}*(?:[{APOSTROPHES}{HYPHENS}](?=[\w{MARKS}])(?!{LETTER}\.{NEXT}){INSIDE}+)*"
RUN = re.compile(rf"(?<!{INSIDE}){LETTER}(?:\.{NEXT})+\.?|{WORD}")

# Initials are looked for by their first full stop: a regular expression that begins with one sign is quick.
WORDS = re.compile(f"{PARAGRAPH}|{WORD}")
INITIALS = re.compile(rf"\.(?<=(?<!{INSIDE}){LETTER}\.){NEXT}(?:\.{NEXT})*\.?")
ASCII_INITIALS = re.compile(r"\.(?<=(?<!\w)[A-Za-z]\.)[A-Za-z](?!\w)(?:\.[A-Za-z](?!\w))*\.?", re.ASCII)

# The signs for which most English text is not ASCII, each as one that is the same to a word.
USUAL = {"’": "'", "‘": "'", "‑": "-"} | dict.fromkeys("“”–—…•·£€©®™°«»\xa0\u2028\u200b", " ")
JOINS = "'`-"
KEPT = {*JOINS, "_", PARAGRAPH}
SEPARATED = {code: sign if (sign := chr(code)).isalnum() or sign in KEPT else " " for code in range(128)}
# What joins is a part of a word only between two letters or digits.
LOOSE = re.compile(r"['`\-](?:(?!\w)|(?<!\w.))", re.ASCII)

# What is in no word of any script: most of it is in ASCII, where one sign after the other is replaced at once.
BETWEEN = [sign for sign in map(chr, range(128)) if not (sign.isalnum() or sign in {*KEPT, " "})]
SEPARATOR = re.compile(rf"[^\w {MARKS}{INVISIBLE}{APOSTROPHES}{HYPHENS}]")

BLANK_LINE = re.compile(r"(?>\r\n?|\n)\s*[\r\n]")
# The same where all lines end in one way: much quicker.
PLAIN_BLANK_LINE = re.compile(r"\n\s*\n")


def runs(text: str) -> list[str]:
    """The words of a text as they are written; an apostrophe may come as a plain one."""
    return _runs(text.replace(PARAGRAPH, " "))


def marked(text: str) -> list[str]:
    """The same with PARAGRAPH before the words of each of its `paragraphs`; one without words may have several."""
    return _runs(_with_marks(text))


def spaced(text: str) -> str:
    """The text for `gathering`: what it finds there are the words that `marked` returns."""
    text = plainer(_with_marks(text))
    if not text.isascii():
        return " ".join(_runs(text)).replace(".", STOP)
    for sign in CONTROLS:
        text = text.replace(sign, " ")
    return " ".join(part.replace(".", STOP) if at % 2 else part for at, part in enumerate(_parts(text, ASCII_INITIALS)))


def blanked(text: str) -> str:
    """The text with blanks for what is in no word, sign for sign: no word goes across one of them."""
    text = plainer(text.replace(PARAGRAPH, " "))
    initials = ASCII_INITIALS if text.isascii() else INITIALS
    return "".join(part if at % 2 else _blanked(part) for at, part in enumerate(_parts(text, initials)))


def _blanked(text: str) -> str:
    if text.isascii():
        return text.translate(SEPARATED)
    for sign in BETWEEN:
        text = text.replace(sign, " ")
    return SEPARATOR.sub(" ", text)


def paragraphs(text: str) -> list[str]:
    """What stands between blank lines."""
    return [part for part in BLANK_LINE.split(text) if part.strip()]


def _with_marks(text: str) -> str:
    text = text.replace(PARAGRAPH, " ").replace("\r\n", "\n").replace("\r", "\n")
    return f"{PARAGRAPH} " + PLAIN_BLANK_LINE.sub(f" {PARAGRAPH} ", text)


def _runs(text: str) -> list[str]:
    text = plainer(text)
    words, initials = (_ascii_words, ASCII_INITIALS) if text.isascii() else (WORDS.findall, INITIALS)
    found: list[str] = []
    for at, part in enumerate(_parts(text, initials)):
        found += [part] if at % 2 else words(part)
    return found


def _parts(text: str, initials: re.Pattern[str]) -> Iterator[str]:
    """What stands before the first initials, these, what stands behind them, and so on."""
    at = 0
    for match in initials.finditer(text):
        first, last = match.start() - 1, match.end()
        yield text[at:first]
        yield text[first:last]
        at = last
    yield text[at:]


def plainer(text: str) -> str:
    """The text with the same words at the same places, and most signs between them as ASCII has them."""
    if text.isascii():
        return text
    for sign, plain in USUAL.items():
        text = text.replace(sign, plain)
    return text


def _ascii_words(text: str) -> list[str]:
    return LOOSE.sub(" ", text.translate(SEPARATED)).split()
