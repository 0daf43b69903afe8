"""The door of the search room: ask with a `Question`, get a `Page`."""

from .page import FacetValue, Hit, Link, Page
from .question import FACETS, PAGE_SIZE, Question, Sort

__all__ = ["FACETS", "PAGE_SIZE", "FacetValue", "Hit", "Link", "Page", "Question", "Sort"]
