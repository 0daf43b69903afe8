"""python -m benchmarks speed|growth|quality [options]; each says its own with --help."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import report, speed
from .engines import PEERS
from .running import say


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parts = parser.add_subparsers(required=True, metavar="speed|growth|quality")
    add_speed(parts.add_parser("speed", help="all engines side by side"))
    options = parser.parse_args(words)
    options.run(options, words)


def add_speed(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=run_speed)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--corpus", type=files, default=None, help="JSONL files, also .gz, with commas between them")
    parser.add_argument("--engines", default=",".join(speed.QUICK), help=f"of {', '.join(PEERS)}")
    parser.add_argument("--questions", type=int, default=200, help="of each kind")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the indexes lie while it runs")
    parser.add_argument("--name", default="speed", help="of the file in benchmarks/results")


def files(text: str) -> list[Path]:
    return [Path(part) for part in text.split(",")]


def run_speed(options: argparse.Namespace, words: list[str]) -> None:
    given = {"texts": options.corpus} if options.corpus else {}
    plan = speed.Plan(
        articles=options.articles,
        engines=tuple(options.engines.split(",")),
        questions=options.questions,
        rounds=options.rounds,
        folder=options.folder,
        **given,
    )
    figures = speed.run(plan)
    speed.show(figures)
    say(f"written: {report.write(options.name, report.head(words) | figures).relative_to(Path.cwd())}")


if __name__ == "__main__":
    main(sys.argv[1:])
