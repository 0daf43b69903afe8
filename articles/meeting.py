"""Who is the same article: the rules by which a record that comes in meets what is here. They stand here alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import Q

from .filing import LINKS, pictures
from .models import Article, ImportInput, ImportOutcome, Result, Source, name_key
from .preparing import NAMES, Prepared, content_digest
from .records import ArticleRecord, Status

# What a newer record need not say again: where it is silent, the article keeps what it has.
SILENT = (
    "kicker", "standfirst", "byline", "dateline", "language", "correction", "editors_note", "sections", "tags",
    "authors",
)  # fmt: skip
WORDS = {"editors_note": "editor's note", "images": "pictures"}
# Outcomes that say: what this record of the file told is here.
TAKEN_IN = (Result.CREATED, Result.UPDATED, Result.DUPLICATE)


class Rule(Enum):
    """What becomes of a record, with the sentence that a preview and a receipt give as the reason.

    They are tried from the top down; the first that fits holds.
    """

    TRASHED = (Result.SKIPPED, "the article is in the trash; to have it back, restore it there")
    TAKEN_DOWN = (Result.SKIPPED, "the article was taken down, and nothing of it is taken in until it is brought back")
    SEEN = (Result.DUPLICATE, "this file was imported before")
    SAME_TEXT = (Result.DUPLICATE, "the same source, title, date and text are here")
    SAME_RECORD = (Result.DUPLICATE, "the same record of this address was imported before")
    EDITED = (
        Result.SKIPPED, "the article was edited here on {day}; what came in differs and was not taken over",
    )  # fmt: skip
    FOREIGN = (Result.SKIPPED, "an editor must take this over: the article did not come from who imports this")
    NEW_FACTS = (Result.UPDATED, "the same text of the same address, now with other {facts}: a new version")
    NEW_TEXT = (Result.UPDATED, "the same address, now with another text, title, date or source: a new version")
    NEW = (Result.CREATED, "")

    @property
    def result(self) -> Result:
        return self.value[0]

    @property
    def words(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Meeting:
    """A record, the article that it meets or becomes, and what follows.

    Where the article is updated, `prepared` has also what the article keeps.
    """

    prepared: Prepared
    article: Article
    rule: Rule
    reason: str


@dataclass
class Standing:
    """An article as it will be once the records before this one are stored; `latest` is the last that changes it."""

    article: Article
    content_digest: str
    record_digest: str
    latest: Prepared | None = None

    @classmethod
    def of(cls, article: Article) -> Standing:
        return cls(article, article.content_digest, article.record_digest)

    def take(self, prepared: Prepared) -> None:
        self.content_digest, self.record_digest = prepared.content_digest, prepared.record_digest
        self.latest = prepared

    def told(self) -> ArticleRecord:
        return _pictured(self.latest) if self.latest else self.article.as_record()


@dataclass
class Ahead:
    """What the files before this one come to, where they are not stored yet: a preview looks at one after the other."""

    by_url: dict[str, Standing] = field(default_factory=dict)
    by_digest: dict[str, Standing] = field(default_factory=dict)
    standings: dict[int, Standing] = field(default_factory=dict)


def meet(ready: Sequence[Prepared], entry: ImportInput, ahead: Ahead | None = None, *, lock: bool) -> list[Meeting]:
    """What becomes of each of these records of a file, in their order. Nothing is written.

    With `lock`, in a transaction, the articles that they meet are as they are found until its end.
    """
    ready = _under_other_names(ready)
    here = _Here(ready, entry, ahead or Ahead(), lock)
    return [here.meet(prepared) for prepared in ready]


class _Here:
    """The articles that a batch may meet: by their text, by their address, by their place in this same file."""

    def __init__(self, ready: Sequence[Prepared], entry: ImportInput, ahead: Ahead, lock: bool) -> None:
        self.entry, self.ahead = entry, ahead
        # In one order, so that two who lock the same articles do not wait for each other.
        held = Article.objects.order_by("pk")
        self.held = held.select_for_update(of=("self",)) if lock else held
        self.names = _Names(ready)
        self.standings = ahead.standings
        urls = {prepared.record.canonical_url for prepared in ready} - {""}
        digests = [digest for prepared in ready for digest in prepared.digests]
        whole = self.held.with_names().filter(canonical_url__in=urls)
        self.by_url = {row.canonical_url: self._standing(row) for row in whole}
        self.by_url |= ahead.by_url
        copies = self.held.filter(content_digest__in=digests)
        self.by_digest = {row.content_digest: self._standing(row) for row in copies} | ahead.by_digest
        self.seen = self._seen(ready) if entry.original_id else {}

    def _standing(self, article: Article) -> Standing:
        return self.standings.setdefault(article.pk, Standing.of(article))

    def _seen(self, ready: Sequence[Prepared]) -> dict[tuple[int, str], Standing]:
        """By number and place the articles of records of this very file that imports have taken in, unless undone."""
        places = Q(original=self.entry.original_id, place__in=[prepared.record.place for prepared in ready])
        outcomes = ImportOutcome.objects.filter(
            input__original=self.entry.original_id,
            number__in=[prepared.number for prepared in ready],
            result__in=TAKEN_IN,
            article__isnull=False,
            job__undone_at=None,
            job__undo_asked_at=None,
        )
        taken = {
            (number, place): article for number, place, article in outcomes.values_list("number", "place", "article")
        }
        rows = {row.pk: self._standing(row) for row in self.held.filter(places | Q(pk__in=set(taken.values())))}
        by_place = {(0, standing.article.place): standing for standing in rows.values()}
        return by_place | {key: rows[article] for key, article in taken.items() if article in rows}

    def meet(self, prepared: Prepared) -> Meeting:
        seen, held = self._find(prepared)
        if held is None:
            article = Article(original_id=self.entry.original_id, created_by_id=self.entry.job.created_by_id)
            fresh = Standing(article, "", "")
            return self._take(prepared, fresh, Rule.NEW, prepared.cleaned.note)
        rule, facts = self._rule(prepared, held, seen)
        if rule.result != Result.UPDATED:
            day = f"{held.article.edited_at:%Y-%m-%d}" if held.article.edited_at else ""
            return Meeting(prepared, held.article, rule, rule.words.format(day=day))
        words = rule.words.format(facts=", ".join(WORDS.get(fact, fact) for fact in facts))
        notes = (words, prepared.cleaned.note)
        return self._take(self._completed(prepared, held), held, rule, "; ".join(note for note in notes if note))

    def _find(self, prepared: Prepared) -> tuple[bool, Standing | None]:
        """The article that the record is of; first, whether this very record of this very file was taken in before."""
        place = prepared.record.place
        seen = self.seen.get((prepared.number, place)) or self.seen.get((0, place))
        if seen:
            return True, seen
        copies = (self.by_digest[digest] for digest in prepared.digests if digest in self.by_digest)
        copy = next((standing for standing in copies if standing.content_digest in prepared.digests), None)
        return False, copy or self.by_url.get(prepared.record.canonical_url)

    def _rule(self, prepared: Prepared, held: Standing, seen: bool) -> tuple[Rule, list[str]]:
        """The rule that fits, and which facts are other than they were."""
        if closed := _closed(held.article):
            return closed, []
        if seen:
            return Rule.SEEN, []
        same_text = held.content_digest in prepared.digests
        if same_text and held is not self.by_url.get(prepared.record.canonical_url):
            return Rule.SAME_TEXT, []
        if prepared.record_digest == held.record_digest:
            return (Rule.SAME_TEXT if same_text else Rule.SAME_RECORD), []
        facts = list(self._other_facts(prepared, held.told())) if same_text else []
        if same_text and not facts:
            return Rule.SAME_TEXT, []
        if held.article.edited_at:
            return Rule.EDITED, []
        if not self._may_change(held.article):
            return Rule.FOREIGN, []
        return (Rule.NEW_FACTS if same_text else Rule.NEW_TEXT), facts

    def _may_change(self, article: Article) -> bool:
        """Who runs the archive and who may edit it change what they like; others, what their own imports brought.

        Who may not publish changes nothing that has left their drafts.
        """
        by = self.entry.job.created_by
        if article.pk is None or by is None or by.has_perm("articles.change_article"):
            return True
        if article.status != Status.DRAFT and not by.has_perm("articles.publish_article"):
            return False
        brought = ImportOutcome.objects.filter(article=article, result=Result.CREATED)
        return brought.filter(job__created_by=by).exists()

    def _take(self, prepared: Prepared, standing: Standing, rule: Rule, reason: str) -> Meeting:
        """From here on the article is what this record says."""
        standing.take(prepared)
        self.by_digest[prepared.content_digest] = self.ahead.by_digest[prepared.content_digest] = standing
        if url := prepared.record.canonical_url:
            self.by_url[url] = self.ahead.by_url[url] = standing
        return Meeting(prepared, standing.article, rule, reason)

    def _other_facts(self, prepared: Prepared, told: ArticleRecord) -> Iterator[str]:
        """The facts that the record says otherwise than the article. What it does not say is not otherwise."""
        for name in SILENT:
            value, before = getattr(prepared.record, name), getattr(told, name)
            if value and self.names.same(name, value) != self.names.same(name, before):
                yield name
        record = _pictured(prepared)
        if record.images and _captions(record) != _captions(told):
            yield "images"
        if _bounds(record) != _bounds(told):
            yield "date"

    def _completed(self, prepared: Prepared, held: Standing) -> Prepared:
        """With what the record is silent about. It publishes nothing that was not, unless its batch says so."""
        record, told = prepared.record, held.told()
        silent: dict[str, Any] = {name: getattr(told, name) for name in SILENT if not getattr(record, name)}
        if record.status == Status.PUBLISHED and not self.entry.job.status:
            silent["status"] = told.status
        return dataclasses.replace(prepared, record=dataclasses.replace(record, **silent))


def _closed(article: Article) -> Rule | None:
    """Why nothing at all is taken in, if so."""
    if article.trashed_at:
        return Rule.TRASHED
    return Rule.TAKEN_DOWN if article.is_hidden else None


def _pictured(prepared: Prepared) -> ArticleRecord:
    """The record with all the pictures that it is stored with."""
    return dataclasses.replace(prepared.record, images=tuple(pictures(prepared)))


def _captions(record: ArticleRecord) -> list[tuple[str, str, str]]:
    return [(image.caption, image.credit, image.alt) for image in record.images]


def _bounds(record: ArticleRecord) -> tuple[Any, ...]:
    return record.date.earliest, record.date.latest, record.date.precision, record.date.known


class _Names:
    """Which names of a batch are one: those of one key, and those that an alias leads to."""

    def __init__(self, ready: Sequence[Prepared]) -> None:
        self.leads: dict[str, dict[str, str]] = {}
        for names, kind, _, _ in LINKS:
            rows = kind.objects.known(name for prepared in ready for name in getattr(prepared.record, names))
            self.leads[names] = {key: row.key for key, row in rows.items()}

    def same(self, field: str, value: Any) -> Any:
        """What two values of a field have in common where they say the same."""
        return self._keys(field, value) if field in NAMES else value

    def _keys(self, field: str, names: Iterable[str]) -> set[str]:
        leads = self.leads[field]
        return {leads.get(key, key) for key in map(name_key, names)}


def _under_other_names(ready: Sequence[Prepared]) -> list[Prepared]:
    """With digests by what the source is called now, and by what it was called when copies may have come in."""
    called = Source.objects.called(prepared.record.source for prepared in ready)
    return [_called(prepared, called.get(name_key(prepared.record.source), ())) for prepared in ready]


def _called(prepared: Prepared, names: Sequence[str]) -> Prepared:
    records = (dataclasses.replace(prepared.record, source=name) for name in names)
    digests = [content_digest(record, prepared.cleaned.text) for record in records]
    if not digests:
        return prepared
    return dataclasses.replace(prepared, content_digest=digests[0], other_digests=tuple(digests[1:]))
