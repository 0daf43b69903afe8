"""The engines of Haystack held to its contract: ours, and others where the environment names a server of theirs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ..search_contract import SearchContract


class TestOurs(SearchContract):
    def connection(self, folder: Path) -> dict[str, Any]:
        return {"ENGINE": "articles.search.engine.backend.WhooshEngine", "PATH": folder}


# What Haystack has for servers, by the setting that names one: the engine, its words for marks, and whether it sums up.
SERVERS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "CONTRACT_SOLR": ("solr_backend.SolrEngine", {"simple.pre": "<b>", "simple.post": "</b>"}, True),
    "CONTRACT_ELASTICSEARCH7": ("elasticsearch7_backend.Elasticsearch7SearchEngine", SearchContract.marks, False),
}


def of_server(variable: str) -> type[SearchContract]:
    engine, marks, has_stats = SERVERS[variable]

    def connection(self: SearchContract, folder: Path) -> dict[str, Any]:
        return {"ENGINE": f"haystack.backends.{engine}", "URL": os.environ[variable], "INDEX_NAME": "contract"}

    return type(
        f"TestOn{variable}", (SearchContract,), {"connection": connection, "marks": marks, "has_stats": has_stats}
    )


globals().update({f"Test{name}": of_server(name) for name in SERVERS if os.environ.get(name)})


@pytest.mark.parametrize("variable", SERVERS)
def test_other_engines_are_held_to_it_where_a_server_is_named(variable: str):
    if not os.environ.get(variable):
        pytest.skip(f"{variable} names no server to try Haystack's engine for it on.")
    assert f"Test{variable}" in globals()
