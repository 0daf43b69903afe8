"""How often Python looks for rubbish. By its own rule it does so every few articles, and finds next to nothing."""

from __future__ import annotations

import gc

# After so many new objects it looks, in older ones after so many of those times, in all after so many of those again.
SELDOM = (10_000, 50, 100)


def look_seldom() -> None:
    gc.set_threshold(*SELDOM)


def settle() -> None:
    """What is loaded stays: to look through it again and again would take as long as some pages do."""
    gc.collect()
    gc.freeze()
    look_seldom()
