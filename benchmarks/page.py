"""docs/performance.md: the figures of benchmarks/results as tables and pictures, between marks in its text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from . import chart, growth, pages, quality, report, rooms, table, tour, worst
from .engines import PEERS

DOCS = Path(__file__).parent.parent / "docs"
PAGE, PICTURES = DOCS / "performance.md", DOCS / "images"
# How the classes that say most are picked for a picture of growth.
GROWING = ("rare", "common", "AND", "OR", "phrase", "common phrase", "prefix", "page 50")


def refresh() -> None:
    """Every part of the page whose figures are there is written anew."""
    text = PAGE.read_text(encoding="utf-8")
    for name in re.findall(r"<!-- (\w+) -->", text):
        path = report.RESULTS / f"{name}.json"
        if path.exists():
            told = "\n".join(part(name, json.loads(path.read_text())))
            text = re.sub(
                rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", rf"\1{escaped(told)}\n\2", text, flags=re.DOTALL
            )
    PAGE.write_text(text, encoding="utf-8")


def escaped(text: str) -> str:
    return text.replace("\\", r"\\")


def part(name: str, held: Mapping[str, Any]) -> Iterator[str]:
    yield from about(held)
    yield from PARTS.get(name, speed_part)(name, held["figures"])


def about(held: Mapping[str, Any]) -> Iterator[str]:
    machine, versions = held["machine"], held["versions"]
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    where = f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB"
    yield f"`{held['command']}`, {held['day']}: {where}; {told}."
    yield ""


def speed_part(name: str, figures: Mapping[str, Any]) -> Iterator[str]:
    made, engines = figures["corpus"], figures["engines"]
    known = [f"{PEERS[engine].title} {held['version']}" for engine, held in engines.items() if engine != "ours"]
    yield (
        f"{made['articles']:,} articles, {made['text_bytes'] / 1e6:,.0f} MB of text, {made['stems']:,} different "
        f"stems, from {texts(made['from'])}. {'; '.join(known)}."
    )
    draw(name, chart.bars(f"{made['articles']:,} articles: median of a question", medians(engines)))
    yield from ("", f"![Bars: the median of each class of question, by engine](images/performance-{name}.svg)", "")
    yield from table.markdown(table.times(engines))
    if "ours" in engines:
        yield from ("", "Ratios of the medians, above 1 where this engine is faster:", "")
        yield from table.markdown(table.ratios(engines))
    yield from ("", "The first time that each question is asked, when less of it is at hand:", "")
    yield from table.markdown(table.times(engines, "first_time"))
    yield ""
    yield from table.markdown(table.costs(engines, made["articles"], made["text_bytes"]))
    yield ""
    yield from notes(figures)


def texts(names: list[str]) -> str:
    return "the demo articles" if all(re.match(r"\d\d-", name) for name in names) else ", ".join(names)


def medians(engines: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    return {
        kind: {
            PEERS[name].title: held["classes"][kind]["median"]
            for name, held in engines.items()
            if kind in held["classes"]
        }
        for kind in table.shown(engines)
    }


def notes(figures: Mapping[str, Any]) -> Iterator[str]:
    for name, held in figures["engines"].items():
        for kind, why in held["lacks"].items():
            yield f"* {PEERS[name].title} has no figure for *{kind}*: it {why}."
    for name, why in figures["missing"].items():
        yield f"* Without {PEERS[name].title}: {why}."
    for told in figures["differences"]:
        yield (
            f"* {PEERS[told['engine']].title}, *{told['kind']}*: {told['different']} of {told['asked']} totals are not "
            f"those of most engines, because it {told['why']}."
        )


def growth_part(name: str, figures: Mapping[str, Any]) -> Iterator[str]:
    sizes = figures["sizes"]
    for engine in next(iter(sizes.values()))["engines"]:
        yield from ("", *table.markdown(growth.rows(figures, engine)))
    draw(name, chart.lines("This engine: median of a class, by the number of articles", list(grown(sizes))))
    yield from ("", f"![Lines: the median of each class at each size](images/performance-{name}.svg)")


def grown(sizes: Mapping[str, Any]) -> Iterator[chart.Line]:
    for kind in GROWING:
        held = {int(size): figures["engines"]["ours"]["classes"].get(kind) for size, figures in sizes.items()}
        points = [(float(size), found["median"]) for size, found in held.items() if found]
        if points:
            yield chart.Line(kind, points)


def worst_part(name: str, figures: Mapping[str, Any]) -> Iterator[str]:
    yield from table.markdown(worst.rows(figures))
    yield ""
    for question, held in figures["questions"].items():
        if "refused" in held:
            yield f"* Refused: {question}. “{held['refused']}”"


def rooms_part(name: str, figures: Mapping[str, Any]) -> Iterator[str]:
    for rows in rooms.tables(figures):
        yield from (*table.markdown(rows), "")


def quality_part(name: str, figures: Mapping[str, Any]) -> Iterator[str]:
    for kind in ("engines", "steps", "constants"):
        yield from ("", *table.markdown(quality.rows(dict(figures), kind)))


def pages_part(name: str, figures: Mapping[str, Any]) -> Iterator[str]:
    yield pages.costs(figures)
    for rows in pages.tables(figures):
        yield from ("", *table.markdown(rows))
    yield from ("", *(f"* {note}" for note in pages.notes(figures)))


def tour_part(name: str, figures: Mapping[str, Any]) -> Iterator[str]:
    yield from table.markdown(tour.rows(figures))
    yield from ("", tour.summary(figures))


PARTS: dict[str, Callable[[str, Mapping[str, Any]], Iterator[str]]] = {
    "growth": growth_part,
    "worst": worst_part,
    "rooms": rooms_part,
    "quality": quality_part,
    "pages": pages_part,
    "tour": tour_part,
}


def draw(name: str, picture: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"performance-{name}.svg").write_text(picture, encoding="utf-8")
