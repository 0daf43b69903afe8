"""Whoosh 2.7.4 by itself: its own codec and matchers, one searcher that stays open. It stems with the same Snowball."""

from __future__ import annotations

from collections.abc import Iterable

import whoosh
from whoosh import analysis, fields, index, query, sorting

from ..words import stem
from .door import PAGE, WEIGHTS, Document, Engine, Question, Result


class Whoosh(Engine):
    @property
    def version(self) -> str:
        return ".".join(map(str, whoosh.__version__))

    def build(self, documents: Iterable[Document]) -> None:
        writer = index.create_in(self.folder, schema()).writer(limitmb=256)
        for document in documents:
            writer.add_document(**row(document))
        writer.commit()

    def open(self) -> None:
        self.index = index.open_dir(self.folder)
        self.searcher = self.index.searcher()

    def change(self, old: Document, new: Document) -> None:
        with self.index.writer() as writer:
            writer.update_document(**row(new))
        self.searcher = self.searcher.refresh()

    def search(self, question: Question) -> Result:
        by = sorting.FieldFacet("day", reverse=True) if question.by_date else None
        grouped = "section" if question.facet else None
        found = self.searcher.search(asked(question), limit=question.start + PAGE, sortedby=by, groupedby=grouped)
        keys = [int(hit["key"]) for hit in found[question.start : question.start + PAGE]]
        return Result(len(found), keys, sections(found) if question.facet else None)


def sections(found: object) -> dict[str, int]:
    return {name: len(numbers) for name, numbers in found.groups().items()}  # type: ignore[attr-defined]


def schema() -> fields.Schema:
    words = analysis.SpaceSeparatedTokenizer() | analysis.StemFilter(stemfn=stem, cachesize=None)
    texts = {name: fields.TEXT(analyzer=words, phrase=True) for name in WEIGHTS}
    exact = {"key": fields.ID(stored=True, unique=True), "section": fields.ID(sortable=True)}
    return fields.Schema(day=fields.NUMERIC(sortable=True), **texts, **exact)


def row(document: Document) -> dict[str, object]:
    texts = {name: getattr(document, name) for name in WEIGHTS}
    return {"key": str(document.key), "day": document.day, "section": document.section, **texts}


def asked(question: Question) -> query.Query:
    found = matching(question)
    if not question.days:
        return found
    return query.And([found, query.ConstantScoreQuery(query.NumericRange("day", *question.days), 0.0)])


def matching(question: Question) -> query.Query:
    """The question as Whoosh's own query classes; our engine takes the very same ones."""
    first = question.stems[0]
    terms = [query.Term("text", stem) for stem in question.stems]
    if question.match == "phrase":
        return query.Phrase("text", list(question.stems))
    if question.match == "near":
        return query.SpanNear(*terms, slop=question.slop, ordered=False)
    if question.match == "prefix":
        return query.Prefix("text", first)
    if question.match == "fuzzy":
        return query.FuzzyTerm("text", first, maxdist=1, prefixlength=1)
    if question.match == "fields":
        return query.Or([query.Term(name, first, boost=by) for name, by in WEIGHTS.items()])
    return terms[0] if len(terms) == 1 else (query.Or if question.match == "or" else query.And)(terms)
