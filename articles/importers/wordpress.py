"""WordPress exports (WXR 1.0 to 1.2): RSS with the posts, pages, pictures and menus of a site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from articles.importers import markup, stamps, wire, wptext
from articles.importers.markup import Element
from articles.records import HTML, ArticleRecord, Dating, Guidance, ImageRecord, Status, Unreadable, UnreadableFile

NOT_WORDPRESS = (
    "The file is no WordPress export with posts in it: export the site again under Tools, Export, All content."
)
PAGE_NOTE = "In WordPress this was a page of the site, not a post."

# Pictures stand before or behind the posts that they belong to; of those before, this many are remembered.
MOST_PICTURES = 10_000
MOST_PICTURES_OF_A_POST = 50
MOST_AUTHORS = 100_000

_EXPORT = b"wordpress.org/export/"
_NO_ARTICLES = {
    "attachment": "a file that was attached to a post",
    "nav_menu_item": "an entry of a menu",
    "revision": "an older version of a post",
    "custom_css": "a style sheet",
    "customize_changeset": "a setting of the theme",
    "oembed_cache": "a copy of an embedded page",
    "user_request": "a request of a user",
    "feedback": "a message from a form",
    "wpcf7_contact_form": "a form",
    "shop_order": "an order of the shop",
}
_OF_THE_SITE = ("wp_", "acf-", "elementor_")
_PREFIXES = (
    ("/excerpt/", "excerpt"),
    ("wordpress.org/export", "wp"),
    ("modules/content", "content"),
    ("dc/elements", "dc"),
)
_NO_CATEGORY = "uncategorized"
_NEVER_PUBLISHED = "0000-00-00"


def looks_like(name: str, head: bytes) -> bool:
    return _EXPORT in head and markup.root_of(head) == "rss"


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """Posts as articles, pages as drafts; what is neither is passed over with what it is."""
    site = _Site(guidance)
    empty = True
    for found in markup.items(stream, ["item"], ["author", "title", "language", "image"]):
        if isinstance(found, Unreadable):
            yield found
        elif not found.place:
            site.learn(found.element)
            continue
        else:
            yield site.result(_Item.of(found.element), found.place)
        empty = False
    if empty:
        raise UnreadableFile(NOT_WORDPRESS)


@dataclass(frozen=True, slots=True)
class _Item:
    """The fields of an item under the prefixes that exports use, and its categories as (domain, slug, name)."""

    fields: dict[str, str]
    categories: list[tuple[str, str, str]]

    @classmethod
    def of(cls, element: Element) -> _Item:
        item = cls({}, [])
        for child in element.iterchildren(etree.Element):
            name, text = _name(child), "".join(map(str, child.itertext()))
            if name == "category":
                item.categories.append((child.get("domain", ""), child.get("nicename", ""), wptext.words(text)))
            elif name == "wp:postmeta":
                key = child.findtext("{*}meta_key", "").strip()
                item.fields.setdefault(f"meta {key}", child.findtext("{*}meta_value", ""))
            else:
                item.fields.setdefault(name, text)
        return item

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "").strip()

    def named(self, *domains: str) -> tuple[str, ...]:
        given = (name for domain, slug, name in self.categories if domain in domains and slug != _NO_CATEGORY)
        return tuple(name for name in given if name.lower() != _NO_CATEGORY)


def _name(element: Element) -> str:
    """`wp:status`, whichever version of the export it is and whether or not it declares its prefixes."""
    space = etree.QName(element).namespace or ""
    known = next((prefix for part, prefix in _PREFIXES if part in space), element.prefix or "")
    return f"{known}:{markup.local(element)}" if known else markup.local(element)


@dataclass(slots=True)
class _Site:
    """What the export says before and between its posts."""

    guidance: Guidance
    title: str = ""
    language: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, list[ImageRecord]] = field(default_factory=dict)
    by_id: dict[str, ImageRecord] = field(default_factory=dict)

    def learn(self, element: Element) -> None:
        name = markup.local(element)
        if name == "title":
            self.title = self.title or wptext.words(markup.words(element))
        elif name == "language":
            self.language = self.language or markup.words(element)
        elif name == "author" and len(self.authors) < MOST_AUTHORS:
            login = element.findtext("{*}author_login", "").strip()
            self.authors.setdefault(login, wptext.words(element.findtext("{*}author_display_name", "")))

    def result(self, item: _Item, place: str) -> ArticleRecord | Unreadable:
        kind = item["wp:post_type"] or "post"
        if kind == "attachment":
            self._remember(item)
        if kind in _NO_ARTICLES or kind.startswith(_OF_THE_SITE):
            return Unreadable(place, f"{kind}: {_NO_ARTICLES.get(kind, 'a part of the site')}", passed_over=True)
        if item["wp:status"] in ("trash", "auto-draft"):
            return Unreadable(place, f"{kind} with the status {item['wp:status']}: deleted there", passed_over=True)
        if not item["title"] and not item["content:encoded"]:
            return Unreadable(place, f"{kind}: there is neither a title nor a text", passed_over=True)
        return self._record(item, kind, place)

    def _remember(self, item: _Item) -> None:
        if len(self.by_id) >= MOST_PICTURES:
            return
        caption = wptext.words(item["excerpt:encoded"])
        picture = ImageRecord(
            url=wire.address(item["wp:attachment_url"]),
            caption=caption,
            alt=wptext.words(item["meta _wp_attachment_image_alt"]),
        )
        self.by_id[item["wp:post_id"]] = picture
        beside = self.pictures.setdefault(item["wp:post_parent"], [])
        if len(beside) < MOST_PICTURES_OF_A_POST:
            beside.append(picture)

    def _record(self, item: _Item, kind: str, place: str) -> ArticleRecord:
        content = item["content:encoded"]
        body = wptext.shown(content)
        named = item.named("category", "tag", "post_tag", "author")
        return ArticleRecord(
            title=wptext.words(item["title"]),
            body=body,
            body_type=HTML,
            received="" if body == content else content,
            standfirst=wptext.words(wptext.shown(item["excerpt:encoded"])),
            authors=self._authors(item),
            source=self.title,
            sections=item.named("category") if named else item.named(""),
            tags=item.named("tag", "post_tag"),
            language=wire.language(self.language),
            canonical_url=wire.address(item["link"]),
            date=self._date(item),
            status=_status(item, kind),
            editors_note=PAGE_NOTE if kind == "page" else "",
            images=self._images(item, content),
            place=place,
        )

    def _authors(self, item: _Item) -> tuple[str, ...]:
        """Those that a plug-in for several authors names, else the one whose log-in wrote it."""
        logins = item.named("author") or (item["dc:creator"],)
        return tuple(self.authors.get(login) or login for login in logins if login)

    def _date(self, item: _Item) -> Dating:
        """The local time that WordPress shows. What was never published has one too, of its last change, but no UTC."""
        if item["wp:status"] != "publish" and item["wp:post_date_gmt"].startswith(_NEVER_PUBLISHED):
            return Dating()
        return stamps.first([item["wp:post_date"], item["pubDate"]], self.guidance.received)

    def _images(self, item: _Item, content: str) -> tuple[ImageRecord, ...]:
        """The picture of the post, and those attached to it that its text does not show."""
        thumbnail = self.by_id.get(item["meta _thumbnail_id"])
        attached = self.pictures.get(item["wp:post_id"], [])
        found = dict.fromkeys([*([thumbnail] if thumbnail else []), *attached])
        return tuple(picture for picture in found if picture.url and _stem(picture.url) not in content)


def _stem(url: str) -> str:
    """The file of a picture without its ending, which the address of each size of it begins with."""
    return url.rpartition("/")[2].rpartition(".")[0]


def _status(item: _Item, kind: str) -> Status:
    """A page is about the site and no article; it is kept where its editors see it and readers do not."""
    shown = item["wp:status"] in ("publish", "") and not item["wp:post_password"] and kind != "page"
    return Status.PUBLISHED if shown else Status.DRAFT
