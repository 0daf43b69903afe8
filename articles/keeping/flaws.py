"""What all checks speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

CHUNK = 100
SHOWN = 20

T = TypeVar("T")
# Is told how many more were looked at.
Progress = Callable[[int], Any]


@dataclass(frozen=True)
class Flaw:
    """Something that does not agree, and what to do about it, each in a sentence."""

    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.what} {self.cure}"


def unheard(more: int) -> None:
    """For whoever does not ask how far it is."""


def portions(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    ahead = iter(items)
    while some := list(islice(ahead, size)):
        yield some


def counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def listed(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:SHOWN])
    return f"{shown} and {len(numbers) - SHOWN:,} more" if len(numbers) > SHOWN else shown
