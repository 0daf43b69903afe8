"""What Arabic writes into a word: article, conjunction, preposition; and the plurals that the stemmer leaves.

Snowball's stemmer reads the letter before an article as a part of the word, and takes a word's own first letter for a
conjunction unless there is an article, so that a word with and without one got two stems. Here the article goes first.
"""

from __future__ import annotations

import re

ARTICLE = re.compile(r"^[وف]?(?:ال|بال|كال|لل)(?=\w{3})|^[وف](?=[وف]\w{3})")
# A conjunction or a preposition; or the first letter of the word, as nobody can tell without knowing it.
ATTACHED = re.compile(r"^[وفبكل](?=\w{3})")
THINGS = re.compile(r"(?<=\w{3})ات$")
# The plural of persons; or the end of the word.
PERSONS = re.compile(r"(?<=\w{3})(?:ون|ين)$")


def readings(word: str) -> list[str]:
    """A folded word as it goes to the stemmer, the likeliest reading first."""
    bare = ARTICLE.sub("", word)
    likeliest = THINGS.sub("", bare)
    return [likeliest, *(other.sub("", likeliest) for other in (ATTACHED, PERSONS) if other.search(likeliest))]
