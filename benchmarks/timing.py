"""Engines side by side: all are built, then asked once and compared, then timed in rounds, one after the other."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from . import agreement
from .engines import PEERS
from .engines.door import Missing, Question
from .questions import KINDS, MIX
from .running import Running, say

# An engine that takes hundreds of milliseconds is asked every tenth question, and in one round.
SLOW_STEP = 10


@dataclass
class Measured:
    """Figures of one engine. `times` are milliseconds by kind, one a question; `first` those of its first asking."""

    about: dict[str, Any] = field(default_factory=dict)
    built: dict[str, Any] = field(default_factory=dict)
    opened: dict[str, Any] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    first: dict[str, list[float]] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)


def build(names: Sequence[str], corpus: Path, folder: Path) -> tuple[dict[str, Measured], dict[str, str]]:
    """Each engine's index, one after the other; and why some are left out."""
    built: dict[str, Measured] = {}
    missing: dict[str, str] = {}
    for name in names:
        try:
            with Running(name, folder / name) as worker:
                say(f"building {PEERS[name].title} ...")
                built[name] = Measured(worker.about, worker.call("build", corpus=str(corpus)))
        except Missing as reason:
            missing[name] = str(reason)
            say(f"without {PEERS[name].title}: {reason}")
    return built, missing


class Race:
    """The open engines and the questions they are asked."""

    def __init__(self, measured: dict[str, Measured], folder: Path, questions: Sequence[Question]) -> None:
        self.measured = measured
        self.folder = folder
        self.questions = questions
        self.workers: dict[str, Running] = {}
        self.open = ExitStack()

    def __enter__(self) -> Race:
        with ExitStack() as started:
            for name, figures in self.measured.items():
                self.workers[name] = started.enter_context(Running(name, self.folder / name))
                figures.about = self.workers[name].about
                figures.opened = self.workers[name].call("open")
            self.open = started.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.open.close()

    def asked(self, name: str, kind: str) -> list[int]:
        """The numbers of the questions of a kind that this engine is asked."""
        about = self.measured[name].about
        numbers = [number for number, question in enumerate(self.questions) if question.kind == kind]
        return [] if kind in about["lacks"] else numbers[:: SLOW_STEP if about["slow"] else 1]

    def answers(self) -> dict[str, list[dict[str, Any] | None]]:
        """Everyone's answer to every question; what the first asking took is kept."""
        told: dict[str, list[dict[str, Any] | None]] = {name: [None] * len(self.questions) for name in self.workers}
        for kind in KINDS:
            for name in self.workers:
                numbers, reply = self.ask(name, kind)
                self.measured[name].first[kind] = reply["times"]
                for number, answer in zip(numbers, reply["answers"], strict=True):
                    told[name][number] = answer
        return told

    def ask(self, name: str, kind: str) -> tuple[list[int], dict[str, Any]]:
        numbers = self.asked(name, kind)
        questions = [asdict(self.questions[number]) for number in numbers]
        return numbers, self.workers[name].call("ask", questions=questions)

    def compare(self, days: Mapping[int, int]) -> list[agreement.Difference]:
        why = {name: figures.about["differs"] for name, figures in self.measured.items()}
        return agreement.differences(self.questions, self.answers(), days, why)

    def run(self, rounds: int) -> None:
        """A question's time is the median of its rounds; who begins changes from round to round."""
        taken: dict[tuple[str, str], list[list[float]]] = {}
        for number in range(rounds):
            say(f"round {number + 1} of {rounds} ...")
            for kind in KINDS:
                for name in turned([*self.workers], number):
                    if not (self.measured[name].about["slow"] and number):
                        taken.setdefault((name, kind), []).append(self.ask(name, kind)[1]["times"])
        for (name, kind), rows in taken.items():
            self.measured[name].times[kind] = [statistics.median(times) for times in zip(*rows, strict=True)]

    def weigh(self) -> None:
        for name, worker in self.workers.items():
            self.measured[name].used = worker.call("memory")

    def change(self, corpus: Path) -> None:
        """Last of all, as it changes the indexes."""
        for name, worker in self.workers.items():
            self.measured[name].changed = worker.call("change", corpus=str(corpus))


def turned(names: list[str], by: int) -> list[str]:
    by %= len(names)
    return names[by:] + names[:by]


def summary(figures: Measured) -> dict[str, Any]:
    """Median and p95 by kind, of the rounds and of the first asking; and of all kinds of the mix together."""
    return {"classes": quantiles(figures.times), "first_time": quantiles(figures.first)}


def quantiles(times: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    mixed = [time for kind in MIX for time in times.get(kind, ())]
    return {
        kind: {"median": percentile(held, 50), "p95": percentile(held, 95)}
        for kind, held in {**times, "mix": mixed}.items()
        if held
    }


def percentile(values: Sequence[float], share: int) -> float:
    ordered = sorted(values)
    if share == 50:
        return statistics.median(ordered)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
