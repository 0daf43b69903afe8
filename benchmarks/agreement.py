"""The answers of all engines to the same questions, held against each other before anything is timed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .engines.door import PAGE, Question

Answers = Mapping[str, Sequence[Mapping[str, Any] | None]]


@dataclass(frozen=True)
class Difference:
    """Of so many questions of a kind that an engine was asked, so many answers are not what most engines say."""

    engine: str
    kind: str
    asked: int
    different: int
    example: str
    why: str = ""

    def __str__(self) -> str:
        explained = self.why or "NOT EXPLAINED"
        return f"{self.engine}, {self.kind}: {self.different} of {self.asked} differ, {self.example}: {explained}"


class Disagreement(Exception):
    """Engines that answer differently are not measured against each other; the message names what differs."""


def differences(
    questions: Sequence[Question], answers: Answers, days: Mapping[int, int], why: Mapping[str, Mapping[str, str]]
) -> list[Difference]:
    """`answers` hold None where an engine was not asked; `days` are of all documents by key."""
    found: dict[tuple[str, str], list[str]] = {}
    asked: Counter[tuple[str, str]] = Counter()
    for number, question in enumerate(questions):
        given = {engine: told[number] for engine, told in answers.items() if told[number] is not None}
        marks = {engine: mark(question, answer, days) for engine, answer in given.items() if answer is not None}
        asked.update((engine, question.kind) for engine in marks)
        for engine, said in against_most(marks):
            found.setdefault((engine, question.kind), []).append(said)
    return [
        Difference(engine, kind, asked[engine, kind], len(said), said[0], why.get(engine, {}).get(kind, ""))
        for (engine, kind), said in found.items()
    ]


def mark(question: Question, answer: Mapping[str, Any], days: Mapping[int, int]) -> tuple[Any, ...]:
    """What must be the same everywhere: the total, how many keys a page has, sections, dates in their order.

    Which articles come first by relevance is each engine's own affair, and among those of one day too.
    """
    shown = min(max(answer["total"] - question.start, 0), PAGE)
    whole = len(set(answer["keys"])) == shown
    sections = tuple(sorted((answer["sections"] or {}).items())) if question.facet else ()
    dated = tuple(days[key] for key in answer["keys"]) if question.by_date else ()
    return answer["total"], whole, sections, dated


def against_most(marks: Mapping[str, tuple[Any, ...]]) -> list[tuple[str, str]]:
    """The engines that say something else than most do, the first of them where no most is."""
    if not marks:
        return []
    most, _ = Counter(marks.values()).most_common(1)[0]
    return [(engine, compared(said, most)) for engine, said in marks.items() if said != most]


def compared(said: tuple[Any, ...], most: tuple[Any, ...]) -> str:
    if said[0] != most[0]:
        return f"a total of {said[0]} for {most[0]}"
    return (
        "a page that is not whole" if said[1] != most[1] else "other sections" if said[2] != most[2] else "other dates"
    )


def agree(found: Sequence[Difference]) -> None:
    unexplained = [str(difference) for difference in found if not difference.why]
    if unexplained:
        raise Disagreement("\n".join(unexplained))
