"""The whole search page, beside the same page out of stock Haystack and Whoosh; and where the time of ours goes.

The archive and the stock index are built once for each number of articles, in a folder that is kept.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import agreement, corpus, keeping, questions, table, timing
from .engines import PEERS
from .engines.door import Question
from .running import say

OURS, STOCK = "archive-page", "stock-page"
KINDS = ("common", "rare", "AND", "OR", "phrase", "near", "prefix", "fuzzy", "page 50")
# Of these, most totals must be the same on both pages: the others read words differently.
ALIKE = ("common", "rare", "AND", "OR", "page 50")
BOTH, ALL = "all that both answer", "all"


@dataclass(frozen=True)
class Plan:
    articles: int = 10_000
    questions: int = 30
    rounds: int = 3
    folder: Path = keeping.FOLDER

    @property
    def place(self) -> Path:
        return self.folder / f"pages-{self.articles}"


def run(plan: Plan) -> dict[str, Any]:
    measured = {name: timing.Measured(built=figures) for name, figures in prepared(plan).items()}
    asked = drawn(plan)
    with timing.Race(measured, plan.place, asked) as race:
        say("asking both pages the same questions for the first time ...")
        different = race.compare({})
        agreement.agree(different)
        agree_mostly(different)
        race.run(plan.rounds)
        ours = race.workers[OURS]
        shares = ours.call("more", what="shared_out", questions=[asdict(question) for question in asked])
        lists = ours.call("more", what="lists")
    both = [kind for kind in KINDS if not any(kind in figures.about["lacks"] for figures in measured.values())]
    return {
        "articles": plan.articles,
        "questions": dict(Counter(question.kind for question in asked)),
        "engines": {name: told(figures, both) for name, figures in measured.items()},
        "differences": [vars(difference) for difference in different],
        "parts": shares,
        "lists": lists,
    }


# What is kept


def prepared(plan: Plan) -> dict[str, dict[str, Any]]:
    """What both pages took to build, now or in an earlier run."""
    # The stock page is of the articles in the archive's database.
    return {name: keeping.built(name, plan.place, plan.articles) for name in (OURS, STOCK)}


def drawn(plan: Plan) -> list[Question]:
    seen = questions.sample(corpus.read(plan.place / keeping.CORPUS), random.Random(1))
    return [question for kind in KINDS for question in questions.Drawing(seen, kind, seed=1).questions(plan.questions)]


# What is measured


def agree_mostly(different: Sequence[agreement.Difference]) -> None:
    """The reasons why totals differ are known, but they do not touch most questions."""
    far = [str(each) for each in different if each.kind in ALIKE and 2 * each.different > each.asked]
    if far:
        raise agreement.Disagreement("Most totals differ, so the pages do not answer the same:\n" + "\n".join(far))


def told(figures: timing.Measured, both: Sequence[str]) -> dict[str, Any]:
    about = {key: figures.about[key] for key in ("version", "lacks")}
    whole = [BOTH] if figures.about["lacks"] else [BOTH, ALL]
    times, first = (pooled(held, both, whole) for held in (figures.times, figures.first))
    return {**about, "built": figures.built, "classes": times, "first_time": first}


def pooled(
    times: Mapping[str, Sequence[float]], both: Sequence[str], whole: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Median and p95 of each kind, and of all those together that both pages answer, or that this one does."""
    of = {BOTH: both, ALL: [*times]}
    together = {name: [time for kind in of[name] for time in times.get(kind, ())] for name in whole}
    return {
        kind: {"median": timing.percentile(held, 50), "p95": timing.percentile(held, 95)}
        for kind, held in {**times, **together}.items()
        if held
    }


# What is shown


def rows(engines: Mapping[str, Any], what: str = "classes") -> list[list[str]]:
    """Milliseconds of both pages by kind, and how many times as long the stock page takes at the median."""
    ours, stock = engines[OURS][what], engines[STOCK][what]
    head = [table.HEADS[what], PEERS[OURS].title, PEERS[STOCK].title, "times"]
    shown = [kind for kind in (*KINDS, BOTH, ALL) if kind in ours]
    both = [(kind, ours[kind], stock.get(kind)) for kind in shown]
    return [head, *([kind, table.pair(us), table.pair(them), table.ratio(them, us)] for kind, us, them in both)]


def part_rows(parts: Mapping[str, Any]) -> list[list[str]]:
    """Of a page of each kind, milliseconds, questions to the database, and the share of each part."""
    names = [*next(iter(parts.values()))["shares"]]
    return [["", "ms", "SQL", *names], *([kind, *part_cells(held)] for kind, held in parts.items())]


def part_cells(held: Mapping[str, Any]) -> list[str]:
    shares = [f"{share:.0%}" for share in held["shares"].values()]
    return [table.number(held["ms"]), table.number(held["queries"]), *shares]


def list_rows(lists: Mapping[str, Any]) -> list[list[str]]:
    head = ["list, ms", "first page", "last page"]
    return [head, *([name, table.number(held["first"]), table.number(held["last"])] for name, held in lists.items())]


def tables(figures: Mapping[str, Any]) -> list[list[list[str]]]:
    engines = figures["engines"]
    return [rows(engines), rows(engines, "first_time"), part_rows(figures["parts"]), list_rows(figures["lists"])]


def costs(figures: Mapping[str, Any]) -> str:
    articles, engines = figures["articles"], figures["engines"]
    ours, stock = engines[OURS]["built"], engines[STOCK]["built"]
    stored, indexed, theirs = (
        table.number(articles / seconds) for seconds in (ours["prepared"], ours["cpu"], stock["cpu"])
    )
    size, other = (f"{built['index_bytes'] / 1e6:,.0f} MB" for built in (ours, stock))
    return (
        f"{articles:,} articles. A second of CPU stores {stored} of them and indexes {indexed}, in {size}; with stock "
        f"Haystack and Whoosh it indexes {theirs}, in {other}. That took {stock['wall'] / 60:.0f} minutes and "
        f"{table.number(stock['peak_mb'])} MB, in one process."
    )


def show(figures: dict[str, Any]) -> None:
    say(costs(figures))
    for shown in tables(figures):
        say()
        for line in table.plain(shown):
            say(line)
    for line in notes(figures):
        say(line)


def notes(figures: Mapping[str, Any]) -> list[str]:
    """What the stock page is not asked, and how many of its totals are others."""
    title, stock = PEERS[STOCK].title, figures["engines"][STOCK]
    lacking = [f"{title} has no figure for *{kind}*: it {why}." for kind, why in stock["lacks"].items()]
    return lacking + [
        f"{title}, *{told['kind']}*: {told['different']} of {told['asked']} totals are not those of this archive, "
        f"because it {told['why']}."
        for told in figures["differences"]
    ]
