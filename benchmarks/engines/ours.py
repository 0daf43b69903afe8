"""This project's engine by its own door: a store, its snapshot, and the very queries that Whoosh is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import whoosh
from whoosh import fields

from .. import corpus
from ..alone import results, schema, store
from .door import PAGE, WEIGHTS, Document, Engine, Question, Result
from .whoosh import asked

SCHEMA = fields.Schema(
    id=schema.Exact(),
    section=schema.Exact(),
    language=schema.Exact(),
    day=schema.Number(),
    published=schema.Moment(),
    **{name: schema.Text() for name in WEIGHTS},
)
NEWEST_FIRST = (results.Key("day", descending=True),)


class Ours(Engine):
    @property
    def version(self) -> str:
        return f"of this commit, on Whoosh {'.'.join(map(str, whoosh.__version__))}"

    def opened(self) -> store.Store:
        return store.Store(self.folder / "index", SCHEMA, timeout=60)

    def build(self, documents: Iterable[Document]) -> None:
        """With the merges that the indexer would do after a rebuild; others' merges are in their time too."""
        made = self.opened()
        made.rebuild(rows(documents))
        while made.merge():
            pass

    def open(self) -> None:
        self.store = self.opened()
        self.snapshot = self.store.snapshot()

    def change(self, old: Document, new: Document) -> None:
        with self.store.writing() as writer:
            writer.put(row(new))
        self.snapshot = self.store.snapshot()

    def search(self, question: Question) -> Result:
        answer = results.answer(self.snapshot, asked(question), scored=not question.by_date)
        order = NEWEST_FIRST if question.by_date else ()
        keys = [int(hit.key) for hit in answer.window(question.start, question.start + PAGE, order)]
        sections = dict(answer.facet("section")) if question.facet else None
        return Result(answer.total, keys, sections)


@contextmanager
def built(articles: int) -> Iterator[tuple[Ours, Path]]:
    """An open index of articles from the demo texts, and the file that these articles are in."""
    with TemporaryDirectory(prefix="benchmark-") as place:
        lines = Path(place) / "corpus.jsonl"
        corpus.write(corpus.Corpus(corpus.sources(corpus.demo_files())).documents(articles), lines)
        engine = Ours(Path(place))
        engine.build(corpus.read(lines))
        engine.open()
        yield engine, lines


def rows(documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    return map(row, documents)


def row(document: Document) -> dict[str, Any]:
    texts = {name: getattr(document, name) for name in WEIGHTS}
    published = date.fromordinal(document.day)
    told = {"day": document.day, "published": published, "section": document.section, "language": "en"}
    return {"id": str(document.key), **told, **texts}
