"""The catalogues of translations in locale/: made from the code and the templates, and compiled, with Babel alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_javascript
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = settings.BASE_DIR
CODE = ("articles", "newsarchive")
# English stands in the code.
TRANSLATED = tuple(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
KEYWORDS: dict[str, Any] = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2)}
KEYWORDS |= {"pgettext_lazy": ((1, "c"), 2), "gettext_noop": None}
# As articles.pages.environment has them: they decide which white space a text has.
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "keep_trailing_newline": "true", "newstyle_gettext": "true"}
# Babel knows the six forms of Arabic in another order than Django and most tools for translators.
ARABIC = "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"


class Messages(Catalog):
    """A catalogue whose head says only what is needed, so that two that say the same are the same byte by byte."""

    @property
    def plural_expr(self) -> str:
        return ARABIC if str(self.locale) == "ar" else super().plural_expr

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Plural-Forms", self.plural_forms),
        ]


def po_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def mo_path(language: str) -> Path:
    return po_path(language).with_suffix(".mo")


def extracted() -> Catalog:
    """All that is marked for translation, in the order in which the files have it."""
    found = Catalog()
    for path, method, options in _files():
        with open(path, "rb") as file:
            for _line, texts, comments, context in extract(
                method, file, keywords=KEYWORDS, comment_tags=("Translators:",), options=options
            ):
                place = (str(path.relative_to(ROOT)), None)
                found.add(texts, locations=[place], auto_comments=comments, context=context)  # type: ignore[list-item]
    return found


def _files() -> Iterator[tuple[Path, Any, dict[str, str]]]:
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, "python", {}
    for path in sorted((ROOT / "templates" / "pages").rglob("*.*")):
        yield path, "jinja2.ext:babel_extract", JINJA
    for path in sorted((ROOT / "templates" / "desk").rglob("*.*")):
        yield path, extract_django, {}


def extract_django(file: BinaryIO, keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    """A template of Django's. Django turns it into calls of gettext, which are read as those of JavaScript are."""
    calls = templatize(file.read().decode())
    return extract_javascript(io.BytesIO(calls.encode()), keywords, tags, options)


def kept(language: str) -> Catalog:
    """The translations there are; an empty catalogue for a language that has none."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with open(path, "rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def renewed(language: str, found: Catalog) -> Messages:
    """What the code says now, with the translations there are; what it says no more is gone."""
    old, new = kept(language), Messages(locale=language, fuzzy=False, header_comment="")
    for message in found:
        if message.id:
            said = old.get(message.id, context=message.context)
            string = said.string if said and said.pluralizable == message.pluralizable and not said.fuzzy else ""
            new.add(
                message.id,
                string or (("",) * new.num_plurals if message.pluralizable else ""),
                locations=message.locations,
                auto_comments=message.auto_comments,
                context=message.context,
            )
    return new


def update(language: str) -> None:
    """Brings the two files of a language up to date."""
    catalogue = renewed(language, extracted())
    po_path(language).parent.mkdir(parents=True, exist_ok=True)
    po_path(language).write_bytes(_written(write_po, catalogue, width=0, include_lineno=False))
    mo_path(language).write_bytes(compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    return _written(write_mo, catalogue)


def _written(write: Callable[..., None], catalogue: Catalog, **options: Any) -> bytes:
    file = io.BytesIO()
    write(file, catalogue, **options)
    return file.getvalue()


def missing(catalogue: Catalog) -> list[Message]:
    """What has no translation, or lacks one of its plural forms."""
    return [message for message in catalogue if message.id and not _is_complete(message)]


def _is_complete(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)
