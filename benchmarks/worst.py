"""The slowest questions that our engine's limits accept, and what they take; those that are refused are named."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from whoosh import query

from . import corpus, questions, table
from .alone import errors, queries, results
from .engines.ours import Ours, built
from .running import say

ROUNDS = 5
TEXT = "text"


def run(articles: int) -> dict[str, Any]:
    with built(articles) as (engine, lines):
        seen = questions.sample(corpus.read(lines), questions.random.Random(1))
        words = [stem for stem, _ in seen.frequencies.most_common(2000)]
        return {"articles": articles, "questions": dict(asked(engine, words))}


def asked(engine: Ours, words: list[str]) -> Iterator[tuple[str, Any]]:
    """The first time of each is cold; a refusal takes time too where it comes late."""
    for name, worst in hard(words).items():
        started = time.process_time()
        try:
            page(engine, worst)
        except errors.QueryRefused as refusal:
            yield name, {"refused": str(refusal), "first": since(started)}
        else:
            first = since(started)
            times = [milliseconds(partial(page, engine, worst)) for _ in range(ROUNDS)]
            yield name, {"first": first, "median": statistics.median(times)}


def page(engine: Ours, worst: query.Query) -> None:
    answer = results.answer(engine.snapshot, worst)
    answer.window(0, 10)


def milliseconds(act: Callable[[], Any]) -> float:
    started = time.process_time()
    act()
    return since(started)


def since(started: float) -> float:
    return 1000 * (time.process_time() - started)


def rows(figures: Mapping[str, Any]) -> list[list[str]]:
    head = [f"{figures['articles']:,} articles, ms of CPU", "first time", "median of later ones"]
    return [head, *([name, *cells(held)] for name, held in figures["questions"].items())]


def cells(held: Mapping[str, Any]) -> list[str]:
    return [table.number(held["first"]), "refused" if "refused" in held else table.number(held["median"])]


def hard(words: list[str]) -> dict[str, query.Query]:
    """`words` are stems, the commonest first."""
    terms = [query.Term(TEXT, word) for word in words]
    return {
        **{f"OR of {count} common words": query.Or(terms[:count]) for count in (16, 64, 256, 1000)},
        "AND of 64 common words": query.And(terms[:64]),
        "phrase of two of the commonest": query.Phrase(TEXT, words[:2]),
        "phrase of eight of the commonest": query.Phrase(TEXT, words[:8], slop=8),
        "loose phrase of two of the commonest": query.Phrase(TEXT, words[:2], slop=50),
        "two of the commonest within 50": query.SpanNear(terms[0], terms[1], slop=50, ordered=False),
        "three near each other": query.SpanNear(
            query.SpanNear(terms[0], terms[1], slop=10, ordered=False), terms[2], slop=10, ordered=False
        ),
        "16 pairs within 50": query.Or(
            [query.SpanNear(terms[at], terms[at + 1], slop=50, ordered=False) for at in range(16)]
        ),
        "commonest word 5 times": queries.AtLeast(terms[0], 5),
        "three common words in a paragraph": queries.SameParagraph(TEXT, tuple(terms[:3])),
        "in the first 20 words": query.SpanFirst(terms[0], 20),
        "beginning of one letter": queries.FormPrefix(TEXT, "s"),
        "beginning of two letters": queries.FormPrefix(TEXT, "st"),
        "beginning of three letters": queries.FormPrefix(TEXT, "str"),
        "eight beginnings": query.Or(
            [queries.FormPrefix(TEXT, start) for start in ("str", "con", "pro", "dra", "gra", "tre", "pre", "bra")]
        ),
        "pattern with a star at both ends": queries.FormPattern(TEXT, "*tion*"),
        "pattern *e*a*": queries.FormPattern(TEXT, "*e*a*"),
        "two letters wrong": queries.FormFuzzy(TEXT, "dradra", 2, 0),
        "eight words with two letters wrong": query.Or(
            [queries.FormFuzzy(TEXT, word, 2, 0) for word in words if len(word) > 5][:8]
        ),
        "everything but one word": query.Not(query.Term(TEXT, "zzzz")),
    }


def show(figures: dict[str, Any]) -> None:
    for line in table.plain(rows(figures)):
        say(line)
    for name, held in figures["questions"].items():
        if "refused" in held:
            say(f"{name}: {held['refused']}")
