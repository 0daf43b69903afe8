"""Haystack's rebuild_index, with our sentences."""

from articles.search.commands import RebuildIndex as Command

__all__ = ["Command"]
