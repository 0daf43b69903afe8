"""What can be looked for besides Haystack's words and phrases: values of a condition, such as SQ(title=Like("wor*")).

A part of a condition on places is a word (a string), a phrase (Haystack's Exact), or one of these.
"""

from __future__ import annotations

from collections.abc import Sequence

from haystack.inputs import BaseInput


class Sought(BaseInput):
    """What only this engine reads."""

    input_type_name = "sought"


class Written(Sought):
    """A word or a phrase, only as it is written: no other ending and no other accents; case does not matter."""


class Like(Sought):
    """Words that are written so: `*` stands for any letters or none, `?` for one letter."""


class Nearly(Sought):
    """Words that are written nearly so. `errors` letters may be wrong; 0 leaves it to the length of the word."""

    def __init__(self, text: str, errors: int = 0) -> None:
        super().__init__(text)
        self.errors = errors


class Near(Sought):
    """Parts in any order in one field, each at most `distance` words from the one before."""

    def __init__(self, parts: Sequence[str | BaseInput], distance: int) -> None:
        super().__init__(f" near/{distance} ".join(map(str, parts)))
        self.parts, self.distance = tuple(parts), distance


class Times(Sought):
    """A part that stands in one field at least `number` times."""

    def __init__(self, part: str | BaseInput, number: int) -> None:
        super().__init__(f"{number} times {part}")
        self.part, self.number = part, number
