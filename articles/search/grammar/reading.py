"""What was typed, read: words, "phrases", -not, OR, brackets, fields, dates and distances. Nothing typed raises.

    query   = either { [AND] either }             all must match
    either  = term { OR term }                    OR joins the terms on either side of it
    term    = { - | NOT } row
    row     = operand { near/5 operand }          words near each other
    operand = { field: | atleast5: | = | - } ( word | "phrase" | ( query ) )

What cannot be read so is searched as it stands, and a note says so. Time is linear in what was typed. What is read can
be written again (writing.py), and is then read as the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .leaves import leaf, literal
from .parts import All, AtLeast, Either, Expression, Named, Near, Not, Phrase, Sought, Word, sought
from .tokens import LOOKED_AT, Notes, Token, quoted, tokens
from .words import searchable

# What may be typed, and what it means. Another meaning of the same is another version.
VERSION = 2
# Characters of all words, words, and brackets in brackets.
LENGTH, TERMS, DEPTH = 512, 64, 16

NO_WORD = gettext_lazy("There is no word to search for in this.")


@dataclass(frozen=True)
class Parsed:
    expression: Expression | None = None
    notes: tuple[str, ...] = ()

    @property
    def sought(self) -> tuple[Sought, ...]:
        """The words and phrases that a found article has, for marking."""
        return tuple(sought(self.expression)) if self.expression else ()


def parse(text: str) -> Parsed:
    return parse_in(get_language(), text)


@lru_cache(maxsize=256)
def parse_in(language: str | None, text: str) -> Parsed:
    """Kept for each language that the notes can be in."""
    notes = Notes()
    if len(text) > LOOKED_AT:
        notes.add(_("Only the first %(number)s characters were read."), number=LOOKED_AT)
    expression = Reader(list(tokens(text[:LOOKED_AT], notes)), notes).read()
    if text.strip() and expression is None:
        notes.add(str(NO_WORD))
    return Parsed(expression, tuple(notes))


@dataclass
class Prefix:
    """What stands before an operand: a field, a sign, a number of times."""

    field: str = ""
    exact: bool = False
    times: Token | None = None
    negative: bool = False


@dataclass
class Reader:
    """Reads tokens from left to right; each method takes what it can and leaves the rest."""

    tokens: list[Token]
    notes: Notes
    at: int = 0
    depth: int = 0
    ignored: int = 0
    letters: int = LENGTH
    words: int = TERMS
    fields: list[str] = field(default_factory=lambda: [""])

    def read(self) -> Expression | None:
        parts: list[Expression | None] = []
        while self.at < len(self.tokens):
            parts.append(self.query())
            if self.take("close"):
                self.notes.add(_("A closing bracket has no partner and was left out."))
        return together(All, parts)

    def next(self, *kinds: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].kind in kinds

    def take(self, *kinds: str) -> Token | None:
        if not self.next(*kinds):
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def query(self) -> Expression | None:
        parts = []
        while self.at < len(self.tokens) and not self.closes():
            parts.append(self.either())
            if (sign := self.take("and")) and (self.closes() or self.at == len(self.tokens)):
                self.stray(sign)
        return together(All, parts)

    def closes(self) -> bool:
        """Whether a bracket closes here, other than the partner of one that was too deep."""
        while self.ignored and self.take("close"):
            self.ignored -= 1
        return self.next("close")

    def either(self) -> Expression | None:
        parts = [self.term()]
        while sign := self.take("or"):
            parts.append(self.term())
            if not (parts[-1] and parts[-2]):
                self.stray(sign)
        return together(Either, parts)

    def term(self) -> Expression | None:
        signs = []
        while sign := self.take("not"):
            signs.append(sign)
        part = self.row()
        if part is None and signs and signs[-1].text == "NOT":
            self.stray(signs[-1])
        return negated(part) if part and len(signs) % 2 else part

    def row(self) -> Expression | None:
        parts, signs = [self.operand()], []
        while sign := self.take("near"):
            signs.append(sign)
            parts.append(self.operand())
        return self.near([part for part in parts if part], signs) if signs else parts[0]

    def near(self, parts: list[Expression], signs: list[Token]) -> Expression | None:
        if len(parts) <= len(signs):
            self.stray(signs[0])
        if len(parts) < 2:
            return parts[0] if parts else None
        row = [part for part in parts if isinstance(part, Sought)]
        fields = {part.field for part in row if part.field}
        if len(row) < len(parts) or len(fields) > 1:
            said = _(
                "%(sign)s stands between words or phrases of one field, and was left out here. "
                "Write (one near/5 other) OR (one near/5 another)."
            )
            self.notes.add(said, sign=signs[0].text)
            return together(All, [*parts])
        if any(sign.number != signs[0].number for sign in signs):
            said = _("A row of words has one distance, here %(sign)s. Write (one near/5 other) (other near/9 third).")
            self.notes.add(said, sign=signs[0].text)
        common = "".join(fields)
        return Near(tuple(replace(part, field=common) for part in row), signs[0].number)

    def operand(self) -> Expression | None:
        while sign := self.take("and", "or", "near"):
            self.stray(sign)
        before = self.prefix()
        if not self.next("word", "phrase", "open"):
            return self.alone(before)
        self.fields.append(before.field or self.fields[-1])
        token = self.take("word", "phrase")
        part = self.leaf(token) if token else self.bracket()
        self.fields.pop()
        return self.prefixed(part, before) if part else None

    def prefix(self) -> Prefix:
        before = Prefix()
        while token := self.take("field", "exact", "times", "not"):
            if token.kind == "field":
                if before.field:
                    said = _("“%(field)s:” stands before another field and was left out.")
                    self.notes.add(said, field=before.field)
                before.field = token.text
            elif token.kind == "times":
                before.times = token
            elif token.kind == "exact":
                before.exact = True
            else:
                before.negative ^= True
        return before

    def prefixed(self, part: Expression, before: Prefix) -> Expression:
        if before.exact:
            part = self.exactly(part)
        if before.times:
            part = self.counted(part, before.times)
        return negated(part) if before.negative else part

    def exactly(self, part: Expression) -> Expression:
        if isinstance(part, Word | Phrase) or (isinstance(part, Named) and part.facet != "language"):
            return replace(part, exact=True)
        self.notes.add(
            _('The sign = stands before one word or phrase, and was left out elsewhere: =word, ="a phrase".')
        )
        return part

    def counted(self, part: Expression, times: Token) -> Expression:
        if isinstance(part, Sought):
            return AtLeast(times.number, part)
        said = _("%(sign)s: counts one word or phrase, and was left out elsewhere. Write %(sign)s:word.")
        self.notes.add(said, sign=times.text)
        return part

    def alone(self, before: Prefix) -> Expression | None:
        """A field or a number of times with nothing behind it."""
        name = before.times.text if before.times else before.field
        if not name:
            return None
        said = _("“%(name)s:” has nothing behind it, so it is searched as a word. Write %(name)s:word.")
        self.notes.add(said, name=name)
        return literal(self.afford(name))

    def bracket(self) -> Expression | None:
        self.at += 1
        if self.depth == DEPTH:
            self.notes.add(_("Brackets are read %(depth)s deep; deeper ones were left out."), depth=DEPTH)
            self.ignored += 1
            return None
        self.depth += 1
        part = self.query()
        self.depth -= 1
        if not self.take("close"):
            self.notes.add(_("An opening bracket has no partner; it was closed at the end."))
        return part

    def leaf(self, token: Token) -> Expression | None:
        name = self.fields[-1]
        if name and not searchable(token.text):
            self.notes.add(_("There is no word or date behind “%(name)s:”, so it was left out."), name=name)
            return None
        return leaf(self.afford(token.text), name, token.kind == "phrase", self.notes)

    def afford(self, text: str) -> str:
        """As much of `text` as the limits leave room for."""
        if not searchable(text):
            return ""
        if self.is_full:
            if self.words > 0:
                self.too_long()
            else:
                self.too_many()
            return ""
        if len(text) > self.letters:
            self.too_long()
            text = text[: self.letters].rstrip()
            self.letters = 0
        self.letters -= len(text)
        self.words -= len(text.split())
        return text

    def too_long(self) -> None:
        self.notes.add(_("Only the first %(number)s letters were searched for."), number=LENGTH)

    def too_many(self) -> None:
        self.notes.add(_("Only the first %(number)s words were searched for."), number=TERMS)

    @property
    def is_full(self) -> bool:
        return self.words <= 0 or self.letters <= 0

    def stray(self, sign: Token) -> None:
        """Told of an operator that has nothing to work on, unless what it works on is beyond the limits."""
        if not self.is_full:
            said = _(
                "%(sign)s stands beside words, and was left out where one is missing. "
                'To search for it as a word, write "%(word)s" in quotation marks.'
            )
            self.notes.add(said, sign=quoted(sign.text), word=sign.text)


def together(kind: type[All] | type[Either], parts: list[Expression | None]) -> Expression | None:
    """All of `kind` in one, however they were bracketed; what is alone, by itself."""
    found = [inner for part in parts if part for inner in (part.parts if isinstance(part, kind) else [part])]
    return kind(tuple(found)) if len(found) > 1 else found[0] if found else None


def negated(part: Expression) -> Expression:
    return part.part if isinstance(part, Not) else Not(part)
