"""Whose name stands on an article: a person, whose family name can come first, or words that stay as printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Where papers print the family name first, or there is none, nothing is turned round.
FAMILY_FIRST = frozenset(["hu", "is", "ja", "ko", "vi", "zh"])
PARTICLES = frozenset(
    "af al av bin d' da das de del den der des di do dos du el ibn la las le los ten ter tot van von y zu zum"
    " zur".split()
)
# These belong to the family's name when they have a capital too.
CAPITAL_PARTICLES = frozenset("De Del Della Den Der Des Di Du La Le Ten Ter Van Von".split())
SUFFIXES = frozenset(["Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"])
# What style guides leave out.
TITLES = frozenset(["Dr", "Dr.", "Prof", "Prof.", "Rev", "Rev.", "Sir"])
# Before these a name is not one to be turned round: "Mrs. John Doe", "Our Correspondent".
NO_PERSON = frozenset(
    "a about acting agence agencia agency agentur an and archive at associated bureau capt capt. chief col col."
    " columnist contributor correspondant correspondent council daily department desk director editor editorial"
    " editors for from gazette group in journal korrespondent lady letters library magazine mercury miss mr mr. mrs"
    " mrs. ms ms. news of office our own paper post presse press radio rédaction redacción redaktion report reporter"
    " reporters reuters service sister special staff star superintendent team telegraph the times tribune wire with"
    " writer writers".split()
)
MOST_WORDS = 5
_PREFIX = re.compile(r"(?:by|from|par|por|door|von(?=\s+\S+\s+\S)|بقلم|كتبت?)\b\s?[:：]?\s+", re.IGNORECASE)
_JOINTS = re.compile(r"\s+(?:and|und|et|y|&|و)\s+", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w.'’ʼ-]*")


@dataclass(frozen=True)
class Person:
    """A name in its parts, or, in `literal` alone, as it is printed."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def is_group(self) -> bool:
        """An agency, a newsroom, an office; what else stands as it is printed is taken for a person."""
        return any(word.lower() in NO_PERSON for word in self.literal.split())

    @property
    def printed(self) -> str:
        """In the order in which it is spoken."""
        parts = (self.given, self.family, self.suffix)
        return self.literal or " ".join(part for part in parts if part)


def people(authors: Iterable[str], byline: str, language: str) -> tuple[Person, ...]:
    """Those who are filed as authors, or, where nobody is, those whom the byline names."""
    filed = tuple(person(name, language) for name in authors)
    return filed or _of_byline(" ".join(byline.split()), language)


def _of_byline(byline: str, language: str) -> tuple[Person, ...]:
    """Persons where there is nothing else in it; otherwise all of it, as printed."""
    line = _PREFIX.sub("", byline, count=1) if _PREFIX.match(byline) else byline
    if not line:
        return ()
    named = tuple(person(name, language) for name in _JOINTS.split(line))
    if all(one.family for one in named):
        return named
    return (Person(literal=line[:1].upper() + line[1:]),)


def person(name: str, language: str = "") -> Person:
    """The parts of a name, where its words tell which of them is the family's."""
    name = " ".join(name.split())
    words = _cased(name.replace(",", "").split(" "))
    while words and words[0] in TITLES:
        words = words[1:]
    suffix = words.pop() if len(words) > 2 and words[-1] in SUFFIXES else ""
    if not _tells_family(name, words, language.lower().partition("-")[0], suffix):
        return Person(literal=name)
    place = len(words) - 1
    while place > 1 and words[place - 1] in PARTICLES | CAPITAL_PARTICLES:
        place -= 1
    return Person(" ".join(words[place:]), " ".join(words[:place]), suffix)


def _tells_family(name: str, words: list[str], language: str, suffix: str) -> bool:
    # Of three Spanish words the last two may be the family's, or the first two given.
    doubtful = language in FAMILY_FIRST or (language == "es" and len(words) > 2)
    shaped = 2 <= len(words) <= MOST_WORDS and ("," not in name or bool(suffix))
    headed = shaped and words[0] not in CAPITAL_PARTICLES and words[-1] not in PARTICLES
    return headed and not doubtful and all(map(_is_word_of_name, words))


def _is_word_of_name(word: str) -> bool:
    if word in PARTICLES:
        return True
    capital = unicodedata.normalize("NFKD", word)[:1]
    known = capital.isupper() and unicodedata.name(capital, "").startswith(("LATIN", "GREEK", "CYRILLIC"))
    return known and word.lower() not in NO_PERSON and _NAME.fullmatch(word) is not None


def _cased(words: list[str]) -> list[str]:
    """JANE DOE, as bylines print it, is Jane Doe; initials and what is not all in capitals stay."""
    letters = "".join(words)
    if len(words) < 2 or letters.upper() != letters or not any(len(word.rstrip(".")) > 2 for word in words):
        return words
    return [
        word if "." in word or word in SUFFIXES or len(word) < 3 else word.title().replace("'S", "'s") for word in words
    ]
