"""Xapian, by Debian's package for the system's own Python. It is given stems: its Snowball is an older one."""

from __future__ import annotations

from collections.abc import Iterable

import xapian

from .door import PAGE, WEIGHTS, Document, Engine, Question, Result

DAY, SECTION = 0, 1
PREFIXES = {"title": "S", "caption": "XC", "text": ""}
BATCH = 20_000


class Xapian(Engine):
    lacks = {"fuzzy": "has no search by edit distance before 2.0"}

    @property
    def version(self) -> str:
        return xapian.version_string()

    def build(self, documents: Iterable[Document]) -> None:
        base = xapian.WritableDatabase(str(self.folder), xapian.DB_CREATE_OR_OPEN)
        self.reader = reader()
        for number, document in enumerate(documents, start=1):
            base.replace_document(document.key, row(document, self.reader))
            if number % BATCH == 0:
                base.commit()
        base.commit()
        base.close()

    def open(self) -> None:
        self.base = xapian.Database(str(self.folder))
        self.reader = reader()
        self.count = self.base.get_doccount()

    def change(self, old: Document, new: Document) -> None:
        base = xapian.WritableDatabase(str(self.folder), xapian.DB_OPEN)
        base.replace_document(old.key, row(new, self.reader))
        base.commit()
        base.close()
        self.base.reopen()

    def search(self, question: Question) -> Result:
        enquire = xapian.Enquire(self.base)
        enquire.set_query(query(question))
        if question.by_date:
            enquire.set_weighting_scheme(xapian.BoolWeight())
            enquire.set_sort_by_value(DAY, True)
        spy = xapian.ValueCountMatchSpy(SECTION)
        if question.facet:
            enquire.add_matchspy(spy)
        found = enquire.get_mset(question.start, PAGE, self.count)
        keys = [match.docid for match in found]
        sections = {item.term.decode(): item.termfreq for item in spy.values()} if question.facet else None
        return Result(found.get_matches_estimated(), keys, sections)


def reader() -> xapian.TermGenerator:
    made = xapian.TermGenerator()
    made.set_stemming_strategy(made.STEM_NONE)
    return made


def row(document: Document, reader: xapian.TermGenerator) -> xapian.Document:
    made = xapian.Document()
    reader.set_document(made)
    reader.set_termpos(0)
    reader.index_text(document.stems)
    reader.index_text_without_positions(document.title_stems, 1, PREFIXES["title"])
    reader.index_text_without_positions(document.caption_stems, 1, PREFIXES["caption"])
    made.add_value(DAY, xapian.sortable_serialise(document.day))
    made.add_value(SECTION, document.section)
    return made


def query(question: Question) -> xapian.Query:
    found = matching(question)
    if not question.days:
        return found
    low, high = (xapian.sortable_serialise(day) for day in question.days)
    return xapian.Query(xapian.Query.OP_FILTER, found, xapian.Query(xapian.Query.OP_VALUE_RANGE, DAY, low, high))


def matching(question: Question) -> xapian.Query:
    joined = xapian.Query
    stems = question.stems
    if question.match == "prefix":
        return joined(joined.OP_WILDCARD, stems[0], 0, joined.WILDCARD_LIMIT_ERROR, joined.OP_OR)
    if question.match == "phrase":
        return joined(joined.OP_PHRASE, stems, len(stems))
    if question.match == "near":
        return joined(joined.OP_NEAR, stems, question.slop + 1)
    if question.match == "fields":
        return joined(joined.OP_OR, [weighted(PREFIXES[name] + stems[0], by) for name, by in WEIGHTS.items()])
    return joined(joined.OP_OR if question.match == "or" else joined.OP_AND, stems)


def weighted(term: str, by: float) -> xapian.Query:
    return xapian.Query(xapian.Query.OP_SCALE_WEIGHT, xapian.Query(term), by)
