"""The text of a WordPress post as WordPress would show it: paragraphs for line breaks, figures for captions.

All of it runs in linear time: what opens is looked for backwards from what closes, never forwards without an end.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_BLOCKS = (
    "address|article|aside|audio|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]"
    "|header|hr|iframe|li|main|nav|ol|p|pre|script|section|style|summary|table|tbody|td|tfoot|th|thead|tr|ul|video"
)
_BLOCK_BEGINS = re.compile(rf"(<(?:{_BLOCKS})(?=[\s/>]))", re.IGNORECASE)
_BLOCK_ENDS = re.compile(rf"(</(?:{_BLOCKS})\s*>)", re.IGNORECASE)
# What holds paragraphs itself: its tags stand alone, and what is between them becomes paragraphs.
_HOLDER = re.compile(r"(<(?:blockquote|div|section|article|hr)(?:\s[^<>]*)?>)", re.IGNORECASE)
_HOLDER_ENDS = re.compile(r"(</(?:blockquote|div|section|article)\s*>)", re.IGNORECASE)
_IS_BLOCK = re.compile(rf"</?(?:{_BLOCKS})[\s/>]|.*</(?:{_BLOCKS})\s*>\Z", re.IGNORECASE | re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

_ATTRIBUTE = r"""[\w-]{1,60}=(?:"[^"\]]*"|'[^'\]]*'|[^\s\]"']+)"""
_SHORTCODE = re.compile(rf"(?<!\[)\[/?([A-Za-z][\w-]{{0,60}})((?:\s{_ATTRIBUTE})*)([^\[\]]{{0,300}})\](?!\])")
_EMPTIED = frozenset("gallery playlist audio video more".split())
_EMBEDDED = re.compile(r"\[embed(?:\s[^\[\]]{0,300})?\](https?://[^\s\[\]<>\"]{1,2000})\[/embed\]")
_CAPTION_ATTRIBUTE = re.compile(r"""\bcaption=(?:"([^"]*)"|'([^']*)')""")
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_EMPTY_LINK = re.compile(r"<a\b[^<>]*>\s*</a>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def shown(content: str) -> str:
    """The content of a post as HTML with paragraphs. Marks of the editor and shortcodes are gone, their text is not."""
    of_blocks = "<!-- wp:" in content
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    text = _between(text, "<!--", "-->", lambda _opening, _inside: "\n\n")
    text = _between(text, "[caption", "[/caption]", _figure)
    text = _between(text, "[wp_caption", "[/wp_caption]", _figure)
    text = _without_shortcodes(_EMBEDDED.sub(r'<a href="\1">\1</a>', text))
    return text.strip() if of_blocks else _with_paragraphs(text)


def words(markup: str) -> str:
    """A short text, such as a title, without tags and references, on one line."""
    return " ".join(html.unescape(_TAG.sub("", markup)).split())


def _between(text: str, opening: str, closing: str, rewrite: Callable[[str, str], str]) -> str:
    """The text with each pair of marks and what is between them written anew; marks without a partner stay."""
    parts = text.split(closing)
    for index, part in enumerate(parts[:-1]):
        before, found, inside = part.rpartition(opening)
        parts[index] = before + rewrite(opening, inside) if found else part + closing
    return "".join(parts)


def _figure(_opening: str, inside: str) -> str:
    """A picture and its caption, which stands in an attribute in old posts and behind the picture in newer ones."""
    attributes, _, content = inside.partition("]")
    image = _IMAGE.search(content)
    given = _CAPTION_ATTRIBUTE.search(attributes)
    behind = _EMPTY_LINK.sub("", _IMAGE.sub("", content)).strip()
    caption = html.unescape(given[1] or given[2] or "") if given else behind
    return f"\n\n<figure>{image[0] if image else ''}<figcaption>{caption}</figcaption></figure>\n\n"


def _without_shortcodes(text: str) -> str:
    """Without `[gallery ids="1,2"]` and the like. `[sic]` and `[1]` are no shortcodes, for nothing closes them."""
    closed = set(re.findall(r"\[/([A-Za-z][\w-]{0,60})\]", text))

    def kept(code: re.Match[str]) -> str:
        name, attributes, _rest = code.groups()
        return "" if attributes or name in closed or name in _EMPTIED else code[0]

    return _SHORTCODE.sub(kept, text)


def _with_paragraphs(text: str) -> str:
    """Blank lines part paragraphs and line breaks stay, as WordPress does for posts that are not made of blocks."""
    parts = text.split("</pre>")
    written = []
    for index, part in enumerate(parts):
        before, opening, inside = part.rpartition("<pre") if index < len(parts) - 1 else (part, "", "")
        written += [_paragraphs(before), f"{opening}{inside}</pre>" if opening else ""]
    return "\n".join(filter(None, written))


def _paragraphs(text: str) -> str:
    text = _BLOCK_BEGINS.sub(r"\n\n\1", _BLOCK_ENDS.sub(r"\1\n\n", text))
    text = _HOLDER.sub(r"\n\n\1\n\n", _HOLDER_ENDS.sub(r"\n\n\1\n\n", text))
    chunks = (chunk.strip() for chunk in _BLANK_LINE.split(text))
    return "\n".join(chunk if _IS_BLOCK.match(chunk) else _paragraph(chunk) for chunk in chunks if chunk)


def _paragraph(chunk: str) -> str:
    return f"<p>{chunk.replace(chr(10), '<br>')}</p>"
