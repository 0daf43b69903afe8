"""How the states of an article, and what was changed from one to the next, are put into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..cleaning import clean, text_of
from ..models import Cause
from ..records import PLAIN, ArticleRecord, Dating, ImageRecord
from ..search.question.wording import language_words
from ..versions import Changes, State
from .archive import date_words, day_words, laid_out, moment_words

# Earlier versions are cleaned when they are shown. HTML with more tags and entities would take seconds of it.
MOST_MARKS = 5000

BEGINNINGS = {
    None: gettext_lazy("As it came"),
    Cause.IMPORTED: gettext_lazy("A newer text came in"),
    Cause.EDITED: gettext_lazy("Edited here"),
    Cause.UNDONE: gettext_lazy("An import was undone"),
    Cause.RESTORED: gettext_lazy("An earlier version was restored"),
}
FACTS = {
    "title": gettext_lazy("Headline"),
    "kicker": gettext_lazy("Line above the headline"),
    "standfirst": gettext_lazy("Standfirst"),
    "byline": gettext_lazy("Byline"),
    "authors": gettext_lazy("Authors"),
    "source": gettext_lazy("Source"),
    "date": gettext_lazy("Published"),
    "sections": gettext_lazy("Sections"),
    "tags": gettext_lazy("Tags"),
    "dateline": gettext_lazy("Place"),
    "language": gettext_lazy("Language"),
    "canonical_url": gettext_lazy("Published at"),
    "correction": gettext_lazy("Correction"),
    "editors_note": gettext_lazy("Editor’s note"),
    "images": gettext_lazy("Pictures"),
}


def beginning_words(state: State) -> str:
    """By what the state began."""
    return str(BEGINNINGS[state.cause])


def changed_words(changes: Changes) -> str:
    """As in "3 times, last on 23 November 2026"."""
    said = ngettext("once, on %(day)s", "%(count)s times, last on %(day)s", changes.count)
    return said % {"count": changes.count, "day": day_words(changes.last)}


def held_words(state: State) -> str:
    """From when until when it held."""
    times = {"since": moment_words(state.since), "until": state.until and moment_words(state.until)}
    return (_("%(since)s to %(until)s") if state.until else _("Since %(since)s")) % times


def fact_words(name: str) -> str:
    return str(FACTS[name])


def story_of(record: ArticleRecord) -> str:
    """The text of a record as a page shows it."""
    if record.body_type == PLAIN:
        return laid_out(clean(record.body, PLAIN).html, {image.paragraph for image in record.images})
    if is_bare(record):
        return laid_out(clean(text_of(record.body, record.body_type), PLAIN).html, set())
    return laid_out(clean(record.body, record.body_type).html, set())


def is_bare(record: ArticleRecord) -> bool:
    """Whether the text is shown without its layout."""
    return record.body_type != PLAIN and record.body.count("<") + record.body.count("&") > MOST_MARKS


def loose_images(record: ArticleRecord) -> list[ImageRecord]:
    """The pictures whose captions are not in the text."""
    return [image for image in record.images if not image.paragraph and (image.caption or image.alt)]


def _dating_words(date: Dating) -> str:
    return "\n\n".join([date_words(date), *date.evidence])


def _image_words(images: tuple[ImageRecord, ...]) -> str:
    told = (" ".join(part for part in (image.caption or image.alt, image.credit) if part) for image in images)
    return "\n\n".join(words for words in told if words)


SAID: Mapping[str, Callable[[Any], str]] = {"date": _dating_words, "images": _image_words, "language": language_words}
