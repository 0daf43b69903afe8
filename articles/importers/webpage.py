"""A saved web page: the article in it, what the page says about it, and every line of the page with what it is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from lxml.html import HtmlElement

from articles.importers import credits, webpage_body, webpage_dates, webpage_facts, webpage_headline
from articles.importers.captions import is_credit_only
from articles.importers.lines import BYTE_ORDER_MARKS
from articles.importers.pagemeta import Said, said
from articles.importers.webpage_lines import Line, Page, Seen, joined, visible, written
from articles.importers.webpage_source import FILE_BYTES, checked, parsed, saved_from, text_of
from articles.records import HTML, ArticleRecord, Guidance, ImageRecord, LineKind, Unreadable, UnreadableFile

ABOVE = 15
BEHIND = 5
HEAD = 30
LEAST_WORDS = 15
LEAST_WORDS_STATED = 4
MOST_LINKED = 0.5
MOST_IMAGES = 200
MOST_LINES = 10_000

# Nothing is tried twice: a page may begin with any number of comments.
_FIRST_TAG = re.compile(
    r"\s*+(?:(?:<!--(?:(?!-->).)*+-->|<\?[^>]{0,300}+>)\s*+)*+<(?:!doctype\s+html|(?:html|head|body|meta|title|base)\b)",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|ul|li|br|a|table|span|article|section|blockquote|img|script|link|hr)[\s>/]", re.I
)
_NAMED = (".html", ".htm", ".xhtml", ".shtml")
FEW_TAGS = 2


def looks_like(name: str, head: bytes) -> bool:
    """A page begins with its doctype or a tag that stands on top of pages; a piece of one needs a name that says so."""
    text = _start(head)
    if _FIRST_TAG.match(text):
        return True
    named = name.lower().endswith(_NAMED)
    return named and text.lstrip().startswith("<") and len(_ANY_TAG.findall(text)) >= FEW_TAGS and "<?xml" not in text


def _start(head: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, errors="replace")
    return head.replace(b"\x00", b"").decode("latin-1")


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """The one article of the page. `UnreadableFile` if there is none in it, or it is too much for one page."""
    text = text_of(checked(stream.read(FILE_BYTES + 1)), guidance.charset)
    yield _article(parsed(text), saved_from(text), guidance)


@dataclass(frozen=True, slots=True)
class _Article:
    """A page of which it is known where its article stands. Numbers are of lines; `first` is the first paragraph."""

    lines: Sequence[Line]
    body: Sequence[int]
    headline: webpage_headline.Headline
    first: int

    @property
    def top(self) -> int:
        return max((index for index in self.headline.lines if index < self.first), default=max(0, self.first - BEHIND))

    @property
    def above(self) -> list[int]:
        return list(range(max(0, self.top - ABOVE), self.top))

    @property
    def head(self) -> list[int]:
        """The lines between headline and body."""
        return [index for index in range(self.top, self.first)[:HEAD] if index not in self.headline.lines]

    @property
    def near(self) -> list[int]:
        """The lines that may print a byline or a date: below the headline, right over it, right behind the body."""
        behind = range(self.body[-1] + 1, min(len(self.lines), self.body[-1] + 1 + BEHIND))
        return [*self.head, *self.above[-3:], *behind]

    def texts(self, indexes: Sequence[int]) -> list[str]:
        return [self.lines[index].text for index in indexes]


def _article(tree: HtmlElement, saved: str, guidance: Guidance) -> ArticleRecord:
    meta = said(tree)
    address = webpage_facts.address(meta, saved, guidance.address)
    page = visible(tree, joined("", saved) or joined("", guidance.address) or address)
    if not page.lines:
        raise UnreadableFile("The page shows no words: open it in a browser, save it again and upload the new file.")
    if len(page.lines) > MOST_LINES:
        raise UnreadableFile(f"The page has more than {MOST_LINES:,} lines: save the part that you want to keep.")
    choice = webpage_body.Choice(page.lines, webpage_body.guide(tree))
    body = choice.body()
    _refuse_lists(page, body, meta)
    site = webpage_facts.source(meta, address)
    titles = [*meta.texts("titles"), *_window(tree)]
    headline = webpage_headline.found(page.lines, choice.core(), titles, [site])
    site = site or next(filter(None, (webpage_headline.site_in(title, headline.text) for title in _window(tree))), "")
    article = _Article(page.lines, _below(body, headline, choice.core()), headline, choice.core())
    return _record(tree, page, article, meta, address, site, guidance)


def _below(body: Sequence[int], headline: webpage_headline.Headline, core: int) -> list[int]:
    """The body without the headline and what stands over it."""
    top = max((index for index in headline.lines if index < core), default=-1)
    return [index for index in body if index > top and index not in headline.lines] or list(body)


def _window(tree: HtmlElement) -> list[str]:
    """The title of the window."""
    return [" ".join("".join(title.itertext()).split()) for title in itertools.islice(tree.iter("title"), 1)]


def _refuse_lists(page: Page, body: Sequence[int], meta: Said) -> None:
    """Refuse a page with no article: too few words, or mostly links to others."""
    lines = [page.lines[index] for index in body]
    words = sum(line.words for line in lines)
    letters = sum(len(line.text) for line in lines)
    linked = sum(line.linked for line in lines) > letters * MOST_LINKED
    if not lines or linked or words < (LEAST_WORDS_STATED if meta.article else LEAST_WORDS):
        raise UnreadableFile(
            "No article was found, only menus, buttons and lists: open the article on its own page and save that."
        )


def _record(
    tree: HtmlElement, page: Page, article: _Article, meta: Said, address: str, site: str, guidance: Guidance
) -> ArticleRecord:
    lines, title = article.lines, article.headline.text
    authors = webpage_facts.authors(meta, lines, article.near, site)
    standfirst = webpage_facts.standfirst(meta, lines, article.head, title)
    sections = webpage_facts.sections(meta, lines, article.above, title, site)
    told = article.texts(article.body)
    date, dated = webpage_dates.dating(meta, lines, article.near, told, address, guidance)
    images, captions = _images(page, article)
    facts = article.headline.lines | authors.lines | standfirst.lines | sections.lines | dated | captions
    body = [index for index in article.body if index not in facts or index >= article.first]
    return ArticleRecord(
        title=title,
        body=written([lines[index] for index in body]),
        body_type=HTML,
        page=_runs(lines, set(body), facts),
        standfirst=standfirst.text,
        byline=authors.text,
        authors=authors.values,
        source=site,
        sections=sections.values,
        tags=webpage_facts.tags(tree, meta),
        dateline=credits.dateline(told[0]),
        language=webpage_facts.language(tree, meta),
        canonical_url=address,
        date=date,
        images=images,
        captured=guidance.captured,
    )


def _images(page: Page, article: _Article) -> tuple[tuple[ImageRecord, ...], frozenset[int]]:
    """The pictures that have a caption, between headline and end of the body, and the lines of their captions."""
    span = range(article.top, article.body[-1] + 2)
    captions = [index for index in span if index < len(page.lines) and webpage_body.is_caption(page.lines[index])]
    found: dict[Seen | int, list[int]] = {}
    pictures = _Pictures(page.pictures)
    for index in captions:
        found.setdefault(pictures.of(index, page.lines[index]) or -index, []).append(index)
    images = [_image(key if isinstance(key, Seen) else None, article.texts(places)) for key, places in found.items()]
    return tuple(dict.fromkeys(images))[:MOST_IMAGES], frozenset(captions)


class _Pictures:
    """The first picture of each figure, and the last one before each line; those with an address before others."""

    def __init__(self, pictures: Sequence[Seen]) -> None:
        ordered = sorted(pictures, key=lambda seen: bool(seen.url))
        self.before = {seen.before: seen for seen in ordered}
        self.inside = {seen.frame: seen for seen in sorted(reversed(pictures), key=lambda seen: bool(seen.url))}

    def of(self, number: int, caption: Line) -> Seen | None:
        """The picture of the figure that a caption stands in, else the one right before it."""
        figures = [frame.number for frame in reversed(caption.frames) if frame.name == "figure"]
        inside = (self.inside[figure] for figure in figures if figure in self.inside)
        return next(inside, None) or self.before.get(number) or self.before.get(number - 1)


def _image(picture: Seen | None, texts: Sequence[str]) -> ImageRecord:
    said_of = [text for text in texts if not is_credit_only(text)]
    credit = [text for text in texts if is_credit_only(text)]
    url, alt = (picture.url, picture.alt) if picture else ("", "")
    return ImageRecord(url=url, alt=alt, caption=" ".join(said_of), credit=" ".join(credit))


def _runs(lines: Sequence[Line], body: set[int], facts: frozenset[int]) -> tuple[tuple[LineKind, str], ...]:
    """The visible lines of the page in runs of one kind."""

    def kind(index: int) -> LineKind:
        return LineKind.BODY if index in body else LineKind.METADATA if index in facts else LineKind.FURNITURE

    grouped = itertools.groupby(range(len(lines)), key=kind)
    return tuple((kind, "".join(f"{lines[index].text}\n" for index in run)) for kind, run in grouped)
