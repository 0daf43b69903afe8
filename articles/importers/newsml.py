"""NewsML 1.0 to 1.2: an envelope with news items of an agency, whose texts are NITF, HTML or plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers import markup, stamps, wire, wptext
from articles.importers.markup import Element, words
from articles.records import HTML, PLAIN, ArticleRecord, Guidance, ImageRecord, Unreadable, UnreadableFile

NOT_NEWSML = "The file is no NewsML with a news item in it: ask the agency for it again."

_CAPTION_ROLES = ("caption", "thumbnail", "quicklook")
_PICTURES = frozenset({"photo", "picture", "graphic", "image"})
_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|table|ul|ol)\b", re.IGNORECASE)


def looks_like(name: str, head: bytes) -> bool:
    return markup.root_of(head) in ("NewsML", "NewsItem")


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """Each text of each news item that has a headline of its own; further texts under it belong to the same article."""
    empty = True
    for found in markup.items(stream, ["NewsItem"]):
        if isinstance(found, Unreadable):
            yield found
        else:
            yield from _results(markup.bare(found.element), guidance, found.place)
        empty = False
    if empty:
        raise UnreadableFile(NOT_NEWSML)


def _results(item: Element, guidance: Guidance, place: str) -> Iterator[ArticleRecord | Unreadable]:
    groups: dict[Element, list[Element]] = {}
    for content in item.iter("ContentItem"):
        if _is_text(content):
            groups.setdefault(_headed(content, item), []).append(content)
    if not groups:
        kinds = {kind.get("FormalName", "") for kind in item.iter("MediaType")}
        reason = f"{', '.join(sorted(kinds)) or 'an item'} without a text"
        yield Unreadable(place, reason, passed_over=True)
    for number, (component, contents) in enumerate(groups.items(), start=1):
        within = place if number == 1 else f"{place}, text {number}"
        yield _result(item, component, contents, guidance, within)


def _is_text(content: Element) -> bool:
    kind = content.find("MediaType")
    data = content.find("DataContent")
    written = data is not None and bool(words(data))
    said = kind.get("FormalName", "").lower() if kind is not None else "text"
    return written and said in ("text", "complexdata", "") and not _is_caption(content)


def _is_caption(content: Element) -> bool:
    return any(_role(component).lower() in _CAPTION_ROLES for component in content.iterancestors("NewsComponent"))


def _role(component: Element) -> str:
    role = component.find("Role")
    return role.get("FormalName", "") if role is not None else ""


def _headed(content: Element, item: Element) -> Element:
    """The nearest component around a text that has a headline; the item itself where none has."""
    around = content.iterancestors("NewsComponent")
    return next((component for component in around if words(component.find("NewsLines/HeadLine"))), item)


def _chosen(contents: list[Element]) -> list[Element]:
    """The main texts; of several that say the same in different forms, the first."""
    main = [content for content in contents if any(_role(c) == "Main" for c in content.iterancestors("NewsComponent"))]
    kept: dict[Element | None, Element] = {}
    for content in main or contents:
        around = content.getparent()
        alike = around is not None and around.get("EquivalentsList", "no") == "yes"
        kept.setdefault(around if alike else content, content)
    return list(kept.values())


def _result(
    item: Element, component: Element, contents: list[Element], guidance: Guidance, place: str
) -> ArticleRecord | Unreadable:
    stories = [_story(content.find("DataContent")) for content in _chosen(contents)]
    types = {body_type for _, body_type in stories}
    body_type = PLAIN if types == {PLAIN} else HTML
    body = "\n\n".join(story.body for story, _ in stories)
    title = _line(item, component, "HeadLine") or words(item.find("Identification/NameLabel"))
    byline = _line(item, component, "ByLine")
    language = _language(item, component)
    standing = wire.standing(_formal(item, "NewsManagement/Status"), _embargo(item), guidance.received)
    return ArticleRecord(
        title=title,
        body=body,
        body_type=body_type,
        kicker=_line(item, component, "SlugLine"),
        standfirst=wire.standfirst([_line(item, component, "SubHeadLine")], title, body),
        byline=byline,
        authors=wire.names(byline),
        source=_source(item, component),
        tags=tuple(filter(None, _tags(item, language))),
        dateline=_line(item, component, "DateLine").rstrip(" -–—"),
        language=language,
        date=stamps.first(_dates(item), guidance.received),
        status=standing.status,
        editors_note=wire.paragraphs(
            standing.note, *(words(note) for note in item.iterfind(".//NewsManagement//Comment"))
        ),
        images=(*(image for story, _ in stories for image in story.images), *_pictures(component)),
        place=place,
    )


def _line(item: Element, component: Element, name: str) -> str:
    """A line of the component, else of the components around it, else the first of the item."""
    near = [component, *component.iterancestors("NewsComponent"), item]
    lines = (words(line) for part in near for line in part.iterfind(f"NewsLines/{name}"))
    return next(filter(None, lines), "") or next(filter(None, (words(line) for line in item.iter(name))), "")


def _story(data: Element | None) -> tuple[wire.Story, str]:
    """The text and its type. NITF has it in its body; HTML may stand in a CDATA section."""
    if data is None:
        return wire.Story(), PLAIN
    inner = next(data.iter("body.content"), None)
    inner = next(data.iter("body"), data) if inner is None else inner
    if len(inner):
        return wire.story(inner), HTML
    text = (inner.text or "").strip()
    return wire.Story(text), HTML if _MARKUP.search(text) else PLAIN


def _formal(item: Element, path: str) -> str:
    found = item.find(path)
    return found.get("FormalName", "") if found is not None else ""


def _source(item: Element, component: Element) -> str:
    for path in ("AdministrativeMetadata/Provider/Party", "AdministrativeMetadata/Source/Party"):
        names = (party.get("FormalName", "").strip() for party in item.iterfind(f".//{path}"))
        if name := next(filter(None, names), ""):
            return name
    return _line(item, component, "CreditLine") or words(item.find("Identification/NewsIdentifier/ProviderId"))


def _language(item: Element, component: Element) -> str:
    told = [element.get("FormalName", "") for element in item.iter("Language")]
    headline = component.find("NewsLines/HeadLine")
    code = wire.language(*told, headline.get(markup.LANG) if headline is not None else "", item.get(markup.LANG))
    return code.lower() if len(code) == 2 else code


def _tags(item: Element, language: str) -> Iterator[str]:
    """The keywords, and the subjects that the item itself explains in words."""
    for keyword in item.iter("KeywordLine"):
        yield from (part.strip() for part in re.split(r"[,;]", words(keyword)))
    for found in item.iter("Property"):
        if found.get("FormalName") == "Keyword":
            yield found.get("Value", "")
    for topic in item.iter("Topic"):
        named = [about for about in topic.iterfind("Description") if about.get("Variant") == "Name"]
        fitting = [about for about in named if about.get(markup.LANG) == language] or named
        yield from (words(about) for about in fitting[:1])


def _dates(item: Element) -> list[str]:
    paths = (
        "NewsManagement/FirstCreated",
        "NewsManagement/ThisRevisionCreated",
        "Identification/NewsIdentifier/DateId",
    )
    return [words(item.find(path)) for path in paths]


def _embargo(item: Element) -> str:
    """When an embargo ends: a status that is announced for later."""
    change = item.find("NewsManagement/StatusWillChange")
    now = _formal(item, "NewsManagement/Status").lower()
    return words(change.find("DateAndTime")) if change is not None and now == "embargoed" else ""


def _pictures(component: Element) -> tuple[ImageRecord, ...]:
    """Pictures that are sent along, with the caption of the component that holds both."""
    return tuple(
        ImageRecord(url=wire.address(content.get("Href", "")), caption=_caption(content), credit=_credit(content))
        for content in component.iter("ContentItem")
        if (kind := content.find("MediaType")) is not None
        and kind.get("FormalName", "").lower() in _PICTURES
        and (wire.address(content.get("Href", "")) or _caption(content))
    )


def _caption(picture: Element) -> str:
    for around in picture.iterancestors("NewsComponent"):
        texts = (words(text.find("DataContent")) for text in around.iter("ContentItem") if _is_caption(text))
        if caption := next(filter(None, texts), ""):
            return wptext.words(caption)
    return ""


def _credit(picture: Element) -> str:
    lines = (words(around.find("NewsLines/CreditLine")) for around in picture.iterancestors("NewsComponent"))
    return next(filter(None, lines), "")
