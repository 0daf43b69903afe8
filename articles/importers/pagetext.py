"""Page-text: the text of one saved news page, with its menus, buttons and lists around the article.

One file is one article. Every line of it ends as body, metadata or furniture, and the three add up to the file.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from articles import dates
from articles.importers import charset, credits, layout
from articles.importers.captions import is_credit_only
from articles.importers.furniture import Furniture
from articles.importers.lines import BYTE_ORDER_MARKS, blocks, decoded, split
from articles.importers.marks import LONG_WORDS, Mark, marked
from articles.records import HTML, ArticleRecord, Dating, Guidance, ImageRecord, LineKind, Unreadable, UnreadableFile

FILE_BYTES = 10_000_000
FILE_LINES = 100_000

# Of the bytes of a text hardly any are control characters; of those of a program or an image one in eight.
MOST_CONTROL = 0.05
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")

ABOVE = 12
AROUND = 3
BELOW = 6
SHORT_FACT_WORDS = 4
TITLE_LENGTH = 120
SUBHEAD_WORDS = 8
STANDFIRST_LEAST_WORDS = 5
_NO_SUBHEAD_END = (".", ",", ";", ":", "!", "…", "”", '"', "’")


def looks_like(name: str, head: bytes) -> bool:
    """Any text does; what a text is can only be told by reading it."""
    if head.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS)) or charset.wide(head):
        return True
    control = len(head) - len(head.translate(None, _CONTROL_BYTES))
    return control <= len(head) * MOST_CONTROL


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """The one article of the file. `UnreadableFile` if there is none in it, or it is too large for one page."""
    content = stream.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        raise UnreadableFile(f"The file is larger than {FILE_BYTES:,} bytes: save each page to a file of its own.")
    lines = split(decoded(content, guidance.charset))
    if len(lines) > FILE_LINES:
        raise UnreadableFile(f"The file has more than {FILE_LINES:,} lines: save each page to a file of its own.")
    yield _article(lines, guidance)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of which it is known where its article stands. Indexes are of blocks, each with its mark."""

    lines: Sequence[str]
    marks: Sequence[Mark]
    headline: int | None
    body: Sequence[int]
    opening: int
    closing: int

    @property
    def above(self) -> range:
        headline = self.opening if self.headline is None else self.headline
        return range(max(0, headline - ABOVE), headline)

    @property
    def head(self) -> Sequence[int]:
        """The blocks between headline and body, up to the first list of other pages."""
        start = 0 if self.headline is None else self.headline + 1
        between = range(start, self.opening)
        return list(itertools.takewhile(lambda index: self.marks[index].kind is not Furniture.OTHERS, between))

    @property
    def below(self) -> Sequence[int]:
        """The blocks after the body, up to where the readers talk."""
        after = range(self.closing, min(self.closing + ABOVE, len(self.marks)))
        ends = (Furniture.FORM, Furniture.TALK)
        return list(itertools.takewhile(lambda index: self.marks[index].kind not in ends, after))

    def texts(self, indexes: Sequence[int]) -> list[str]:
        return [self.marks[index].block.text for index in indexes]

    def as_came(self, index: int) -> str:
        """The block's text with the spaces that came, but no control characters and no line ends."""
        block = self.marks[index].block
        return " ".join(_CONTROL.sub("", line).strip() for line in self.lines[block.first : block.last + 1])


def _article(lines: Sequence[str], guidance: Guidance) -> ArticleRecord:
    page = _page(lines)
    title = page.texts([page.headline])[0] if page.headline is not None else _shortened(page.as_came(page.body[0]))
    sections, filed_by = _sections(page, title, guidance.sections)
    tags, tagged_by = _tags(page)
    byline = credits.byline(page.texts(page.head))
    standfirst = _standfirst(page)
    dating, dated_by = _dating(page)
    body = [index for index in page.body if index not in dated_by]
    named_by = [page.head[place] for place in byline.places]
    told = {*filed_by, *tagged_by, *dated_by, *named_by, *standfirst, *_metadata(page)}
    inside = set(body)
    runs = _runs(page, inside, told)
    return ArticleRecord(
        title=title,
        body="\n".join(_as_html(page, inside, index) for index in body),
        body_type=HTML,
        received="".join(text for kind, text in runs if kind is LineKind.BODY),
        page=runs,
        standfirst=" ".join(page.texts(standfirst)),
        byline=byline.text,
        authors=byline.authors,
        sections=sections,
        tags=tags,
        dateline=_dateline(page, body),
        canonical_url=credits.address(page.texts([*page.head, *page.above, *page.below])),
        date=dating,
        images=_images(page, body),
    )


