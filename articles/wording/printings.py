"""How the printings of a story are put into words."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..differences import Differences
from ..locales import listed, thousands
from ..models import Article
from ..printings import Summary
from ..records import Known, Precision
from .archive import date_machine, date_words

# Around a name, so that its script does not turn round the sentence that it stands in.
ISOLATED = "\u2068{}\u2069"


def printed_words(summary: Summary) -> str:
    """As in "Printed 5 times, first in The Gazette on 13 June 1923"."""
    said = ngettext("printed %(times)s time", "printed %(times)s times", summary.count)
    times = said % {"times": thousands(summary.count)}
    return capfirst(listed(part for part in (times, _first_words(summary.first)) if part))


def printed_beside(summary: Summary, article: Article) -> str:
    """The same on the page of one of the printings: "5 times, first in The Gazette on 13 June 1923"."""
    first = _("first here") if article.pk == summary.first.pk and article.earliest else _first_words(summary.first)
    said = ngettext("%(times)s time", "%(times)s times", summary.count)
    times = said % {"times": thousands(summary.count)}
    return listed(part for part in (times, first) if part)


def _first_words(article: Article) -> str:
    """Where and when the first was printed; nothing where no date is known, since any other may be the first then."""
    if article.earliest is None:
        return ""
    source = ISOLATED.format(article.source.name) if article.source else ""
    values = {"source": source, "date": date_words(article)}
    if _is_of_a_day(article):
        words = _("first in %(source)s on %(date)s") if source else _("first on %(date)s")
    else:
        words = _("first in %(source)s, %(date)s") if source else _("first: %(date)s")
    return words % values


def _is_of_a_day(article: Article) -> bool:
    exact = article.precision in (Precision.DAY, Precision.MINUTE) and date_machine(article)
    return bool(exact) and article.known != Known.INFERRED


def differences_words(differences: Differences) -> str:
    """As in "Drops 2 paragraphs, changes 1"."""
    counts = [
        (differences.dropped, _dropped(differences.dropped), _("drops %(number)s")),
        (differences.changed, _changed(differences.changed), _("changes %(number)s")),
        (differences.added, _added(differences.added), _("adds %(number)s")),
    ]
    told = [(first, further, {"number": thousands(number)}) for number, first, further in counts if number]
    if not told:
        return _("The same words")
    # What is counted is named once.
    said = [(further if at else first) % number for at, (first, further, number) in enumerate(told)]
    return capfirst(listed(said))


def _dropped(number: int) -> str:
    return ngettext("drops %(number)s paragraph", "drops %(number)s paragraphs", number)


def _changed(number: int) -> str:
    return ngettext("changes %(number)s paragraph", "changes %(number)s paragraphs", number)


def _added(number: int) -> str:
    return ngettext("adds %(number)s paragraph", "adds %(number)s paragraphs", number)
