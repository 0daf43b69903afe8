"""Haystack's update_index, with our sentences."""

from articles.search.commands import UpdateIndex as Command

__all__ = ["Command"]
