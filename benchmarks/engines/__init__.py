"""The engines that are measured, each one small class behind one door (door.py)."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    """Where the class is, which Python runs it, and what to do where it cannot be imported."""

    title: str
    place: str
    cure: str = ""
    python: str = sys.executable


PEERS = {
    "ours": Peer("this engine", "benchmarks.engines.ours:Ours"),
    "whoosh": Peer("Whoosh, one warm searcher", "benchmarks.engines.whoosh:Whoosh"),
    "fts5": Peer("SQLite FTS5", "benchmarks.engines.fts5:FTS5", "Python's sqlite3 has to be built with FTS5"),
    "tantivy": Peer("Tantivy", "benchmarks.engines.tantivy:Tantivy", "install requirements-bench.txt"),
    "xapian": Peer(
        "Xapian", "benchmarks.engines.xapian:Xapian", "Debian: apt-get install python3-xapian", "/usr/bin/python3"
    ),
    "postgresql": Peer("PostgreSQL", "benchmarks.engines.postgresql:PostgreSQL", "install requirements.txt"),
    "archive": Peer("this engine through Haystack", "benchmarks.engines.haystack:Archive"),
    "stock": Peer("stock Haystack + Whoosh", "benchmarks.engines.haystack:Stock"),
    "archive-page": Peer("this archive", "benchmarks.engines.archive_page:ArchivePage"),
    "archive-tour": Peer("this archive", "benchmarks.engines.archive_tour:ArchiveTour"),
    "stock-page": Peer("stock Haystack + Whoosh", "benchmarks.engines.stock_page:StockPage"),
}
