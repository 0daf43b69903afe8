"""Why an article is found: which words in which field, how they are written there, and what each adds to the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from haystack import connections
from haystack.backends import SQ

from ...models import Article
from .. import asking
from ..conditions import FIELDS, conditions
from ..edge import attempt
from ..engine.analysis import END, START, fold, pattern_words, rows, runs, standing, written
from ..engine.asking.results import Answer
from ..engine.errors import QueryRefused
from ..grammar import All, Either, Expression, Fuzzy, Named, Pattern, Sought, sought
from ..question import Question, Sort, wording
from .marking import Rows, rows_of, rows_of_part
from .snippets import marks, snippet

# The fields of an article as readers know them, in the order of a page.
LABELS: dict[str, Promise] = {
    "title": gettext_lazy("Headline"),
    "text": gettext_lazy("Text"),
    "caption": gettext_lazy("Captions"),
    "about": gettext_lazy("Byline, place and names"),
    "source_names": gettext_lazy("Source"),
    "section_names": gettext_lazy("Sections"),
    "tag_names": gettext_lazy("Tags"),
    "author_names": gettext_lazy("Authors"),
    "place_names": gettext_lazy("Place"),
}
ANYWHERE = ("title", "text", "caption", "about")
EXACT = gettext_lazy("as it was typed")
FOLDED = gettext_lazy("other accents or signs")
ENDING = gettext_lazy("other ending")
RING = gettext_lazy("name ring")
LIKE = gettext_lazy("pattern")
NEARLY = gettext_lazy("spelled nearly so")
# Forms of a word that are told.
FORMS = 8

Leaf = Sought | Named


@dataclass(frozen=True)
class Written:
    """How a word is written in a field, how often, and what of the question that answers to."""

    words: str
    times: int
    how: str


@dataclass(frozen=True)
class Reason:
    """A part of the question that a field answers, with its share of the score in percent.

    Without a field it is what no part of the question can be told to have added.
    """

    words: str
    field: str
    written: tuple[Written, ...]
    times: int
    share: int


@dataclass(frozen=True)
class Passage:
    """The best of a field, escaped and marked."""

    field: str
    text: SafeString


@dataclass(frozen=True)
class Why:
    """Why a question finds an article. `found` is false where it does not; `note` says what stands in the way."""

    question: Question
    found: bool = False
    reasons: tuple[Reason, ...] = ()
    passages: tuple[Passage, ...] = ()
    note: str = ""

    @property
    def by_date(self) -> bool:
        """The score did not place it among the results."""
        return self.question.order != Sort.RELEVANCE


def why(question: Question, article: Article) -> Why:
    with attempt("telling why an article is found") as tried:
        return _why(question, article)
    refused = isinstance(tried.error, QueryRefused)
    return Why(question, note=str(tried.error) if refused else _("The search index is being rebuilt. Try again later."))


def _why(question: Question, article: Article) -> Why:
    found = _found(question, article)
    asked, answer = found.read.expression, found.answer
    index = connections["default"].get_unified_index().get_index(Article)
    texts = {name: _joined(value) for name, value in index.full_prepare(article).items() if name in LABELS}
    account = Account(question, article.language, texts, _leaves(asked), answer.snapshot.languages)
    for part in answer.explain(f"{Article._meta.label_lower}.{article.pk}") if answer.total else ():
        account.enter(part.field, part.term, part.forms, part.score)
    wanted = rows_of(asked, [article.language], question.exact)
    passages = tuple(_passages(texts, wanted, article.language))
    note = " ".join(found.read.notes)
    return Why(question, bool(answer.total), tuple(account.reasons()), passages if answer.total else (), note)


def _passages(texts: Mapping[str, str], wanted: Rows, language: str) -> Iterator[Passage]:
    """Of each field that has some of what is looked for there."""
    fields = {name: field for field, name in FIELDS.items()}
    for name in ANYWHERE:
        text, rows = texts.get(name, ""), wanted.of(fields.get(name, ""))
        if marks(text, rows, language):
            yield Passage(str(LABELS[name]), snippet(text, rows, language))


def _found(question: Question, article: Article) -> asking.Indexed:
    """The article, if the question finds it."""

    def put(expression: Expression | None) -> Answer:
        return asking.engine().answer(conditions(question, (), expression) & SQ(django_id__in=[article.pk]))

    return asking.answered(question, asking.read(question), put)


def _joined(value: str | Sequence[str] | None) -> str:
    return value if isinstance(value, str) else "\n\n".join(value or ())


def _leaves(part: Expression | None) -> tuple[Leaf, ...]:
    """What of a question can stand in an article: words, and names that it is filed under."""
    if isinstance(part, All | Either):
        return tuple(leaf for inner in part.parts for leaf in _leaves(inner))
    return (part,) if isinstance(part, Named) else tuple(sought(part)) if part else ()


@dataclass
class Entry:
    """What one part of the question finds in one field, as the engine tells it."""

    score: float = 0.0
    forms: Counter[str] = field(default_factory=Counter)


@dataclass
class Account:
    """Enters what the engine tells of terms under the parts of the question."""

    question: Question
    language: str
    texts: Mapping[str, str]
    leaves: Sequence[Leaf]
    languages: Collection[str]
    entries: dict[tuple[Leaf | None, str], Entry] = field(default_factory=dict)

    def enter(self, name: str, term: str, forms: Iterable[tuple[str, int]], score: float) -> None:
        leaf = next((leaf for leaf in self.leaves if name in _fields(leaf) and term in self._terms(leaf)), None)
        entry = self.entries.setdefault((leaf, name if leaf else ""), Entry())
        entry.score += score
        entry.forms |= Counter(dict(forms))

    def reasons(self) -> Iterator[Reason]:
        """Those that add most first."""
        ordered = sorted(self.entries.items(), key=lambda item: -item[1].score)
        shares = percent([entry.score for _key, entry in ordered])
        for ((leaf, name), entry), share in zip(ordered, shares, strict=True):
            yield self._reason(leaf, name, entry, share)

    def _reason(self, leaf: Leaf | None, name: str, entry: Entry, share: int) -> Reason:
        if leaf is None:
            return Reason(_("What else was counted"), "", (), 0, share)
        forms = self._forms(leaf, name) or self._still(name, entry.forms)
        told = tuple(Written(form, times, self._how(leaf, form)) for form, times in forms.most_common(FORMS))
        return Reason(wording.words(leaf, True), str(LABELS.get(name, name)), told, forms.total(), share)

    def _forms(self, leaf: Leaf, name: str) -> Counter[str]:
        """As they stand in the article now; whole phrases, where the engine tells of their words."""
        text = self.texts.get(name, "")
        if isinstance(leaf, Named):
            wanted = rows(leaf.name, self.languages)
        else:
            wanted = list(rows_of_part(leaf, self.languages, self.question.exact))
        places = {(mark.start, mark.end) for mark in marks(text, wanted, self.language)}
        return Counter(" ".join(text[start:end].casefold().split()) for start, end in sorted(places))

    def _still(self, name: str, forms: Counter[str]) -> Counter[str]:
        """Of the forms that the engine tells those that stand in the article now: an editor may have taken one out."""
        return Counter(form for form in map(written, runs(self.texts.get(name, ""))) if form in forms)

    def _how(self, leaf: Leaf, form: str) -> str:
        if isinstance(leaf, Pattern | Fuzzy):
            return str(LIKE if isinstance(leaf, Pattern) else NEARLY)
        if leaf not in _leaves(self.question.parsed.expression):
            return str(RING)
        typed = leaf.name if isinstance(leaf, Named) else leaf.text
        if written(form) == written(typed):
            return str(EXACT)
        return str(FOLDED if fold(form) == fold(typed) else ENDING)

    def _terms(self, leaf: Leaf) -> set[str]:
        """By which the engine knows what it was asked."""
        if isinstance(leaf, Pattern):
            pieces = map(written, pattern_words(leaf.text))
            return {text for piece in pieces for text in (piece, piece.rstrip("*"))}
        text = leaf.name if isinstance(leaf, Named) else leaf.text
        found = [*rows(text, self.languages), *standing(text, self.languages)]
        return {START, END, *(term for row in found for term in (*row.terms, *row.forms))}


def _fields(leaf: Leaf) -> tuple[str, ...]:
    if isinstance(leaf, Named):
        return (f"{leaf.facet}_names",)
    return (FIELDS[leaf.field],) if leaf.field else ANYWHERE


def percent(scores: Sequence[float]) -> list[int]:
    """Whole percents that make up a hundred; what was rounded off most is rounded up first."""
    total = sum(scores)
    if not total:
        return [0] * len(scores)
    exact = [100 * score / total for score in scores]
    shares = [int(share) for share in exact]
    up = sorted(range(len(scores)), key=lambda at: shares[at] - exact[at])[: 100 - sum(shares)]
    return [share + (at in up) for at, share in enumerate(shares)]
