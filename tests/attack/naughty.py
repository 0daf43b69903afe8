"""Strings that have broken programs, one or more of each kind, and those of others that NAUGHTY names: a file or a
folder of files, with one string a line (.txt) or a list of them (.json).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

LONG_WORD = "Donaudampfschifffahrt" * 30

OURS: tuple[str, ...] = (
    # Nothing, or as good as nothing
    "", " ", "\t", "\u00a0", "\u3000\u2003", "\u200b", "\ufeff", "\u2060\u200d", "\n\n\n", "null", "None", "undefined",
    "NaN", "true", "[]", "{}", "-", "--", ".", "..",
    # Controls, and what a text is ended or coded with
    "a\x00b", "\x01\x02\x07\x08", "tab\tand\vfeed\f", "one\r\ntwo\rthree", "\x1b[31mred\x1b[0m", "\x7fdelete",
    "\x80\x85\x9f", "line\u2028paragraph\u2029end", "\ud800", "half \udc00 a pair", "\ufffe\uffff", "\ufffd",
    # Directions and marks
    "\u202eesrever", "\u2066isolate without an end", "عنوان النهر ١٢٣", "שלום עולם 123", "mixed ابجد 12 אבג end",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324a\u0328\u0349\u0346l\u0362g\u0353o" * 20,
    "e\u0301 and é", "ﬁ ﬂ Ⅷ ½ ㎏", "ℌ𝖊𝖑𝖑𝖔 𝒷𝑜𝓁𝒹", "ＦＵＬＬ　ＷＩＤＴＨ", "ǅ İ ı ß ẞ ΐ", "Ω\u0308\u0301", "𐍈𒀀🜁",
    # Pictures of faces and the like
    "👩‍👩‍👧‍👦" * 40, "🏴󠁧󠁢󠁥󠁮󠁧󠁿🇺🇳🇦", "👍🏽👍🏿", "❤️‍🔥☠︎", "1️⃣#️⃣",
    # Scripts without spaces, and long words
    "東京都知事選挙は七月に行われる" * 20, "ภาษาไทยไม่มีช่องว่าง", "ကမ္ဘာ့သတင်း", "हिन्दी समाचार",
    LONG_WORD, "a" * 5000, "x " * 2000,
    # Quotes
    "'", '"', "''", '""', "`", "‘’“”„‚«»‹›", "'\"`\\", "\\", "\\\\", "\\n\\x41\\u0041", "O’Brien & Sons", "a\\'b",
    # What other languages would take for code
    "'; DROP TABLE articles_article; --", "1 OR 1=1", "\") OR (\"a\"=\"a", "Robert'); --", "1;SELECT pg_sleep(9)",
    "%s%n%x%d", "%(title)s {0} {title} {{ 7*7 }} {% debug %} ${7*7} #{7*7} <%= 7 %>",
    "$HOME `id` $(id) | id; id && id",
    "<b>bold</b> & <i>", "<script>alert(1)</script>", "<!-- --> ]]> <![CDATA[ ?> <?xml",
    "&amp;lt; &#0; &#x110000; &bogus;",
    "=1+2", "+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "key: value\n- item", "{\"a\": [1,", "http://",
    "mailto:",
    # Paths and addresses
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd\x00.txt", "C:\\CON", "CON", "NUL.txt",
    "file:///etc/passwd",
    "//elsewhere.example/", "https://elsewhere.example/@localhost", "%2e%2e%2f", "%00", "%ff%fe", "a/b", "a?b#c",
    "a+b&c=d;e",
    # Numbers and dates
    "0", "-1", "1e400", "1e-400", "-0", "0x10", "1_000", "٣", "²", "9" * 30, "9" * 5000, "1.5", "1/0", "Infinity",
    "0000-00-00", "9999-12-31", "10000-01-01", "-0044-03-15", "2023-02-30", "1923-13", "1923-05-30T25:61",
    "2000-01-01T00:00+99:99",
    # What is read in a search
    "AND", "a AND OR NOT", "((((((", ")" * 200, "*", "???", "a* *b", "~", "word~9", "\"unclosed", "[a TO",
    "{a TO b]", "title:", ":",
    "title:title:title:x", "/regex(a+)+$/", "^", "a^1e99", "NEAR/99999999999", "-" * 300, "\"\" \"\"",
    "date:9999..0000", "a OR " * 300,
)  # fmt: skip


def given() -> tuple[str, ...]:
    """Those of others; a test that asks for them is skipped where there are none."""
    place = os.environ.get("NAUGHTY", "")
    if not place:
        pytest.skip("NAUGHTY names no file or folder of naughty strings")
    return tuple(dict.fromkeys(strings_in(Path(place))))


def strings_in(place: Path) -> Iterator[str]:
    for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
        if path.suffix == ".json":
            yield from json.loads(path.read_text())
        elif path.suffix == ".txt":
            yield from path.read_text(errors="surrogateescape").split("\n")
