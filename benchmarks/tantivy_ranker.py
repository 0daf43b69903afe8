"""Tantivy as it is without any settings. A module of its own, as it may not be installed."""

from __future__ import annotations

import tantivy

from .quality import DEPTH, WORD, Collection, Ranker


def ranker(collection: Collection, tokenizer: str) -> Ranker:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name=tokenizer)
    made = tantivy.Index(builder.build())
    writer = made.writer(32_000_000, 1)
    for text in collection.texts:
        writer.add_document(tantivy.Document(key=text.key, text=f"{text.title}\n\n{text.body}"))
    writer.commit()
    made.reload()
    searcher = made.searcher()

    def rank(asked: str) -> list[str]:
        found = searcher.search(made.parse_query(" ".join(WORD.findall(asked)).lower(), ["text"]), DEPTH)
        return [searcher.doc(address)["key"][0] for _, address in found.hits]

    return rank
