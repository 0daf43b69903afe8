"""Files as bytes are the arguments of many tests here."""

from __future__ import annotations

SHORT = 30


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A packed file holds the time of its packing: it cannot name a test, which has one name in all processes."""
    return argname if isinstance(val, bytes) and len(val) > SHORT else None
