"""What readers see is marked for translation: in the templates, and in the code behind the pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "templates" / "pages").rglob("*.html"))

# Text that is the same in every language: names of formats, and what a search is typed with.
SAME = {"JSON", "CSV", "JSON Lines", "Atom", "SHA-256", "UTC", "BibTeX", "RIS", "CSL-JSON", "Wikipedia", "DOI"}
SEEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "label", "content", "value", "summary"}
# Attributes of these elements are read by browsers, not by readers.
UNSEEN = {"meta", "link", "input", "option"}
WORDS = re.compile(r"[A-Za-z]{2,}")

# Rooms whose sentences stand on the pages of readers.
ROOMS = [
    "wording", "search/question", "search/grammar", "search/hints", "search/passages", "search/answers",
    "forms.py", "help.py", "coverage.py", "following.py", "history.py", "comparing.py", "completing.py", "views.py",
    "search/asking.py", "search/names/aliases.py", "search/names/known.py", "search/engine/asking/limits.py",
]  # fmt: skip
MARKING = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# What is called with these is read by those who keep the archive, or by nobody: logs, and errors of programming.
INWARD = {"attempt", "TypeError", "ValueError", "NotImplementedError", "LookupError", "Refused", "TooManyWithdrawn"}
INWARD |= {"debug", "info", "warning", "error", "exception", "compile", "frozenset", "split"}
# A sentence: two words of small letters beside each other, and no tag.
SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}")


def blanked(source: str) -> str:
    """A template without all that Jinja2 replaces; what is marked for translation goes with it."""
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    # The layout is a class; a macro may write an attribute by itself.
    source = re.sub(r"\{% block layout %\}.*?\{% endblock %\}", "", source)
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{\{.*?\}\}", "", source, flags=re.DOTALL)
    return re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL)


class Words(HTMLParser):
    """Collects what a reader would see of a template as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style", "code")
        if tag not in UNSEEN:
            self.found += [value for name, value in attrs if name in SEEN and value and WORDS.search(value)]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not self.silent and WORDS.search(re.sub(r'\w+=""', "", text)) and text.strip("· ,:()…") not in SAME:
            self.found.append(text)


def words_of(source: str) -> list[str]:
    reader = Words()
    reader.feed(blanked(source))
    return reader.found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_words_of_a_page_stand_outside_of_what_is_marked(path: Path):
    assert words_of(path.read_text()) == []


def test_a_template_with_bare_words_is_found_out():
    assert words_of("<p>{{ _('Held') }} Bare words</p>") == ["Bare words"]
    assert words_of('<a title="Go on" href="{{ url }}">{% trans %}On{% endtrans %}</a>') == ["Go on"]
    assert words_of("{% if a %}<code>near/5</code>{% endif %} <span>JSON</span>") == []


def modules() -> list[Path]:
    found = [path for room in ROOMS for path in [ROOT / "articles" / room]]
    return sorted(module for path in found for module in (path.rglob("*.py") if path.is_dir() else [path]))


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def bare_sentences(source: str) -> Iterator[str]:
    """Sentences in the code that are neither marked, nor docstrings, nor told inwards."""
    tree = ast.parse(source)
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) in MARKING | INWARD:
            passed |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            text = re.sub(r"<[^<>]*>?", " ", node.value)
            if SENTENCE.search(text) and not re.search(r'[<="]', node.value):
                yield node.value


# Not told to readers: texts for examples that are replaced by those of the archive, and elements of HTML.
ALLOWED = {
    "help.py": {"the old harbour", "press freedom"},
    "marked.py": {"a abbr b cite code em i q s small strong sub sup time u"},
}


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.name)
def test_no_sentence_of_the_code_behind_pages_is_bare(path: Path):
    bare = set(bare_sentences(path.read_text())) - ALLOWED.get(path.name, set())
    assert bare == set()


def test_a_bare_sentence_in_code_is_found_out():
    assert list(bare_sentences('"""Of the module here."""\nNOTE = "Nothing was found."')) == ["Nothing was found."]
    assert list(bare_sentences('NOTE = _("Nothing was found.")\nlog.error("it was away")')) == []


@pytest.mark.parametrize("path", sorted((ROOT / "articles").rglob("*.py")), ids=lambda path: path.name)
def test_what_is_marked_is_a_whole_text(path: Path):
    """Neither a name nor an f-string can be collected."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and name_of(node) in MARKING and node.args:
            first = node.args[0]
            assert isinstance(first, ast.Constant), f"line {node.lineno}: {ast.unparse(node)}"
