"""The engine by itself. The search room around it is the archive's and opens Django, so it is stepped over."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

ROOM = ModuleType("articles.search")
ROOM.__path__ = [str(Path(__file__).parents[1] / "articles" / "search")]
sys.modules.setdefault("articles.search", ROOM)

from articles.search.engine import analysis, errors, schema  # noqa: E402
from articles.search.engine.asking import limits, queries, results, scoring  # noqa: E402
from articles.search.engine.keeping import store  # noqa: E402

__all__ = ["analysis", "errors", "limits", "queries", "results", "schema", "scoring", "store"]
