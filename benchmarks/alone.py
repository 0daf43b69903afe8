"""The engine by itself. The room around it needs Django; where that is not set up, it is stepped over."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from django.conf import settings

if not settings.configured:
    ROOM = ModuleType("articles.search")
    ROOM.__path__ = [str(Path(__file__).parents[1] / "articles" / "search")]
    sys.modules.setdefault("articles.search", ROOM)

from articles.search.engine import analysis, errors, schema
from articles.search.engine.asking import limits, queries, results, scoring
from articles.search.engine.building import parallel as building
from articles.search.engine.keeping import store

__all__ = ["analysis", "building", "errors", "limits", "queries", "results", "schema", "scoring", "store"]
