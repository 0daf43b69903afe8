"""Keeps the data folder that a version of the archive writes, so that later ones can be tried on it.

    .venv/bin/python -m tests.faults.keep_state CHECKOUT NAME

takes the code in the folder CHECKOUT, lets it import the articles below and writes tests/faults/earlier/NAME.tar.xz.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

EARLIER = Path(__file__).with_name("earlier")
# What a version makes anew: not kept.
LEFT_OUT = ("static", "secret.key", "heartbeat")
ARTICLES = [
    {
        "title": f"The ferry of {year} crossed",
        "body": f"In {year} the ferry crossed the water again.\n\nNobody fell in, said crew {year - 1900}.",
        "date": f"{year}-05-30",
        "source": "Harbour Gazette",
        "tags": ["ferry", "harbour"],
        "authors": ["Ann Quern"],
        "canonical_url": f"https://gazette.example/{year}",
    }
    for year in range(1911, 1923)
]
# The same address with other words: a later state of an article.
CHANGED = {**ARTICLES[0], "body": "In 1911 the ferry did not cross.\n\nThis was put right on the day after."}


def keep(checkout: Path, name: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        data.mkdir(mode=0o700)
        manage(checkout, data, "migrate", "--verbosity", "0")
        for number, articles in enumerate((ARTICLES, [CHANGED])):
            path = Path(place) / f"{number}.jsonl"
            path.write_text("".join(f"{json.dumps(article)}\n" for article in articles))
            manage(checkout, data, "import_articles", str(path))
        manage(checkout, data, "reindex", "--verbosity", "0")
        EARLIER.mkdir(exist_ok=True)
        with tarfile.open(EARLIER / f"{name}.tar.xz", "w:xz") as tar:
            tar.add(data, "data", filter=lambda entry: None if Path(entry.name).name in LEFT_OUT else entry)


def manage(checkout: Path, data: Path, *words: str) -> None:
    environment = {**os.environ, "NEWSARCHIVE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "newsarchive.settings"}
    subprocess.run([sys.executable, "manage.py", *words], cwd=checkout, env=environment, check=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]).resolve(), sys.argv[2])
