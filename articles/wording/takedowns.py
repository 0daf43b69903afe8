"""How takedowns are put into words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from ..models import Access, Reason, Takedown

REASONS = {
    Reason.ORDER: gettext_lazy("A court or another authority ordered it."),
    Reason.PERSON: gettext_lazy("It protects a person named in the article."),
    Reason.RIGHTS: gettext_lazy("Others hold rights in what the article showed."),
    Reason.PUBLISHER: gettext_lazy("The paper or the author asked for it."),
    Reason.MISTAKE: gettext_lazy("The article was published by mistake."),
    Reason.OTHER: gettext_lazy("There is another reason."),
}
# For staff.
STEPS = {
    Access.PUBLIC: gettext_lazy("public"),
    Access.UNLISTED: gettext_lazy("not for search engines"),
    Access.STAFF: gettext_lazy("staff only"),
    Access.TOMBSTONE: gettext_lazy("tombstone"),
}


def reason_words(reason: str) -> str:
    """Why, as a sentence; "" where nothing is told."""
    return str(REASONS[Reason(reason)]) if reason else ""


def step_words(access: str) -> str:
    return str(STEPS[Access(access)])


def headline_words(takedown: Takedown) -> str:
    """The headline, or the words that stand in its place."""
    return takedown.headline or takedown.article.title
