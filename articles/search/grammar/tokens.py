"""What was typed, cut into tokens: words, phrases, and the signs that stand for something. Time is linear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .words import nearly, pattern

# Characters that are looked at: enough for every tree that is read from them to be written again.
LOOKED_AT = 4096
DISTANCE, TIMES = 50, 1000
# Characters of what was typed that a note repeats.
REPEATED = 60

TEXT_FIELDS = ("title", "body", "caption")
NAME_FIELDS = {"by": "author", "author": "author", "source": "source", "section": "section", "tag": "tag"}
NAME_FIELDS |= {"place": "place"}
DATE_FIELDS = ("date", "before", "after")
FIELDS = (*TEXT_FIELDS, *NAME_FIELDS, "lang", "has", *DATE_FIELDS)
OPERATORS = ("OR", "AND", "NOT")

QUOTES = '"“”„‟«»″＂❝❞〝〞〟'
DASHES = "−–-"
# Spaces, control characters and the marks that turn the direction of writing.
BLANK = "\\s\\x00-\\x1f\\x7f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
BLANKS = re.compile(f"[{BLANK}]+")
QUOTE = re.compile(f"[{QUOTES}]")
TOKEN = re.compile(
    rf"(?P<blank>[{BLANK}]+)|(?P<quote>[{QUOTES}])|(?P<open>[(（])|(?P<close>[)）])|(?P<or>\|+)"
    rf"|(?P<not>[{DASHES}]+(?=[^{BLANK})）|{DASHES}]))|(?P<exact>=+(?=[^{BLANK})）|=]))"
    rf"|(?P<field>(?i:{'|'.join(FIELDS)}))[:：]|(?i:atleast)(?P<times>\d{{1,6}})[:：]|(?P<word>[^{BLANK}{QUOTES}()（）|]+)"
)
NEAR = re.compile(r"near/(\d{1,6})", re.IGNORECASE)
UNKNOWN = re.compile(rf"([^\W\d_]\w*)[:：](?!//|[{BLANK}]|$)")
SLOP = re.compile(r"~\d*")


@dataclass(frozen=True)
class Token:
    """`kind` is a name of a group in TOKEN, "phrase", "near", "and" or "not". `number` is a distance or of times."""

    kind: str
    text: str = ""
    number: int = 0


class Notes(list[str]):
    """Sentences for the reader, each once."""

    def add(self, sentence: str, **values: object) -> None:
        """`values` stand in the place of the names that the sentence has for them."""
        said = sentence % values if values else sentence
        if said not in self:
            self.append(said)


def quoted(text: str) -> str:
    """What was typed, to stand in a note: whatever its script, the sentence around it keeps its direction."""
    return f"“\u2068{text if len(text) <= REPEATED else text[:REPEATED] + '…'}\u2069”"


def is_word(text: str) -> bool:
    """Whether this, typed by itself, is read as a word and nothing else."""
    found = TOKEN.match(text)
    if found is None or found.lastgroup != "word" or found.end() < len(text):
        return False
    return not (text in OPERATORS or NEAR.fullmatch(text) or pattern(text) or nearly(text))


def tokens(text: str, notes: Notes) -> Iterator[Token]:
    at, glued = 0, False
    while found := TOKEN.match(text, at):
        at = found.end()
        kind = str(found.lastgroup)
        if kind == "quote":
            phrase, at = _phrase(text, at, notes)
            yield from phrase
        elif kind == "word":
            # Right behind a field or a sign, OR is a word.
            yield Token("word", found[0]) if glued else _word(text, found, notes)
        elif kind == "times":
            yield Token(kind, found[0][:-1], within(int(found["times"]), TIMES, "atleast{}:", notes))
        elif kind != "blank":
            yield Token(kind, found[kind].casefold())
        glued = kind in ("field", "times", "not", "exact")


def _phrase(text: str, at: int, notes: Notes) -> tuple[list[Token], int]:
    """The phrase that begins at `at`, behind its quotation mark, if it has an end, and where to go on."""
    closing = QUOTE.search(text, at)
    if closing is None:
        notes.add(_("A quotation mark has no partner; its words are searched one by one."))
        return [], at
    words = BLANKS.sub(" ", text[at : closing.start()]).strip()
    if "*" in words:
        notes.add(_("Between quotation marks the sign * stands for nothing. Write wor* near/1 other instead."))
    if slop := SLOP.match(text, closing.end()):
        said = _("%(sign)s stands behind one word, not behind a phrase. Write one near/5 other instead.")
        notes.add(said, sign=quoted(slop[0]))
    return [Token("phrase", words)], slop.end() if slop else closing.end()


def _word(text: str, found: re.Match[str], notes: Notes) -> Token:
    word = found[0]
    if word in OPERATORS:
        return Token(word.lower(), word)
    if near := NEAR.fullmatch(word):
        return Token("near", word, within(int(near[1]), DISTANCE, "near/{}", notes))
    if word.casefold().startswith("near/"):
        said = _("%(word)s is searched as it stands. Write near/10 for words at most 10 words apart.")
        notes.add(said, word=quoted(word))
    elif unknown := UNKNOWN.match(text, found.start()):
        said = _("%(name)s is no field, so %(word)s is searched as it stands. Fields are %(fields)s.")
        notes.add(said, name=quoted(f"{unknown[1]}:"), word=quoted(word), fields=", ".join(FIELDS))
    return Token("word", word)


def within(number: int, most: int, sign: str, notes: Notes) -> int:
    """`number`, or the nearest that may stand in `sign`."""
    allowed = min(max(number, 1), most)
    if allowed != number:
        said = _("The number in %(typed)s is between 1 and %(most)s; %(read)s is searched instead.")
        notes.add(said, typed=sign.format(number), most=most, read=sign.format(allowed))
    return allowed
