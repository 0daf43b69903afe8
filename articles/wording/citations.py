"""How the page of citations names its styles, and says what an article does not."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..citations import STYLES, Citation, Cited

STYLE_NAMES = {
    "APA": gettext_lazy("APA, 7th edition"),
    "MLA": gettext_lazy("MLA, 9th edition"),
    "Chicago": gettext_lazy("Chicago, 17th edition, bibliography"),
    "Harvard": gettext_lazy("Harvard (Cite Them Right)"),
}
FILE_NAMES = {"bib": "BibTeX", "ris": "RIS", "csl.json": "CSL-JSON"}


def written_out(article: Cited) -> list[Citation]:
    """The citation in every style that people write by hand."""
    return [Citation(style, write(article)) for style, write in STYLES]


def style_words(style: str) -> str:
    return str(STYLE_NAMES[style])


def file_words(form: str) -> str:
    return FILE_NAMES[form]


def gaps(article: Cited) -> list[str]:
    """What is not known of an article, so that nobody takes a gap in its citation for a fault."""
    told = [
        "" if article.people else _("The article names no author."),
        "" if article.source else _("It is not known in which paper it appeared."),
        _date_gap(article),
        _("The article was corrected; each citation says so.") if article.correction else "",
        "" if article.sha256 else _("It was entered here by hand, so there is no file with a checksum."),
    ]
    return [words for words in told if words]


def _date_gap(article: Cited) -> str:
    if article.date.inferred:
        return _("Its date is not printed: it was worked out, and each style marks that in its own way.")
    return "" if article.date.exact else _("The day on which it appeared is not known.")
