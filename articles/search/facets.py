"""What a result has in common: values to narrow it by, with their names, counts and addresses."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf.locale import LANG_INFO

from ..models import Author, Section, Source, Tag
from .page import FacetValue
from .question import FACETS, Question

# So many values of a facet are offered; of years all, for they are few and have an order.
OFFERED = 12
NAMES = {"source": Source, "section": Section, "tag": Tag, "author": Author}
KNOWN = {"printed": "Date printed", "inferred": "Date inferred", "unknown": "Date unknown"}

Counts = list[tuple[str, int]]


def facets(question: Question, counts: dict[str, Counts]) -> dict[str, tuple[FacetValue, ...]]:
    """The facets in their order, each with its most frequent values and with all that narrow already."""
    offered = {facet: _offered(facet, counts.get(facet, []), question.chosen(facet)) for facet in FACETS}
    return {facet: _named(question, facet, values) for facet, values in offered.items() if values}


def _offered(facet: str, counts: Counts, chosen: tuple[str, ...]) -> Counts:
    counted = dict(counts)
    if facet == "year":
        ordered = sorted(counted, reverse=True)
    else:
        ordered = sorted(counted, key=lambda value: (-counted[value], value))[:OFFERED]
    also = [value for value in chosen if value not in ordered]
    return [(value, counted.get(value, 0)) for value in [*ordered, *also]]


def _named(question: Question, facet: str, values: Counts) -> tuple[FacetValue, ...]:
    names = _names(facet, [value for value, _ in values])
    return tuple(_value(question, facet, value, names.get(value, value), count) for value, count in values)


def _names(facet: str, values: Iterable[str]) -> dict[str, str]:
    """What to show for each value."""
    if model := NAMES.get(facet):
        return dict(model.objects.filter(slug__in=list(values)).values_list("slug", "name"))
    if facet == "language":
        return {value: LANG_INFO.get(value.lower(), {}).get("name", value) for value in values}
    return KNOWN if facet == "known" else {}


def _value(question: Question, facet: str, value: str, name: str, count: int) -> FacetValue:
    active = value in question.chosen(facet)
    leads_to = question.widened(facet, value) if active else question.narrowed(facet, value)
    return FacetValue(value, name, count, leads_to.url(), active)
