"""What is asked, and how it is said: a `Question`, its sentence, the words for its parts."""

from .question import BARS, FACETS, PAGE_SIZE, SINGLE, LineSort, Question, Sort, Window, quoted

__all__ = ["BARS", "FACETS", "PAGE_SIZE", "SINGLE", "LineSort", "Question", "Sort", "Window", "quoted"]
