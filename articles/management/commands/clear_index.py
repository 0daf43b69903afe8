"""Haystack's clear_index, with our sentences."""

from articles.search.commands import ClearIndex as Command

__all__ = ["Command"]
