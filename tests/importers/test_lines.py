"""Bytes become text, text becomes lines, and nothing of it is lost."""

from __future__ import annotations

import pytest

from articles.importers.lines import blocks, decoded, split, visible


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Çay “ucuz”".encode(), "Çay “ucuz”"),
        ("\ufeffÇay".encode(), "Çay"),
        ("\ufeffÇay".encode("utf-16-le"), "Çay"),
        ("\ufeffÇay".encode("utf-16-be"), "Çay"),
        ("\ufeffÇay".encode("utf-32-le"), "Çay"),
        ("Lüdtke – „Mühle“ €".encode("cp1252"), "Lüdtke – „Mühle“ €"),
        (b"caf\xe9 \x81", "café \ufffd"),
        (b"\xff\xfeA\x00B", "A\ufffd"),
        (b"a\x00b", "a\ufffdb"),
        (b"", ""),
    ],
)
def test_bytes_are_read_by_their_mark_then_as_utf8_then_as_windows_1252(content, expected):
    assert decoded(content) == expected


def test_lines_keep_their_ends_and_add_up():
    text = "one\r\n\r\ntwo\rthree\n\x0bfour\u2028five"
    assert split(text) == ["one\r\n", "\r\n", "two\r", "three\n", "\x0bfour\u2028five"]
    assert "".join(split(text)) == text


def test_a_reader_sees_no_control_characters_and_single_spaces():
    assert visible("\ta\u00a0 b\x07c\u200b d \r\n") == "a b c d"


def test_a_paragraph_that_was_wrapped_is_one_block():
    text = (
        "The steamer Corncrake, bound from Aldery with timber and forty\n"
        "passengers, went ashore on the outer rocks in a thick fog, and lay\n"
        "there until the tide rose.\n"
        "\n"
        "Nobody was hurt.\n"
    )
    first, second = blocks(split(text))
    assert (first.first, first.last) == (0, 2)
    assert first.text.startswith(
        "The steamer Corncrake, bound from Aldery with timber and forty passengers, went ashore"
    )
    assert second.text == "Nobody was hurt."


def test_lines_of_a_list_are_blocks_of_their_own():
    text = (
        "Window makers win a prize for a barn they glazed\nCouncil votes on the chimney again in the evening\nBuses\n"
    )
    assert len(blocks(split(text))) == 3


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("It did not sail.", True),
        ("“It did not sail.”", True),
        ("It did not sail. (Harbour Post)", True),
        ("它没有开航。", True),
        ("لماذا لم تبحر؟", True),
        ("Otters delay the ferry", False),
        ("Photo (Harbour Post)", False),
    ],
)
def test_what_ends_like_a_sentence(text, ends):
    assert blocks([text])[0].ends is ends


def test_scripts_without_spaces_have_words_too():
    assert 10 <= blocks(["青石镇河边的老茶馆昨天重新开张，镇上的人一早就来排队。"])[0].words <= 16