def _page(lines: Sequence[str]) -> _Page:
    marks = marked(blocks(lines))
    if not any(mark.block.key for mark in marks):
        raise UnreadableFile("The file has no words in it: save the page again and upload the new file.")
    found = layout.found(marks)
    if not _has_article(marks, found):
        raise UnreadableFile(
            "No article was found, only menus, buttons and lists: open the article on its own page and save that."
        )
    return _Page(lines, marks, found.headline, found.body, found.opening, found.closing)


def _has_article(marks: Sequence[Mark], found: layout.Layout) -> bool:
    """Whether anything is said: a sentence, a line of more than a few words, or so little that it was hardly a menu."""
    plain = [mark for mark in marks if mark.plain]
    if found.headline is None and not found.body:
        return False
    return len(plain) <= AROUND or any(mark.block.words > layout.MENU_WORDS for mark in plain)


def _shortened(text: str) -> str:
    if len(text) <= TITLE_LENGTH:
        return text
    return f"{text[:TITLE_LENGTH].rpartition(' ')[0] or text[:TITLE_LENGTH]}…"


def _as_html(page: _Page, inside: set[int], index: int) -> str:
    text = html.escape(page.as_came(index), quote=False)
    if page.marks[index].caption:
        return f"<figure><figcaption>{text}</figcaption></figure>"
    return f"<h2>{text}</h2>" if _is_subhead(page, inside, index) else f"<p>{text}</p>"


def _is_subhead(page: _Page, inside: set[int], index: int) -> bool:
    """Whether a short line between two full paragraphs is a heading. In a row of short lines it may be anything."""
    block = page.marks[index].block
    around = [page.marks[near] for near in (index - 1, index + 1) if near in inside]
    short = block.words <= SUBHEAD_WORDS and not block.text.endswith(_NO_SUBHEAD_END) and block.text[0].isalnum()
    return short and len(around) == 2 and all(mark.prose and mark.block.words >= LONG_WORDS for mark in around)


def _images(page: _Page, body: Sequence[int]) -> tuple[ImageRecord, ...]:
    """A picture for each caption: those in the body by their paragraph, those by the headline without one."""
    headline = page.opening if page.headline is None else page.headline
    beside = [(None, index) for index in range(max(0, headline - AROUND), page.opening)]
    within = [(number, index) for number, index in enumerate(body, start=1)]
    captions = [(number, page.as_came(index)) for number, index in [*beside, *within] if page.marks[index].caption]
    return tuple(dict.fromkeys(_image(text, number) for number, text in captions))


def _image(text: str, paragraph: int | None) -> ImageRecord:
    if is_credit_only(text):
        return ImageRecord(credit=text, paragraph=paragraph)
    return ImageRecord(caption=text, paragraph=paragraph)


def _dateline(page: _Page, body: Sequence[int]) -> str:
    first = next((index for index in body if page.marks[index].prose), None)
    return credits.dateline(page.marks[first].block.text) if first is not None else ""


def _standfirst(page: _Page) -> list[int]:
    """The one sentence between headline and byline; of several lines it would be a guess which one it is."""
    plain = [index for index in page.head if page.marks[index].plain and not page.marks[index].caption]
    facts = [index for index in page.head if page.marks[index].fact]
    fitting = [
        index for index in plain if STANDFIRST_LEAST_WORDS <= page.marks[index].block.words <= layout.STANDFIRST_WORDS
    ]
    return fitting if len(fitting) == 1 and facts and fitting[0] < facts[-1] else []


