"""How well engines rank: collections with judgments of relevance, every engine as it is without any settings.

All are asked the same: any of the words of the query (OR). Mean average precision and nDCG at 10 are of the ranking
down to DEPTH.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from . import table

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
DEPTH = 1000
# Of the 894 headlines every fourth is asked: enough to tell, and quick.
EVERY = 4
Ranker = Callable[[str], list[str]]
WORD = re.compile(r"\w+")
SENTENCE_CASE = re.compile(r"\s+([.,;:?!])")

Judged = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Text:
    key: str
    title: str
    body: str


@dataclass(frozen=True)
class Collection:
    """`relevant` has, for each query, the keys of what is relevant to it, and how much."""

    name: str
    texts: list[Text]
    queries: dict[str, str]
    relevant: Judged
    # Keys that are no answer to a query: the article whose title it is.
    without: dict[str, str] = field(default_factory=dict)


def available() -> bool:
    return CORPORA.exists()


def collections() -> list[Collection]:
    return [time_magazine(), headlines(), events()]


def time_magazine() -> Collection:
    """Three of its judgments are of two articles that the collection has lost; they are left out."""
    texts = [Text(told["id"], "", plain(told["body"])) for told in lines("text/time1963_en.jsonl.gz")]
    asked, relevant = judged("time")
    known = {text.key for text in texts}
    held = {query: {key: how for key, how in keys.items() if key in known} for query, keys in relevant.items()}
    return Collection("TIME 1963", texts, asked, held)


def headlines() -> Collection:
    """Headlines of others on the same stories. The titles in this set are such headlines, so they are left out."""
    texts = [Text(told["id"], "", told["body"]) for told in lines("text/fnc1_bodies_en.jsonl.gz")]
    asked, relevant = judged("fnc1_headlines")
    return Collection("FNC-1 headlines", texts, dict(islice(asked.items(), 0, None, EVERY)), relevant)


def events() -> Collection:
    """The title of an article asks for what other papers wrote on the event."""
    clusters = list(lines("relevance/news_event_clusters/clusters.jsonl"))
    members = {key for cluster in clusters for key in cluster["ids"]}
    told = {one["id"]: one for one in lines("text/giveme5w1h_newsplease_en.jsonl.gz") if one["id"] in members}
    texts = [Text(key, one["title"] or "", one["body"]) for key, one in told.items()]
    relevant = {
        key: {other: 1 for other in cluster["ids"] if other != key and other in told}
        for cluster in clusters
        for key in cluster["ids"]
        if key in told
    }
    asked = {key: told[key]["title"] for key, others in relevant.items() if others and told[key]["title"]}
    return Collection("events", texts, asked, relevant, {key: key for key in asked})


def plain(text: str) -> str:
    """Capitals throughout, and spaces before full stops, are of the collection and not of its texts."""
    return SENTENCE_CASE.sub(r"\1", text.lower())


def lines(name: str) -> Iterator[dict]:
    path = CORPORA / name
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as found:
        for line in found:
            yield json.loads(line)


def judged(folder: str) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    place = CORPORA / "relevance" / folder
    rows = [line.split("\t", 1) for line in (place / "queries.tsv").read_text(encoding="utf-8").splitlines()]
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (place / "qrels.txt").read_text().splitlines():
        query, _, key, degree = line.split()
        if int(degree):
            relevant[query][key] = int(degree)
    return {query: plain(text) for query, text in rows}, relevant


def average_precision(ranking: Sequence[str], relevant: Iterable[str]) -> float:
    wanted = set(relevant)
    hits, total = 0, 0.0
    for place, key in enumerate(ranking, start=1):
        if key in wanted:
            hits += 1
            total += hits / place
    return total / len(wanted)


def ndcg(ranking: Sequence[str], degrees: Mapping[str, int], depth: int = 10) -> float:
    gained = gain([degrees.get(key, 0) for key in ranking[:depth]])
    return gained / gain(sorted(degrees.values(), reverse=True)[:depth])


def gain(degrees: Iterable[int]) -> float:
    return sum(degree / math.log2(place + 1) for place, degree in enumerate(degrees, start=1))


def rows(figures: dict[str, Any], part: str) -> list[list[str]]:
    """A row an engine or a step, and two columns a collection."""
    names = list(dict.fromkeys(name for held in figures.values() for name in held[part]))
    head = [f"{collection}, {measure}" for collection in figures for measure in ("MAP", "nDCG@10")]
    return [["", *head], *([name, *scores(figures, part, name)] for name in names)]


def scores(figures: dict[str, Any], part: str, name: str) -> list[str]:
    held = [figures[collection][part].get(name) for collection in figures]
    return [f"{one[measure]:.3f}" if one else table.NONE for one in held for measure in ("map", "ndcg_10")]
