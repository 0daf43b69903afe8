"""Which lines are captions of pictures that a page showed and its text does not."""

from __future__ import annotations

import re

from articles import dates

CAPTION_WORDS = 70
CAPTION_LENGTH = 600
CREDIT_WORDS = 4

_PICTURE = "photo|photos|photograph|picture|image|caption|foto|bild|imagen|imagem|immagine|صورة|الصورة|图|图片|写真"
_AGENCY = "getty images|getty|reuters|associated press|ap photo|ap|afp|epa|dpa|upi|shutterstock|istock|unsplash|sputnik"

# A line that says at its beginning that it is a caption, or whose picture it is.
_LABEL = re.compile(
    rf"(?:file\s)?(?:{_PICTURE})(?:\s?(?:credit|caption|copyright|by|via|courtesy)\b|\s?[:：/]|graph by\b)"
    r"|file\s?(?:photo)?\s?[-–—:]\s|pictured(?:\s[:(]|,)|\((?:photo|picture|image|left|right)\b"
    r"|in this .{0,60}\b(?:photo|image|picture)\b"
    r"|this .{0,30}\b(?:photo|image)\b (?:shows|taken|released|provided|from|made)\b"
    rf"|©\s?(?:{_AGENCY})\b|(?:{_AGENCY})(?:$|\s?[/|])",
    re.IGNORECASE,
)

# A line that ends with whose picture it is.
_CREDIT = re.compile(
    rf"(?:[(\[](?:[^()\[\]]{{0,60}}\b)?(?:{_PICTURE}|pictured|images|credit|courtesy|file)\b[^()\[\]]{{0,80}}[)\]]"
    r"|(?:photo|image|picture|credit|credits|photograph)\s?(?:by|credit)?\s?:\s.{2,80}"
    rf"|/\s?(?:{_AGENCY})|credit\.\.\..{{2,120}}|©\s?[^.]{{2,60}})\.?$",
    re.IGNORECASE,
)
_CREDIT_LENGTH = 160

# So may a whole report end; it is a caption only where nobody says anything.
_AGENCY_CREDIT = re.compile(rf"[(\[](?:[^()\[\]]{{0,60}}\b)?(?:{_AGENCY})\b[^()\[\]]{{0,80}}[)\]]\.?$", re.IGNORECASE)
_REPORTED = re.compile(
    r"[\"“”«»„]|\b(?:said|says|told|added|according|reported|announced|sagte|déclaré|dijo|disse)\b", re.IGNORECASE
)
REPORT_WORDS = 40

# What people are seen doing in the sentence under a picture. A report says it in the past; what may also be announced
# in the present ("the council meets on 5 June 2030") is not here.
_SEEN = re.compile(
    r"\b(?:stands?|sits?|walks?|holds?|looks?|gestures?|poses?|waves?|carry|carries|rides?|watch(?:es)?|inspects?|waits?"
    r"|patrols?|greets?|shakes? hands|smiles?|cheers?|prays?|queues?|rests?|embraces?|hugs?|points?|listens?|reacts?"
    r"|wears?|clears?|line up|(?:is|are) (?:seen|pictured|shown))\b",
    re.IGNORECASE,
)
_TAIL = 30


def is_caption(text: str) -> bool:
    if text.count(" ") >= CAPTION_WORDS or len(text) > CAPTION_LENGTH:
        return False
    end = text[-_CREDIT_LENGTH:]
    credited = _LABEL.match(text) or _CREDIT.search(end) or (_AGENCY_CREDIT.search(end) and _shows_scene(text))
    return bool(credited) or _shows_dated_scene(text)


def is_credit_only(text: str) -> bool:
    """Whether the line says only whose picture it is: Getty Images, Photo: A. Writer."""
    return text.count(" ") < CREDIT_WORDS and not text.endswith(".")


def _shows_scene(text: str) -> bool:
    return not _REPORTED.search(text) and text.count(" ") < REPORT_WORDS


def _shows_dated_scene(text: str) -> bool:
    """One sentence in the present tense that ends with a full date: people *stand* on a road on May 29, 2017.

    A report that gives a full date speaks in the past, or quotes; only a picture is dated in the present.
    """
    if ". " in text.rstrip(". ") or _REPORTED.search(text) or not _SEEN.search(text):
        return False
    named = dates.mentions(text)
    return bool(named and named[-1].exact and named[-1].end >= len(text.rstrip(" .")) - _TAIL)
