"""Conditions written as a string, read and written."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.engine.backend.querystring import LENGTH, Reader, write
from articles.search.engine.errors import EngineError, TooDeep, TooLong, Unsupported


def read(text: str) -> str:
    """What was read, with every bracket shown."""

    def join(sign: str) -> Any:
        return lambda parts: parts[0] if len(parts) == 1 else f"({sign.join(parts)})"

    def condition(field: str, lookup: str, value: Any, quoted: bool) -> str:
        return f"{field}.{lookup}={value!r}" if quoted else f"{field}.{lookup}={value}"

    return Reader(text, condition, join(" & "), join(" | "), lambda part: f"!{part}").read()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ferry", "content.content=ferry"),
        ("tag_exact:x", "tag_exact.content=x"),
        ('tag:"New York, NY"', "tag.content='New York, NY'"),
        (r'tag:"a \"b\" \\c"', r"""tag.content='a "b" \\c'"""),
        ("a b OR c", "((content.content=a & content.content=b) | content.content=c)"),
        ("a AND (b OR c)", "(content.content=a & (content.content=b | content.content=c))"),
        ("title:(a b)", "(title.content=a & title.content=b)"),
        ("title:(a tag:b)", "(title.content=a & tag.content=b)"),
        ("NOT a -b", "(!content.content=a & !content.content=b)"),
        ("NOT (a OR b)", "!(content.content=a | content.content=b)"),
        ("words:[11 TO 12]", "(words.gte=11 & words.lte=12)"),
        ("words:{11 TO *]", "words.gt=11"),
        ("words:[* TO 12}", "words.lt=12"),
        ('day:["1911-01-01T00:00:00" TO 1912-01-01]', "(day.gte=1911-01-01T00:00:00 & day.lte=1912-01-01)"),
        ("at:12:30", "at.content=12:30"),
        ("jo*", "content.startswith=jo"),
        ("*jo", "content.endswith=jo"),
        ("*jo*", "content.contains=jo"),
        ("jo~", "content.fuzzy=jo"),
        (r"title:a\*", "title.content=a*"),
        ("*", "content.all="),
        ("twenty-one", "content.content=twenty-one"),
    ],
)
def test_a_string_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "(", ")", "a OR", "OR a", "AND", "NOT", "(a", "a)", 'tag:"x', "[a TO", "x:[a b]", "[* TO *]", "f*o", "title:"],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text):
    with pytest.raises(Unsupported, match=r"\w+ .*\w"):
        read(text)


def test_neither_depth_nor_length_is_without_end():
    for hostile in ("(" * 5_000, "NOT " * 5_000 + "a", "a:" * 5_000 + "b", "-(" * 5_000):
        with pytest.raises(TooDeep):
            read(hostile)
    with pytest.raises(TooLong):
        read("a" * (LENGTH + 1))
    assert read("a " * 5_000).count("&") == 4_999


@given(st.text(alphabet='ab:"()[]{}*~\\ -TO', max_size=30))
def test_whatever_is_written_is_read_or_refused(text):
    with contextlib.suppress(EngineError):
        assert read(text)


@given(st.text(min_size=1, max_size=20).filter(str.strip))
def test_what_is_written_is_read_as_it_was_meant(value):
    assert read(write("tag", "exact", value, True)) == f"tag.content={value!r}"
    assert read(write("tag", "startswith", value, True)) == f"tag.startswith={value}"
    words = [f"title.content={word!r}" for word in value.split()]
    assert read(write("title", "content", value, False)) == (words[0] if len(words) == 1 else f"({' & '.join(words)})")


def test_numbers_days_and_lists_are_written_as_they_are_read():
    assert read(write("words", "gt", 11, True)) == "words.gt=11"
    assert read(write("words", "range", [11, 12], True)) == "(words.gte=11 & words.lte=12)"
    assert read(write("day", "lte", dt.date(1911, 1, 2), True)) == "day.lte=1911-01-02"
    assert read(write("tag", "in", ["a b", "c"], True)) == "(tag.content='a b' | tag.content='c')"
    assert read(write("words", "content", 7, True)) == "words.content='7'"