def _sections(page: _Page, title: str, known: frozenset[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    for index in reversed(page.above):
        sections = credits.path_sections(page.marks[index].block.text, title)
        if sections:
            return sections, (index,)
    for index in reversed(page.above[-AROUND:]):
        sections = _section_line(page, index, known)
        if sections:
            return sections, (index,)
    for index in page.below:
        sections = credits.filed_under(page.marks[index].block.text)
        if sections:
            return sections, (index,)
    return (), ()


def _section_line(page: _Page, index: int, known: frozenset[str]) -> tuple[str, ...]:
    """The sections in a line over the headline: several run together, or one that the archive knows."""
    mark = page.marks[index]
    fits = mark.plain and not mark.caption and len(mark.block.text) <= credits.FACT_LENGTH
    sections = credits.run_together(mark.block.text, known) if fits else ()
    named = all(section.count(" ") < credits.SECTION_WORDS for section in sections)
    sure = len(sections) > 1 or bool(known & set(sections))
    return sections if named and sure else ()


def _tags(page: _Page) -> tuple[tuple[str, ...], tuple[int, ...]]:
    for index in page.below:
        row = itertools.takewhile(lambda at: page.marks[at].plain, range(index + 1, len(page.marks)))
        tags, count = credits.tags(page.texts([index, *itertools.islice(row, credits.MOST_TAGS)]))
        if tags:
            return tags, tuple(range(index, index + count))
    return (), ()


def _dating(page: _Page) -> tuple[Dating, tuple[int, ...]]:
    """The date that is printed nearest: below the headline, over it, alone in the body, or announced at the end."""
    over = [index for index in page.above[-AROUND:] if page.marks[index].dated]
    alone = [index for index in page.body if page.marks[index].dated][:1]
    announced = [index for index in page.below[:BELOW] if page.marks[index].dated]
    for places in (page.head, over, alone, announced):
        said = [index for index in places if _may_say_date(page.marks[index])]
        printed = dates.printed(page.texts(said))
        if printed.evidence:
            break
    told = dates.inferred(*_told(page))
    said = [index for index in said if any(page.marks[index].block.text in words for words in printed.evidence)]
    return dates.narrowed(printed, told), tuple(said)


def _told(page: _Page) -> tuple[list[str], list[str]]:
    """The article's paragraphs, and the captions among them."""
    plain = [index for index in page.body if page.marks[index].plain]
    paragraphs = [index for index in plain if not page.marks[index].caption]
    captions = [index for index in plain if page.marks[index].caption]
    return page.texts(paragraphs), page.texts(captions)


def _may_say_date(mark: Mark) -> bool:
    """A date line, or a few words that may be half of one: a label over it, a day over its year."""
    return mark.dated or mark.credited or (mark.plain and mark.block.words <= SHORT_FACT_WORDS)


def _metadata(page: _Page) -> set[int]:
    """The blocks that by their place say something about the article: headline, bylines, dates, captions beside it."""
    headline = page.opening if page.headline is None else page.headline
    facts = {index for index in page.head if page.marks[index].fact}
    captions = {index for index in range(max(0, headline - AROUND), page.opening) if page.marks[index].caption}
    return facts | captions | ({page.headline} if page.headline is not None else set())


def _runs(page: _Page, inside: set[int], told: set[int]) -> tuple[tuple[LineKind, str], ...]:
    """The page's lines in runs of one kind. A blank line goes with the line before it, the first ones with the next."""
    kinds: dict[int, LineKind] = {}
    for index, mark in enumerate(page.marks):
        kind = LineKind.BODY if index in inside else LineKind.METADATA if index in told else LineKind.FURNITURE
        kinds |= dict.fromkeys(range(mark.block.first, mark.block.last + 1), kind)
    runs: list[tuple[LineKind, list[str]]] = [(kinds[min(kinds)], [])]
    for number, line in enumerate(page.lines):
        kind = kinds.get(number, runs[-1][0])
        if kind is not runs[-1][0]:
            runs.append((kind, []))
        runs[-1][1].append(line)
    return tuple((kind, "".join(run)) for kind, run in runs)
