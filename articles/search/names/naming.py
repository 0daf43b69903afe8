"""What to show for the values of facets: a page is known by its slug, and shown by its name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from ...models import Author, Section, Source, Statement, Tag
from ..question import Question
from ..question.wording import language_words

MODELS: dict[str, Any] = {"source": Source, "section": Section, "tag": Tag, "author": Author}
NAMES: dict[str, Statement] = {
    kind: Statement(lambda slugs, model=model: model.objects.filter(slug__in=slugs).values_list("slug", "name"), str)  # type: ignore[misc]
    for kind, model in MODELS.items()
}
KNOWN = {
    "printed": gettext_lazy("Date printed"),
    "inferred": gettext_lazy("Date inferred"),
    "unknown": gettext_lazy("Date unknown"),
}


def names_in(question: Question) -> dict[tuple[str, str], str]:
    """What to show for each value that narrows a question."""
    pairs = (*question.filters, *question.excluded)
    values = {facet: [value for other, value in pairs if other == facet] for facet, _ in pairs}
    return {(facet, value): name for facet in values for value, name in named(facet, values[facet]).items()}


def named(facet: str, values: list[str]) -> dict[str, str]:
    """What to show for each value."""
    if facet in MODELS:
        return dict(NAMES[facet].rows(values)) if values else {}
    if facet == "language":
        return {value: language_words(value) for value in values}
    return {value: str(words) for value, words in KNOWN.items()} if facet == "known" else {}
