"""An archive with everything in it that a public page can show, all public pages, and what axe finds on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils.http import urlencode
from playwright.sync_api import Page

from articles import ladder, printings, versions
from articles.models import Access, Article, Cause, FollowedSearch, Image, Original, Reason
from articles.records import Dating, Known, Precision
from tests.makers import make_article

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3
SHELVED: dict[str, Any] = {
    "source": "The Gazette",
    "sections": ("World", "Local"),
    "tags": ("flood", "الماء", LONG_WORD[:150]),
}
# Target sizes are a rule of WCAG 2.2 that the tool leaves out unless asked.
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# All that can change with the colours.
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
MORE_CONTRAST = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]},
    "rules": {"color-contrast-enhanced": {"enabled": True}},
}

PAGES = {
    "front": "/",
    "everything": "/articles/",
    "oldest first": "/articles/?order=oldest",
    "new": "/new/",
    "any day": "/on/06-13/",
    "any day without articles": "/on/04-13/",
    "tag": "/tag/flood/",
    "tags together": "/tag/flood+الماء/",
    "source": "/source/the-gazette/",
    "section": "/section/world/",
    "author": "/author/ann-day/",
    "tags": "/tags/",
    "tags by count": "/tags/by-count/",
    "tags by letter": "/tags/letter/f/",
    "sources": "/sources/",
    "sections": "/sections/",
    "authors": "/authors/",
    "year": "/2017/",
    "month": "/2017/06/",
    "day": "/2017/06/13/",
    "undated": "/undated/",
    "coverage": "/coverage/",
    "coverage of a source": "/coverage/the-gazette/",
    "search": "/search/?q=water+OR+boat+-gauge",
    "search by tag": "/search/?q=&tag=flood",
    "search without an answer": "/search/?q=nonesuch",
    "search in lines": "/search/?q=water&view=lines",
    "help": "/search/help/",
    "followed searches": "/followed/",
    "followed search": "/followed/floods/",
    "taken down": "/takedowns/",
    "not found": "/2017/the-ferrymans-case/",
}
OF_AN_ARTICLE = ("cite", "printings", "versions", "versions_differences", "why")


def fill() -> Article:
    """Fill the archive; the article that has most."""
    for number in range(1, 7):
        text = "The water came.\n\nIt stayed."
        make_article(f"Water, day {number}", text=text, date=f"2017-06-{number + 9}", **SHELVED)
    for number in range(1, 29):
        make_article(f"Quiet, day {number}", date=f"1950-02-{number:02}")
    make_article("Water and its date", date="1911-03-14T18:45", language="en", **SHELVED)
    make_article("الماء في المدينة", text="جاء الماء في الليل.", date="1923-05", language="ar", **SHELVED)
    make_article("水来了", text="水在夜里来了。", date="1958", language="zh", **SHELVED)
    make_article(LONG_WORD, text=LONG_WORD, byline=LONG_WORD, kicker=LONG_WORD, date="2018", **SHELVED)
    make_article("Water without a date", **SHELVED)
    _take_down(make_article("A name", text="A name.", date="1988", **SHELVED))
    FollowedSearch.objects.create(name="Floods", slug="floods", query="q=water", description="On the Orle.")
    return _full()


def _take_down(article: Article) -> None:
    ladder.move([article.pk], ladder.Step(Access.TOMBSTONE, reason=Reason.PERSON, words="At the wish of the family."))


def _full() -> Article:
    inferred = Dating(
        earliest=Dating.parse("2017-05-30").earliest,
        precision=Precision.DAY,
        known=Known.INFERRED,
        evidence=("May 29, 2017", "on Tuesday"),
    )
    article = make_article(
        "The river rose",
        text="The water came at night.\n\nA boat in the square.",
        date=inferred,
        authors=("Ann Day", "ليلى"),
        byline="By Ann Day",
        kicker="Flood",
        standfirst="Forty streets under water",
        dateline="Osterby",
        language="en",
        canonical_url=f"https://gazette.example/{LONG_WORD}",
        correction="It was thirty streets.",
        editors_note="From a damaged copy.",
        original=Original.objects.create(sha256="ab" * 32, size=5, name=f"{LONG_WORD}.txt"),
        **SHELVED,
    )
    _print_again_and_change(article)
    table = "<h2>The gauge</h2><table><tr><th>Hour</th>" + "<th>Feet and inches</th>" * 12 + "</tr></table>"
    quote = '<blockquote>As <a href="https://other.example/">they</a> said</blockquote><pre>a  b</pre>'
    more = f"{table}{quote}<ul><li>one</li></ul><p><em>So</em> it was.</p>"
    Article.objects.filter(pk=article.pk).update(body_html=article.body_html + more)
    Image.objects.create(article=article, caption="A boat in the square.", paragraph=2)
    Image.objects.create(article=article, caption="The mayor", credit="J. Bell")
    return article


def _print_again_and_change(article: Article) -> None:
    line = "{} people came over the bridge by night, and the keeper counted them."
    text = "\n\n".join(line.format(number) for number in range(30))
    before = versions.told_of([article.pk])
    Article.objects.filter(pk=article.pk).update(body_text=f"{article.body_text}\n\n{text}", body=text)
    versions.keep_changed(before, Cause.EDITED)
    article.refresh_from_db()
    again = make_article("A count", text=text.replace("7 people", "Seven people"), date="2017-06-02", language="en")
    printings.note([article, again])


def addresses(article: Article) -> dict[str, str]:
    """Where each page is, by its name."""
    titles = {"arabic": "الماء في المدينة", "chinese": "水来了", "long words": LONG_WORD, "tombstone": "A name"}
    others = {name: Article.objects.get(title=title).get_absolute_url() for name, title in titles.items()}
    about = {name: reverse(f"articles:{name}", args=[article.pk]) for name in OF_AN_ARTICLE}
    about["why"] += "?q=water"
    about["version"] = reverse("articles:version", args=[article.pk, 1])
    here = article.get_absolute_url()
    quotes = {
        "quoted": f"{here}?{urlencode({'quote': 'came at night'})}",
        "quoted in vain": f"{here}?{urlencode({'quote': 'was never said'})}",
    }
    return PAGES | others | about | quotes | {"article": here}


def problems(page: Page, part: str = "html", rules: dict[str, Any] = RULES) -> list[str]:
    found: dict[str, Any] = Axe().run(page, part, rules).response
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def problems_of_each(page: Page, places: dict[str, str], look: Callable[[Page], list[str]]) -> list[str]:
    """What a look at each of these pages finds, after the name of the page; what can be opened on it is open."""
    found = []
    for name, address in places.items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        found += [f"{name}: {problem}" for problem in look(page)]
    return found
