"""Addresses that a page needs by the hundred: Django works out each kind of them once."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse


def address(name: str) -> str:
    """The address of the page that urls.py gives this name and that takes no arguments."""
    return _around(get_script_prefix(), name, ())[0]


def around(name: str, *marks: int | str) -> tuple[str, ...]:
    """What stands before, between and behind the arguments of a page in its address.

    `marks` are arguments that it could have; each must stand in the address as it is written here.
    """
    return _around(get_script_prefix(), name, marks)


# A site may lie under a prefix, which is not known before it is asked.
@lru_cache(256)
def _around(prefix: str, name: str, marks: tuple[int | str, ...]) -> tuple[str, ...]:
    parts = [reverse(name, args=marks)]
    for mark in reversed(marks):
        before, _mark, behind = parts[0].rpartition(str(mark))
        parts[:1] = [before, behind]
    return tuple(parts)
