"""The page that says what can be typed, with examples made of what this archive holds."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mode
from string import Formatter
from typing import Any

from django.core.cache import cache
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from . import search
from .models import Article, Author, Period, Section, Source, Tag
from .search import Question, grammar

# Of so many of the newest articles, and so many letters of each, words are taken for the examples.
NEWEST, LETTERS = 20, 2000
# Counts are kept for so many seconds. Names and words are not: one that was withdrawn is gone at once.
KEPT = 180

WORD = re.compile(r"\b[^\W\d_]{5,15}\b")
PAIR = re.compile(r"\b[^\W\d_]{3,15} [^\W\d_]{3,15}\b")

# Each operator with an example and what it finds. What stands in braces comes from the archive: see `_samples`.
OPERATORS = (
    (
        _("Words"),
        (
            ("{word} {beside}", _("Both words, anywhere: title, text, captions, byline, names. AND changes nothing.")),
            ('"{phrase}"', _("These words in a row. All kinds of double quotation marks do.")),
            ("{word} -{other}", _("The one word without the other. NOT before a word does the same.")),
            ("{word} OR {other}", _("One of the two, or both. A bar | does the same. OR, AND and NOT are capitals.")),
            ("({word} OR {other}) {beside}", _("Brackets group. Without them OR joins only the two words beside it.")),
        ),
    ),
    (
        _("Near and often"),
        (
            ("{word} near/10 {beside}", _("Words or phrases at most 10 words apart, in any order: 1 to 50.")),
            ("atleast2:{often}", _("A word or phrase that stands in one text at least so many times: 1 to 1,000.")),
        ),
    ),
    (
        _("Other spellings"),
        (
            ("{begin}*", _("Words that begin so. * stands for any letters, anywhere in a word.")),
            ("{gap}", _("A ? inside a word stands for one letter. At the end of a word it is punctuation.")),
            ("{misspelt}~", _("Words spelled nearly so. ~1 and ~2 say how many letters may be wrong.")),
            ("={word}", _("The word only as it is written, without its other endings and accents.")),
            ('="{phrase}"', _("The same for words in a row.")),
        ),
    ),
    (
        _("Where the word stands"),
        (
            ("title:{word}", _("In the title. Before brackets and signs too: title:(one OR other), title:wor*.")),
            ("body:{often}", _("In the text.")),
            ("caption:{pictured}", _("In a caption.")),
        ),
    ),
    (
        _("What the article is filed under"),
        (
            ('tag:"{tag}"', _("With exactly this tag. Without quotation marks: with this word in a tag.")),
            ('section:"{section}"', _("In this section.")),
            ('source:"{source}"', _("Of this source.")),
            ('by:"{author}"', _("By this author. author: does the same.")),
            ("place:{place}", _("With this place at the head of the text.")),
            ("lang:{language}", _("In this language: a code such as ar, or its English name such as arabic.")),
            ("has:image", _("With a picture.")),
            ("has:correction", _("With a correction.")),
            ("has:date", _("With a date that is known, if only roughly.")),
        ),
    ),
    (
        _("When it was published"),
        (
            ("date:{year}", _("Of this year. date:1923-05 is a month, date:1923-05-30 a day.")),
            ("date:{first}..{last}", _("Of a range, both ends included. One may be left out, as in date:1911..")),
            ("before:{last}", _("Earlier than the first day of it.")),
            ("after:{first}", _("Later than the last day of it.")),
        ),
    ),
)  # fmt: skip

# What the examples say where the archive has nothing for them.
PLAIN = {
    "word": "ferry", "beside": "harbour", "other": "storm", "often": "water", "phrase": "the old harbour",
    "begin": "harb", "gap": "f?rry", "misspelt": "harbor", "pictured": "quay", "tag": "press freedom",
    "section": "World", "source": "Gazette", "author": "Miller", "place": "york", "language": "arabic",
    "year": "1923", "first": "1911", "last": "1925",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """`url` and `total` are missing where this archive has nothing of the kind, `total` while the index is away."""

    typed: str
    meaning: str
    url: str = ""
    total: int | None = None


@dataclass(frozen=True)
class Group:
    name: str
    examples: Sequence[Example]


def help_page(request: HttpRequest) -> HttpResponse:
    context = {
        "groups": _groups(_samples()),
        "version": grammar.VERSION,
        "words": grammar.TERMS,
        "letters": grammar.LENGTH,
        "depth": grammar.DEPTH,
    }
    return render(request, "articles/search_help.html", context)


def _groups(samples: Mapping[str, str]) -> list[Group]:
    typed = {pattern: pattern.format_map({**PLAIN, **samples}) for _name, rows in OPERATORS for pattern, _why in rows}
    live = [typed[pattern] for pattern in typed if samples and _names(pattern) <= samples.keys()]
    totals = _totals(live) if live else {}
    return [
        Group(str(name), [_example(typed[pattern], str(meaning), totals) for pattern, meaning in rows])
        for name, rows in OPERATORS
    ]


def _names(pattern: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(pattern) if name}


def _example(typed: str, meaning: str, totals: Mapping[str, int | None]) -> Example:
    if typed not in totals or totals[typed] == 0:
        return Example(typed, meaning)
    return Example(typed, meaning, Question(typed).url(), totals[typed])


def _totals(typed: Sequence[str]) -> dict[str, int | None]:
    """How many articles each finds, as of some minutes ago at most, whatever came in since: each is kept by itself."""
    keys = {text: f"search_help:{hashlib.sha256(text.encode()).hexdigest()}" for text in typed}
    kept = cache.get_many(keys.values())
    missing = [text for text in typed if keys[text] not in kept]
    found = dict(zip(missing, search.totals([Question(text) for text in missing]), strict=True)) if missing else {}
    if counted := {keys[text]: total for text, total in found.items() if total is not None}:
        cache.set_many(counted, KEPT)
    return {text: kept.get(keys[text], found.get(text)) for text in typed}


# What the archive holds


def _samples() -> dict[str, str]:
    """What the examples can be made of; what the archive does not have is missing."""
    articles = _newest()
    captions = [image.caption for article in articles for image in article.images.all()]
    return {
        **_of_titles([article.title for article in articles]),
        **_first("often", map(_repeated, (article.opening for article in articles))),
        **_first("pictured", (word for caption in captions for word in _words(caption))),
        **_first("place", (word for article in articles for word in _words(article.dateline))),
        **_first("language", (article.language for article in articles)),
        **_of_names(),
        **_of_years(),
    }


def _newest() -> list[Any]:
    """The newest articles in the language of most of them, so that the examples belong together."""
    published = Article.objects.published().newest().annotate(opening=Left("body_text", LETTERS))
    newest = list(published.only("title", "dateline", "language").prefetch_related("images")[:NEWEST])
    language = mode(article.language for article in newest) if newest else ""
    return [article for article in newest if article.language == language]


def _of_titles(titles: list[str]) -> dict[str, str]:
    """Words of the newest title that has several, their like, and a word that is not in it."""
    for title in titles:
        words, pair = sorted(set(_words(title)), key=lambda word: (-len(word), word)), PAIR.search(title.casefold())
        if len(words) > 1 and pair:
            word, beside, *_others = words
            gap, misspelt, begin = f"{word[:2]}?{word[3:]}", word[:-2] + word[-1], word[: max(4, len(word) - 2)]
            found = {"word": word, "beside": beside, "phrase": pair[0], "gap": gap, "misspelt": misspelt}
            others = (other for another in titles for other in _words(another) if other not in words)
            return {**found, "begin": begin, **_first("other", others)}
    return {}


def _of_names() -> dict[str, str]:
    """The commonest names. One with a quotation mark in it cannot be typed."""
    kinds = {"tag": Tag, "section": Section, "source": Source, "author": Author}
    named = {kind: model.objects.by_size().exclude(name__contains='"').first() for kind, model in kinds.items()}
    return {kind: name.name for kind, name in named.items() if name}


def _of_years() -> dict[str, str]:
    years = list(Period.objects.years())
    if not years:
        return {}
    fullest = max(years, key=lambda year: year.published_count)
    return {"year": fullest.label, "first": years[0].label, "last": years[-1].label}


def _first(name: str, values: Iterable[str]) -> dict[str, str]:
    found = next(filter(None, values), "")
    return {name: found} if found else {}


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def _repeated(text: str) -> str:
    """The commonest word of a text, if it stands there twice."""
    common = Counter(_words(text)).most_common(1)
    return common[0][0] if common and common[0][1] > 1 else ""
