"""What a text says about its own date: an interval, how exact it is, and the words that say so.

`printed` reads the lines of a page that carry its date; `inferred` reads the article itself; `stated` reads a value
that a program wrote; `bounded` leaves out what cannot be. None knows what day it is today, so none can answer with it.
"""

from articles.dates.bounding import bounded
from articles.dates.intervals import narrowed
from articles.dates.mentioning import Mention, mentions
from articles.dates.printing import printed
from articles.dates.stating import stated
from articles.dates.telling import inferred

__all__ = ("Mention", "bounded", "inferred", "mentions", "narrowed", "printed", "stated")
