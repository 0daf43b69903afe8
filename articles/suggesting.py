"""Tags that an article could have, out of those that the archive has. They are offered, and never given by themselves.

A tag is offered where its name, or another name of it, stands in the article, and where articles like it have it. What
tells more comes first: a name of which most articles that have its words are filed under it, words of the headline,
words that come again and again.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import search
from .models import Article, ArticleTag, Period, Tag, TagAlias, name_key

# Names of so many words are looked for, in so many words of a text.
LONGEST, READ = 4, 5000
# Keys asked for at once, names weighed by the index, and articles like this one.
ASKED, WEIGHED, LIKE = 900, 30, 12
# A tag of more than this share of all articles says nothing about one. A tag must be on so many articles like this one
# if its name is not in the text, and weigh so much.
COMMON, SHARED, LEAST = 0.25, 2, 0.03
# How much more the headline tells, and how much one article like this one does.
HEADLINE, ALIKE = 2.0, 0.25
WORD = re.compile(r"\w+")
# So many articles are looked at for some that have few tags.
LOOKED_AT = 5000


@dataclass(frozen=True)
class Suggestion:
    """A tag, and why it is offered, in words."""

    tag: Tag
    why: str


@dataclass
class Clue:
    """What speaks for a tag: how often it is named, in the headline too, by which names, how many like it have it."""

    times: int = 0
    in_title: bool = False
    names: dict[str, None] = field(default_factory=dict)
    alike: int = 0

    def weight(self, telling: float) -> float:
        named = telling * (1 + math.log(self.times)) * (HEADLINE if self.in_title else 1) if self.times else 0.0
        return named + ALIKE * self.alike

    def why(self, tag: Tag) -> str:
        return "; ".join(self._reasons(tag))

    def _reasons(self, tag: Tag) -> Iterator[str]:
        if self.in_title:
            yield _("in the headline")
        if self.times:
            yield ngettext("%(count)d time in the article", "%(count)d times in the article", self.times) % {
                "count": self.times
            }
        others = [name for name in self.names if name_key(name) != tag.key]
        if others:
            yield _("as %(names)s") % {"names": ", ".join(others)}
        if self.alike:
            yield ngettext("%(count)d article like it has it", "%(count)d articles like it have it", self.alike) % {
                "count": self.alike
            }


def suggested(article: Article, most: int = 8) -> list[Suggestion]:
    """The tags that the article could have and has not, best first. What it costs does not grow with the tags."""
    clues: dict[Tag, Clue] = {}
    _named(article, clues)
    _alike(article, clues)
    held = set(ArticleTag.objects.filter(article=article).values_list("tag", flat=True))
    ceiling = max(2, COMMON * Period.objects.count_of("all"))
    fitting = [tag for tag in clues if tag.pk not in held and tag.published_count <= ceiling]
    weights = _weights(sorted(fitting, key=lambda tag: -clues[tag].weight(1.0))[:WEIGHED], clues)
    best = sorted(weights, key=lambda tag: (-weights[tag], tag.key))[:most]
    return [Suggestion(tag, clues[tag].why(tag)) for tag in best]


def scarcely_tagged(most: int, below: int | None = None, size: int = 25) -> tuple[list[int], int | None]:
    """The numbers of articles with at most `most` tags, the newest first, and the number below which to go on; None at
    the end. Where nearly all have tags they may be fewer than `size`, or none, and more come after.
    """
    articles = Article.objects.all() if below is None else Article.objects.filter(pk__lt=below)
    numbers = list(articles.order_by("-pk").values_list("pk", flat=True)[:LOOKED_AT])
    if not numbers:
        return [], None
    links = ArticleTag.objects.order_by().filter(article__gte=numbers[-1], article__lte=numbers[0])
    tags = Counter(dict(links.values_list("article").annotate(Count("pk"))))
    few = [number for number in numbers if tags[number] <= most][: size + 1]
    if len(few) > size:
        return few[:size], few[size - 1]
    return few, numbers[-1] if len(numbers) == LOOKED_AT else None


def _named(article: Article, clues: dict[Tag, Clue]) -> None:
    """Tags whose names, or other names, stand in the article as whole words."""
    title = Counter(_runs(article.title))
    text = Counter(_runs(f"{article.standfirst}\n{article.body_text}"))
    text.update(title)
    for key, name, tag in _tags(text):
        clue = clues.setdefault(tag, Clue())
        clue.times += text[key]
        clue.in_title |= key in title
        clue.names[name] = None


def _runs(text: str) -> Iterator[str]:
    """All that a name could be: words in a row with what stands between them, as `name_key` writes them."""
    words = [found.span() for found in WORD.finditer(text[: READ * 20])][:READ]
    for at, (start, _end) in enumerate(words):
        for _start, end in words[at : at + LONGEST]:
            yield name_key(text[start:end])


def _tags(keys: Iterable[str]) -> Iterator[tuple[str, str, Tag]]:
    """The tags that are called so, each with the key and the name that it is called by."""
    wanted = list(keys)
    for start in range(0, len(wanted), ASKED):
        some = wanted[start : start + ASKED]
        yield from ((tag.key, tag.name, tag) for tag in Tag.objects.filter(key__in=some))
        aliases = TagAlias.objects.filter(key__in=some).select_related("target")
        yield from ((alias.key, alias.name, alias.target) for alias in aliases)


def _alike(article: Article, clues: dict[Tag, Clue]) -> None:
    """Tags that several articles like it have; other printings of its story count once."""
    stories = {other.story or -other.pk: other.pk for other in search.similar(article, LIKE)}
    links = ArticleTag.objects.published().filter(article__in=stories.values()).select_related("tag")
    for tag, count in Counter(link.tag for link in links).items():
        if count >= SHARED or tag in clues:
            clues.setdefault(tag, Clue()).alike = count


def _weights(tags: Sequence[Tag], clues: dict[Tag, Clue]) -> dict[Tag, float]:
    """The tags that tell something, and how much."""
    questions = [search.Question(f'"{" ".join(WORD.findall(tag.name))}"', exact=True) for tag in tags]
    telling = map(_telling, tags, search.totals(questions))
    weights = {tag: clues[tag].weight(share) for tag, share in zip(tags, telling, strict=True)}
    return {tag: weight for tag, weight in weights.items() if weight >= LEAST}


def _telling(tag: Tag, total: int | None) -> float:
    """Of the articles with the words of a tag the share that has the tag; without an index, a rare tag tells more."""
    if total is None:
        return 1 / (1 + math.log(1 + tag.published_count))
    return min(1.0, (tag.published_count + 0.5) / (total + 1))
