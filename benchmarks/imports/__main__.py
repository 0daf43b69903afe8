"""python -m benchmarks.imports [html] [page_texts] [rate] [web_archive]: prints the tables, and keeps them in docs."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout

from .. import page, report
from . import html, page_texts, rate, web_archive

PAGE = page.DOCS / "import.md"
PARTS: dict[str, Callable[[], None]] = {
    "html": html.run,
    "page_texts": page_texts.run,
    "rate": rate.run,
    "web_archive": web_archive.run,
}


def main(names: list[str]) -> None:
    if unknown := set(names) - set(PARTS):
        sys.exit(f"{', '.join(sorted(unknown))}: there is no such part; the parts are {', '.join(PARTS)}.")
    for name in names or PARTS:
        printed = io.StringIO()
        with redirect_stdout(printed):
            PARTS[name]()
        sys.stdout.write(f"\n{printed.getvalue()}")
        keep(name, printed.getvalue().strip())


def keep(name: str, told: str) -> None:
    """Writes the table between its marks in the page."""
    machine = report.machine()
    where = f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB"
    told = f"`python -m benchmarks.imports {name}`, {report.head([])['day']}: {where}.\n\n{told}"
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(marks.sub(lambda found: f"{found[1]}{told}\n{found[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
