"""The door of the search room: ask with a `Question`, get a `Page`; whoever keeps the index knocks here too."""

from .answers.company import Company, Neighbour, company
from .answers.concordance import Lines, concordance
from .answers.finding import find, reading
from .answers.page import Facets, FacetValue, Hit, Link, Page
from .answers.turning import Turn, turn
from .answers.walking import Walk, counted, walk
from .asking import total
from .counting import kept_totals, totals
from .edge import in_a_sentence
from .hints.nothing import nothing
from .hints.widening import Widened, widening
from .indexing import (
    Differences,
    IndexState,
    Stopped,
    damage,
    differences,
    drain,
    engine_version,
    forget,
    generation,
    index,
    keep_up,
    rebuild,
    state,
    tidy,
)
from .likeness import nearby_and_similar, similar
from .passages.marked import Marked, mark
from .passages.quoted import quoted, stands_in
from .passages.reasons import Why, why
from .question import BARS, FACETS, PAGE_SIZE, LineSort, Question, Sort

__all__ = [
    "BARS",
    "FACETS",
    "PAGE_SIZE",
    "Company",
    "Differences",
    "FacetValue",
    "Facets",
    "Hit",
    "IndexState",
    "LineSort",
    "Lines",
    "Link",
    "Marked",
    "Neighbour",
    "Page",
    "Question",
    "Sort",
    "Stopped",
    "Turn",
    "Walk",
    "Why",
    "Widened",
    "company",
    "concordance",
    "counted",
    "damage",
    "differences",
    "drain",
    "engine_version",
    "find",
    "forget",
    "generation",
    "in_a_sentence",
    "index",
    "keep_up",
    "kept_totals",
    "mark",
    "nearby_and_similar",
    "nothing",
    "quoted",
    "reading",
    "rebuild",
    "similar",
    "stands_in",
    "state",
    "tidy",
    "total",
    "totals",
    "turn",
    "walk",
    "why",
    "widening",
]
