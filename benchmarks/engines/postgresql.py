"""PostgreSQL's own full-text search, where DATABASE_URL names a server. Its times are wall time: it works elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import psycopg

from .door import PAGE, Document, Engine, Missing, Question, Result

TABLE = """
DROP TABLE IF EXISTS benchmark_documents;
CREATE TABLE benchmark_documents (id integer PRIMARY KEY, day integer NOT NULL, section text NOT NULL, words tsvector);
"""
INDEXES = """
CREATE INDEX ON benchmark_documents USING gin (words);
CREATE INDEX ON benchmark_documents (day);
ANALYZE benchmark_documents;
"""
INSERT = "INSERT INTO benchmark_documents VALUES (%s, %s, %s, to_tsvector('simple', %s))"
FOUND = "FROM benchmark_documents, to_tsquery('simple', %s) asked WHERE words @@ asked"
RANK = "ts_rank(words, asked) DESC"


class PostgreSQL(Engine):
    remote = True
    lacks = {
        "fuzzy": "has no search by edit distance in its full text",
        "near": "knows an exact distance between two words only",
        "fields": "would need a second column of words beside the one of the other questions",
    }

    @property
    def version(self) -> str:
        with self.connection() as base:
            return base.execute("SHOW server_version").fetchone()[0]  # type: ignore[index]

    def connection(self) -> psycopg.Connection[Any]:
        address = os.environ.get("DATABASE_URL", "")
        if not address.startswith("postgres"):
            raise Missing("DATABASE_URL names no PostgreSQL server")
        try:
            return psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError as error:
            raise Missing(f"the server of DATABASE_URL does not answer: {error}") from error

    def build(self, documents: Iterable[Document]) -> None:
        with self.connection() as base:
            base.execute(TABLE)
            with base.transaction(), base.cursor() as cursor:
                rows = ((document.key, document.day, document.section, document.stems) for document in documents)
                cursor.executemany(INSERT, rows)
            base.execute(INDEXES)

    def open(self) -> None:
        self.base = self.connection()

    def index_bytes(self) -> int:
        statement = "SELECT pg_total_relation_size('benchmark_documents')"
        with self.connection() as base:
            return base.execute(statement).fetchone()[0]  # type: ignore[index]

    def change(self, old: Document, new: Document) -> None:
        statement = "UPDATE benchmark_documents SET words = to_tsvector('simple', %s) WHERE id = %s"
        self.base.execute(statement, (new.stems, old.key))

    def search(self, question: Question) -> Result:
        found = f"{FOUND} AND day BETWEEN %s AND %s" if question.days else FOUND
        values = [expression(question), *question.days]
        order = "day DESC" if question.by_date else RANK
        page = f"SELECT id {found} ORDER BY {order} LIMIT {PAGE} OFFSET {question.start}"
        keys = [key for (key,) in self.base.execute(page, values)]
        if not question.facet:
            return Result(self.base.execute(f"SELECT count(*) {found}", values).fetchone()[0], keys)  # type: ignore[index]
        sections = dict(self.base.execute(f"SELECT section, count(*) {found} GROUP BY section", values).fetchall())
        return Result(sum(sections.values()), keys, sections)


def expression(question: Question) -> str:
    quoted = [f"'{stem}'" for stem in question.stems]
    if question.match == "prefix":
        return f"{quoted[0]}:*"
    return {"or": " | ", "phrase": " <-> "}.get(question.match, " & ").join(quoted)
