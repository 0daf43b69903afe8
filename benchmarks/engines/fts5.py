"""SQLite FTS5. Its only stemmer is the older Porter, so it is given stems; stemming is not in its time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from .door import PAGE, Document, Engine, Question, Result

TABLES = """
CREATE TABLE documents (id INTEGER PRIMARY KEY, day INTEGER NOT NULL, section TEXT NOT NULL);
CREATE INDEX documents_day ON documents (day);
CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize='ascii');
"""
FOUND = "FROM words WHERE words MATCH ?"
JOINED = "FROM words JOIN documents ON documents.id = words.rowid WHERE words MATCH ?"


class FTS5(Engine):
    lacks = {
        "fuzzy": "has no search by edit distance",
        "fields": "would need a second table of words beside the one of the other questions",
    }

    @property
    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def build(self, documents: Iterable[Document]) -> None:
        self.open()
        self.base.executescript(TABLES)
        for document in documents:
            self.put(document)
        self.base.commit()
        self.base.execute("INSERT INTO words (words) VALUES ('optimize')")
        self.base.commit()
        self.base.close()

    def put(self, document: Document) -> None:
        self.base.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (document.key, document.stems))
        self.base.execute("INSERT INTO documents VALUES (?, ?, ?)", (document.key, document.day, document.section))

    def open(self) -> None:
        self.base = sqlite3.connect(self.folder / "index.sqlite3")
        self.base.execute("PRAGMA cache_size = -65536")

    def change(self, old: Document, new: Document) -> None:
        self.base.execute("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (old.key, old.stems))
        self.base.execute("DELETE FROM documents WHERE id = ?", (old.key,))
        self.put(new)
        self.base.commit()

    def search(self, question: Question) -> Result:
        words: list[Any] = [expression(question)]
        if question.facet:
            return self.by_section(words, question)
        if not (question.days or question.by_date):
            total = self.base.execute(f"SELECT count(*) {FOUND}", words).fetchone()[0]
            return Result(total, self.keys(f"SELECT rowid {FOUND} ORDER BY rank", words, question.start))
        found = f"{JOINED} AND day BETWEEN ? AND ?" if question.days else JOINED
        values = [*words, *question.days]
        total = self.base.execute(f"SELECT count(*) {found if question.days else FOUND}", values).fetchone()[0]
        order = "documents.day DESC" if question.by_date else "rank"
        return Result(total, self.keys(f"SELECT words.rowid {found} ORDER BY {order}", values, question.start))

    def keys(self, statement: str, values: list[Any], start: int) -> list[int]:
        rows = self.base.execute(f"{statement} LIMIT {PAGE} OFFSET ?", [*values, start])
        return [key for (key,) in rows]

    def by_section(self, words: list[Any], question: Question) -> Result:
        sections = dict(self.base.execute(f"SELECT section, count(*) {JOINED} GROUP BY section", words))
        keys = self.keys(f"SELECT rowid {FOUND} ORDER BY rank", words, question.start)
        return Result(sum(sections.values()), keys, sections)


def expression(question: Question) -> str:
    quoted = [f'"{stem}"' for stem in question.stems]
    if question.match == "prefix":
        return f"{quoted[0]} *"
    if question.match == "near":
        return f"NEAR({' '.join(quoted)}, {question.slop - 1})"
    return {"or": " OR ", "phrase": " + "}.get(question.match, " AND ").join(quoted)
