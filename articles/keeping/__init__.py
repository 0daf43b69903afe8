"""Whether what is kept agrees: files with their rows, rows with each other, the index with the rows."""

from .books import check_books, mend_books
from .files import check_folder, check_originals, verify
from .flaws import Flaw, counted
from .indexed import check_index
from .rounds import Rounds
from .rows import check_links, check_texts

__all__ = [
    "Flaw",
    "Rounds",
    "check_books",
    "check_folder",
    "check_index",
    "check_links",
    "check_originals",
    "check_texts",
    "counted",
    "mend_books",
    "verify",
]
