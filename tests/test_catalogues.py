"""The catalogues of translations: whole, up to date and compiled, with the placeholders and tags of the texts."""

import re
from collections import Counter
from functools import cache

import pytest
from babel.messages import Catalog, Message

from newsarchive import catalogues

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|</?[a-z]+(?:\s[^<>]*)?>|`[^`]*`")
languages = pytest.mark.parametrize("language", catalogues.TRANSLATED)

# Not looked at each time: the same code is read for all languages.
extracted = cache(catalogues.extracted)


def keys(catalogue: Catalog) -> set[tuple[object, object]]:
    return {(message.id, message.context) for message in catalogue if message.id}


def texts(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def said(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@languages
def test_a_catalogue_has_what_the_code_says_and_no_more(language):
    assert keys(catalogues.kept(language)) == keys(extracted()), "make messages brings it up to date"


@languages
def test_a_compiled_catalogue_is_its_source(language):
    compiled = catalogues.compiled(catalogues.renewed(language, extracted()))
    assert catalogues.mo_path(language).read_bytes() == compiled, "make messages compiles it"


@languages
def test_everything_is_translated(language):
    kept = catalogues.kept(language)
    missing = [f"{message.id} ({message.locations[0][0]})" for message in catalogues.missing(kept)]
    assert missing == []
    assert [message.id for message in kept if message.id and message.fuzzy] == []


@languages
def test_a_translation_has_the_placeholders_and_tags_of_its_text(language):
    wrong = [message.id for message in catalogues.kept(language) if message.id and not _fits(message)]
    assert wrong == []


def _fits(message: Message) -> bool:
    """Each form says what a form of the text says. That of a single number may leave out the number."""
    allowed = [_held(text) for text in texts(message)]
    return all(
        _held(form) in allowed or (len(allowed) > 1 and _is_less(form, allowed)) for form in said(message) if form
    )


def _held(text: str) -> Counter[str]:
    return Counter(set(PLACEHOLDER.findall(text)))


def _is_less(form: str, allowed: list[Counter[str]]) -> bool:
    return all(_held(form) <= one for one in allowed[-1:])


def test_a_text_that_the_code_says_no_more_leaves_the_catalogue(monkeypatch):
    old, found = Catalog(locale="de"), Catalog()
    old.add("Ice", "Eis")
    old.add("Quay", "Kai")
    found.add("Ice")
    monkeypatch.setattr(catalogues, "kept", lambda language: old)
    assert {message.id: message.string for message in catalogues.renewed("de", found) if message.id} == {"Ice": "Eis"}


def test_a_text_that_gets_a_plural_is_to_be_translated_anew(monkeypatch):
    old, found = Catalog(locale="ar"), Catalog()
    old.add("%(count)s ship", "سفينة %(count)s")
    found.add(("%(count)s ship", "%(count)s ships"))
    monkeypatch.setattr(catalogues, "kept", lambda language: old)
    (message,) = catalogues.missing(catalogues.renewed("ar", found))
    assert list(message.string) == [""] * 6
