"""python -m benchmarks speed|growth|worst|rooms|quality|pages|tour [options]; each says its own with --help."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from . import agreement, corpus, growth, page, pages, ranking, report, rooms, speed, tour, worst
from .running import say


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parts = parser.add_subparsers(required=True, metavar="speed|growth|worst|rooms|quality|pages|tour")
    add_speed(parts.add_parser("speed", help="all engines side by side"))
    add_growth(parts.add_parser("growth", help="how each class grows with the archive"))
    add_worst(parts.add_parser("worst", help="the slowest questions that are accepted"))
    add_rooms(parts.add_parser("rooms", help="where the time goes in the engine"))
    add_pages(parts.add_parser("pages", help="the whole search page, beside a stock one"))
    add_tour(parts.add_parser("tour", help="each page of readers, in a small archive and in a large one"))
    quality = parts.add_parser("quality", help="how well engines rank, by collections with judgments")
    quality.set_defaults(measure=lambda options: ranking.run(), show=ranking.show, name="quality")
    write(parser.parse_args(words), words)


def write(options: argparse.Namespace, words: list[str]) -> None:
    figures = options.measure(options)
    if figures:
        options.show(figures)
        path = report.write(options.name, report.head(words) | {"figures": figures})
        page.refresh()
        say(f"written: {path.name} and docs/performance.md")


def add_speed(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(measure=lambda options: speed.run(plan(options)), show=speed.show)
    add_plan(parser, speed.QUICK)
    parser.add_argument("--name", default="speed", help="of the file in benchmarks/results")


def add_growth(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(measure=grown, show=growth.show, name="growth")
    add_plan(parser, ("ours", "tantivy"))
    parser.add_argument("--sizes", default=",".join(map(str, growth.SIZES)), help="with commas between them")


def add_worst(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(measure=lambda options: worst.run(options.articles), show=worst.show, name="worst")
    parser.add_argument("--articles", type=int, default=100_000)


def add_rooms(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(measure=lambda options: rooms.run(options.articles), show=rooms.show, name="rooms")
    parser.add_argument("--articles", type=int, default=100_000)


def add_pages(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(measure=lambda options: pages.run(pages_plan(options)), show=pages.show, name="pages")
    parser.add_argument("--articles", type=int, default=pages.Plan.articles)
    parser.add_argument("--questions", type=int, default=pages.Plan.questions, help="of each kind")
    parser.add_argument("--rounds", type=int, default=pages.Plan.rounds)
    parser.add_argument("--folder", type=Path, default=pages.Plan.folder, help="where archive and index are kept")


def pages_plan(options: argparse.Namespace) -> pages.Plan:
    return pages.Plan(options.articles, options.questions, options.rounds, options.folder.resolve())


def add_tour(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(measure=lambda options: tour.run(tour_plan(options)), show=tour.show, name="tour")
    parser.add_argument("--articles", type=int, default=tour.Plan.articles)
    parser.add_argument("--folder", type=Path, default=tour.Plan.folder, help="where the archives are kept")


def tour_plan(options: argparse.Namespace) -> tour.Plan:
    return tour.Plan(options.articles, options.folder.resolve())


def add_plan(parser: argparse.ArgumentParser, engines: tuple[str, ...]) -> None:
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--corpus", default="", help="JSONL files, also .gz, with commas between them")
    parser.add_argument("--engines", default=",".join(engines), help=f"of {', '.join((*speed.QUICK, *speed.SLOW))}")
    parser.add_argument("--questions", type=int, default=200, help="of each kind")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the indexes lie while it runs")


def plan(options: argparse.Namespace) -> speed.Plan:
    return speed.Plan(
        articles=options.articles,
        texts=[Path(part) for part in options.corpus.split(",")] if options.corpus else corpus.demo_files(),
        engines=tuple(options.engines.split(",")),
        questions=options.questions,
        rounds=options.rounds,
        folder=options.folder,
    )


def grown(options: argparse.Namespace) -> dict[str, Any]:
    return growth.run(plan(options), tuple(int(size) for size in options.sizes.split(",")))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (corpus.NoTexts, agreement.Disagreement, FileNotFoundError) as error:
        sys.exit(str(error))
