"""Tantivy by its Python package. It stems with the same Snowball itself."""

from __future__ import annotations

from collections.abc import Iterable

import tantivy

from .door import PAGE, WEIGHTS, Document, Engine, Question, Result

Query = tantivy.Query
Occur = tantivy.Occur
SECTIONS = {"sections": {"terms": {"field": "section", "size": 100}}}


class Tantivy(Engine):
    @property
    def version(self) -> str:
        return tantivy.__version__

    def build(self, documents: Iterable[Document]) -> None:
        self.index = tantivy.Index(schema(), path=str(self.folder))
        self.register()
        writer = self.index.writer(256_000_000)
        for document in documents:
            writer.add_document(row(document))
        writer.commit()
        writer.wait_merging_threads()

    def register(self) -> None:
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
        self.index.register_tokenizer("stemmed", builder.filter(tantivy.Filter.stemmer("english")).build())

    def open(self) -> None:
        self.index = tantivy.Index.open(str(self.folder))
        self.register()
        self.schema = self.index.schema
        self.searcher = self.index.searcher()
        self.writer: tantivy.IndexWriter | None = None

    def change(self, old: Document, new: Document) -> None:
        if self.writer is None:
            self.writer = self.index.writer(32_000_000, 1)
        self.writer.delete_documents("key", old.key)
        self.writer.add_document(row(new))
        self.writer.commit()
        self.index.reload()
        self.searcher = self.index.searcher()

    def search(self, question: Question) -> Result:
        query = self.query(question)
        order = "day" if question.by_date else None
        found = self.searcher.search(query, PAGE, True, order, question.start)
        keys = self.searcher.fast_field_values("key", [address for _, address in found.hits])
        sections = None
        if question.facet:
            buckets = self.searcher.aggregate(query, SECTIONS)["sections"]["buckets"]
            sections = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
        return Result(found.count or 0, keys, sections)

    def query(self, question: Question) -> tantivy.Query:
        matching = self.matching(question)
        if not question.days:
            return matching
        days = Query.range_query(self.schema, "day", tantivy.FieldType.Integer, *question.days)
        return Query.boolean_query([(Occur.Must, matching), (Occur.Must, Query.const_score_query(days, 0.0))])

    def matching(self, question: Question) -> tantivy.Query:
        first = question.stems[0]
        if question.match == "phrase":
            return Query.phrase_query(self.schema, "text", list(question.stems))
        if question.match == "near":
            return self.near(question)
        if question.match == "prefix":
            return Query.regex_query(self.schema, "text", f"{first}.*")
        if question.match == "fuzzy":
            return Query.fuzzy_term_query(self.schema, "text", first, 1, False)
        if question.match == "fields":
            return Query.boolean_query([(Occur.Should, self.weighted(name, first)) for name in WEIGHTS])
        occur = Occur.Should if question.match == "or" else Occur.Must
        terms = [Query.term_query(self.schema, "text", stem, "position") for stem in question.stems]
        return terms[0] if len(terms) == 1 else Query.boolean_query([(occur, term) for term in terms])

    def weighted(self, name: str, stem: str) -> tantivy.Query:
        return Query.boost_query(Query.term_query(self.schema, name, stem), WEIGHTS[name])

    def near(self, question: Question) -> tantivy.Query:
        """Its phrases may be loose one way only, so it is asked both ways."""
        ways = (list(question.stems), list(reversed(question.stems)))
        phrases = [Query.phrase_query(self.schema, "text", way, question.slop - 1) for way in ways]
        return Query.boolean_query([(Occur.Should, phrase) for phrase in phrases])


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in WEIGHTS:
        builder.add_text_field(name, stored=False, tokenizer_name="stemmed", index_option="position")
    builder.add_integer_field("key", stored=False, indexed=True, fast=True)
    builder.add_integer_field("day", stored=False, indexed=True, fast=True)
    builder.add_text_field("section", stored=False, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def row(document: Document) -> tantivy.Document:
    fields = ("key", "day", "section", "title", "caption", "text")
    return tantivy.Document(**{name: getattr(document, name) for name in fields})
