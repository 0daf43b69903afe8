"""Bytes without a mark are read in the encoding that makes words of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from articles.importers import charset
from articles.importers.lines import decoded
from tests.growth import assert_in_proportion

SAMPLE = Path(__file__).parent.parent / "samples" / "languages" / "ferry.tsv"
TEXTS = dict(line.split("\t") for line in SAMPLE.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("French", "cp1252"),
        ("French", "mac-roman"),
        ("German", "cp1252"),
        ("Icelandic", "cp1252"),
        ("Polish", "cp1250"),
        ("Polish", "iso-8859-2"),
        ("Czech", "cp1250"),
        ("Czech", "iso-8859-2"),
        ("Turkish", "cp1254"),
        ("Russian", "cp1251"),
        ("Russian", "koi8-r"),
        ("Russian", "iso-8859-5"),
        ("Russian", "cp866"),
        ("Ukrainian", "cp1251"),
        ("Greek", "cp1253"),
        ("Greek", "iso-8859-7"),
        ("Hebrew", "cp1255"),
        ("Arabic", "cp1256"),
        ("Arabic", "iso-8859-6"),
        ("Thai", "cp874"),
        ("Japanese", "shift_jis"),
        ("Japanese", "euc-jp"),
        ("Japanese", "iso-2022-jp"),
        ("Chinese", "gb18030"),
        ("Chinese of Taiwan", "big5"),
        ("Korean", "euc-kr"),
        *[
            (language, encoding)
            for language in ("German", "Russian", "Arabic")
            for encoding in ("utf-16-le", "utf-16-be")
        ],
        *[(language, "utf-8") for language in TEXTS],
    ],
)
def test_a_text_is_read_in_the_encoding_that_gives_its_language(language, encoding):
    content = TEXTS[language].encode(encoding, errors="ignore")
    assert decoded(content) == content.decode(encoding)


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("iso-8859-1", "cp1252"),
        ("ASCII", "cp1252"),
        ("latin2", "iso-8859-2"),
        ("gb2312", "gb18030"),
        ("x-sjis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("Windows-1251", "cp1251"),
    ],
)
def test_a_label_means_what_it_means_on_the_web(label, encoding):
    content = "“Ž” …".encode("cp1252") if encoding == "cp1252" else b"\xb0\xa1\xb1\xa1"
    assert decoded(content, label) == content.decode(encoding)


def test_the_label_decides_where_the_bytes_allow_several():
    assert decoded(b"\xe1\xe2", "iso-8859-7") == "αβ"
    assert decoded(b"\xe1\xe2") == "áâ"


@pytest.mark.parametrize(
    "label", ["", "no such thing", "hex", "rot13", "zlib", "idna", "undefined", "utf-7", "utf-16", "\x00", "x" * 10_000]
)
def test_a_label_that_names_no_charset_of_texts_is_passed_over(label):
    assert decoded(b"caf\xe9", label) == "café"


@pytest.mark.parametrize("label", ["utf-8", "shift_jis", "gb18030"])
def test_a_label_that_the_bytes_contradict_is_passed_over(label):
    content = TEXTS["Russian"].encode("cp1251") + b" \xff\xff\xff \x80"
    assert decoded(content, label) == content.decode("cp1251")


def test_a_valid_utf8_text_is_utf8_whatever_its_label_says():
    assert decoded("Lüdtke – „Mühle“".encode(), "iso-8859-1") == "Lüdtke – „Mühle“"


def test_a_byte_that_was_broken_does_not_change_the_rest_of_a_utf8_text():
    content = TEXTS["German"].encode().replace("ß".encode(), b"\xc3")
    assert decoded(content) == TEXTS["German"].replace("ß", "\ufffd")


def test_bytes_that_are_no_utf8_become_as_many_signs():
    content = "\ufeffÇay ".encode() + b"\xe2\x80 \xff\xfe\xf0\x9f\xa6"
    assert decoded(content) == "Çay \ufffd\ufffd \ufffd\ufffd\ufffd\ufffd\ufffd"


def test_stray_nuls_do_not_make_utf16_of_a_text():
    text = "The ferry did not sail.\n" * 100
    assert decoded(text.replace("ferry", "fe\x00rry", 3).encode()) == text.replace("ferry", "fe\ufffdrry", 3)


def test_all_capitals_are_read_like_small_letters():
    for language, encoding in (("French", "cp1252"), ("Russian", "cp1251"), ("Greek", "iso-8859-7")):
        content = TEXTS[language].upper().encode(encoding, errors="ignore")
        assert decoded(content) == content.decode(encoding)


def test_a_long_text_takes_no_longer_than_its_length():
    unit = TEXTS["Russian"].encode("koi8-r", errors="ignore") + b"\xff\xff"
    assert_in_proportion(lambda length: decoded(unit * length), 20_000)


def test_any_bytes_have_an_encoding_that_python_knows():
    for first in range(256):
        content = bytes([first, 0x80, first, 0x41]) * 40
        content.decode(charset.of(content), errors="replace")
