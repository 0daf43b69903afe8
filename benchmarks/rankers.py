"""Engines as they are without any settings, to compare how well they rank; and ours with one thing changed."""

from __future__ import annotations

import importlib
import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from whoosh import fields, index, query
from whoosh.analysis import StemmingAnalyzer

from .alone import analysis, queries, results, schema, scoring, store
from .quality import DEPTH, WORD, Collection, Ranker

# The weight of a title, and of a word that stands exactly as it was asked for, in the archive.
TITLE, EXACT, NEAR = 5.0, 0.3, 0.3


def fts5(collection: Collection, folder: Path, tokenizer: str = "unicode61") -> Ranker:
    base = sqlite3.connect(folder / f"{tokenizer.split()[0]}.sqlite3")
    base.execute(f"CREATE VIRTUAL TABLE texts USING fts5 (key UNINDEXED, title, body, tokenize='{tokenizer}')")
    base.executemany(
        "INSERT INTO texts VALUES (?, ?, ?)", ((text.key, text.title, text.body) for text in collection.texts)
    )

    def rank(asked: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in WORD.findall(asked))
        rows = base.execute("SELECT key FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?", (words, DEPTH))
        return [key for (key,) in rows]

    return rank


def whoosh(collection: Collection, folder: Path) -> Ranker:
    analyzer = StemmingAnalyzer()
    kept = fields.Schema(key=fields.ID(stored=True), text=fields.TEXT(analyzer=analyzer))
    made = index.create_in(folder, kept)
    with made.writer() as writer:
        for text in collection.texts:
            writer.add_document(key=text.key, text=f"{text.title}\n\n{text.body}")
    searcher = made.searcher()

    def rank(asked: str) -> list[str]:
        words = query.Or([query.Term("text", token.text) for token in analyzer(asked, mode="query")])
        return [hit["key"] for hit in searcher.search(words, limit=DEPTH)]

    return rank


def tantivy(collection: Collection, folder: Path, tokenizer: str = "default") -> Ranker:
    return importlib.import_module("benchmarks.tantivy_ranker").ranker(collection, tokenizer)


OTHERS: dict[str, Callable[[Collection, Path], Ranker]] = {
    "Whoosh": whoosh,
    "SQLite FTS5": fts5,
    "SQLite FTS5, porter": partial(fts5, tokenizer="porter unicode61"),
    "Tantivy": tantivy,
    "Tantivy, en_stem": partial(tantivy, tokenizer="en_stem"),
}


class Ours:
    """Our engine over title and body apart and over both in one; a ranker is a way to make a query of the words."""

    NAMES = ("title", "body", "whole")

    def __init__(self, collection: Collection, folder: Path) -> None:
        texts = {name: schema.Text() for name in self.NAMES}
        self.schema = fields.Schema(id=schema.Exact(), language=schema.Exact(), **texts)
        self.folder = folder
        store.Store(folder, self.schema, timeout=60).rebuild(map(row, collection.texts))

    def ranker(self, asked_by: Callable[[str], query.Query]) -> Ranker:
        # A new one each time: it keeps nothing that was counted with other constants.
        snapshot = store.Store(self.folder, self.schema, timeout=60).snapshot()

        def rank(asked: str) -> list[str]:
            return [hit.key for hit in results.answer(snapshot, asked_by(asked)).window(0, DEPTH)]

        return rank


def row(text: Any) -> dict[str, Any]:
    whole = f"{text.title}\n\n{text.body}"
    return {"id": text.key, "language": "en", "title": text.title, "body": text.body, "whole": whole}


def read(asked: str) -> tuple[list[str], list[str]]:
    """The terms and the forms of what is asked."""
    found = [place for run in analysis.runs(asked) for place in analysis.places(run, analysis.language_of("en"))]
    return [place.terms[0] for place in found], [place.form for place in found]


def written(asked: str, name: str = "whole", boost: float = 1.0) -> query.Query:
    return query.Or([queries.Form(name, form.encode(), boost) for form in dict.fromkeys(read(asked)[1])])


def stemmed(asked: str, name: str = "whole", boost: float = 1.0) -> query.Query:
    return query.Or([query.Term(name, term, boost) for term in dict.fromkeys(read(asked)[0])])


def both(asked: str, exact: float = EXACT) -> query.Query:
    return query.Or([stemmed(asked), written(asked, boost=exact)])


def in_fields(asked: str, title: float = TITLE, exact: float = EXACT) -> query.Query:
    parts = [stemmed(asked, "title", title), stemmed(asked, "body")]
    if exact:
        parts += [written(asked, "title", title * exact), written(asked, "body", exact)]
    return query.Or(parts)


def near(asked: str, boost: float = NEAR) -> query.Query:
    """Neighbours of the question that stand near each other in a text count more."""
    terms = read(asked)[0]
    pairs = [list(pair) for pair in pairwise(terms) if pair[0] != pair[1]]
    return query.Or([both(asked), *(query.Phrase("whole", pair, slop=3, boost=boost) for pair in pairs)])


# One thing changed at a time.
STEPS: dict[str, Callable[[str], query.Query]] = {
    "words as written": written,
    "stems": stemmed,
    "stems and exact forms * 0.1": partial(both, exact=0.1),
    "stems and exact forms * 0.3": both,
    "stems and exact forms * 1": partial(both, exact=1.0),
    "and near each other * 0.1": partial(near, boost=0.1),
    "and near each other * 0.3": near,
    "title * 1 and body": partial(in_fields, title=1.0),
    "title * 2 and body": partial(in_fields, title=2.0),
    "title * 5 and body": in_fields,
}


def robertson(documents: int, frequency: int) -> float:
    """What a term weighs by the formula that Tantivy and Lucene have; Whoosh's never comes to nothing."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


# What of the scoring is another number.
CONSTANTS: dict[str, dict[str, Any]] = {
    "B 0.75, K1 1.2 (Whoosh's)": {},
    **{f"B {b}": {"B": b} for b in (0.0, 0.5, 1.0)},
    **{f"K1 {k1}": {"K1": k1} for k1 in (0.9, 1.6, 2.0)},
    "rarity by Robertson": {"rarity": robertson},
}


@contextmanager
def scored_with(changed: dict[str, Any]) -> Iterator[None]:
    kept = {name: getattr(scoring, name) for name in changed}
    set_all(changed)
    try:
        yield
    finally:
        set_all(kept)


def set_all(values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(scoring, name, value)


def ranked(ranker: Ranker, collection: Collection) -> Iterable[tuple[str, list[str]]]:
    for number, asked in collection.queries.items():
        if collection.relevant.get(number):
            unwanted = collection.without.get(number)
            yield number, [key for key in ranker(asked) if key != unwanted]
