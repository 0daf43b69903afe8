"""Haystack's side of the engine. Only here Haystack and Django are named."""

from .haystack_backend import WhooshBackend, WhooshEngine, WhooshQuery

__all__ = ["WhooshBackend", "WhooshEngine", "WhooshQuery"]
