"""What a text is known by: the same in every process, and shared by texts that share their words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from articles import sketches

from .test_printings import prose


def sketched(text: str) -> bytes:
    made = sketches.sketch(text)
    assert made
    return made


def test_a_text_of_a_few_words_is_too_short_to_be_known_by():
    assert sketches.sketch("") is None
    assert sketches.sketch("word " * 19) is None
    assert sketches.sketch("word " * 20)


def test_sketches_have_about_the_share_in_common_that_the_texts_have_of_their_runs_of_words():
    words = prose(1, 900).split()
    for kept in (900, 700, 500, 300):
        share = (kept - 4) / (900 - 4)
        assert abs(in_common(" ".join(words), " ".join(words[:kept])) / sketches.SIZE - share) < 0.25


def in_common(one: str, other: str) -> int:
    return sketches.in_common({1: sketched(one), 2: sketched(other)}, [(1, 2)])[0]


def test_a_text_has_the_same_sketch_by_itself_and_among_others():
    texts = ["", prose(1), "too short", prose(2, 20), "水" * 30, prose(3, 9000), "  ", f"{prose(4)} ô", f"{prose(5)} ж"]
    assert list(sketches.sketches(texts)) == [sketches.sketch(text) for text in texts]


def test_case_punctuation_and_the_ends_of_lines_make_no_difference():
    one = sketched("The keeper of the bridge, Mr. Marsh, rang the bell. " * 3)
    assert one == sketched("the KEEPER of the bridge Mr Marsh\n\nrang -- the bell! " * 3)


@pytest.mark.parametrize(
    "letter",
    ["a", "A", "é", "É", "ß", "µ", "ª", "„", "€", "İ", "ж", "水", "ب", "_", "7", "-", "’", "\u00a0", "\x00", "\x7f"],
)
def test_words_are_the_same_however_they_are_found(letter: str):
    text = f"{letter} It{letter}s {letter}{letter} tolls, said {letter}.\n" * 9
    slowly = [word.encode() for word in sketches._WORD.findall(text.casefold())]
    assert sketches._words(text)[0].split() == slowly


def test_texts_about_other_things_have_next_to_nothing_in_common():
    texts = [prose(seed) for seed in range(40)]
    assert max(in_common(one, other) for place, one in enumerate(texts) for other in texts[:place]) <= 2


def test_a_text_of_many_words_is_found_by_those_of_its_keys_that_another_printing_keeps():
    whole, (short,) = sketched(prose(1, 600)), sketches.keys([sketched(prose(1, 20))])
    ((*asked,), (*kept,)) = sketches.keys([whole, sketched(prose(1, 400))])
    assert len(asked) == len(set(asked)) == sketches.ASKED
    assert set(asked) & set(kept[: sketches.KEPT])
    assert 0 < len(short) <= 16


@pytest.mark.parametrize(
    "text",
    [
        "上月三號是舊曆正月十五下碼頭第一次有了花燈燈是我們十一個人做的船上做伙夫的老梁會紮竹可是本地沒有竹子便向造船廠討了些藤條",
        "橋の上で待っていた人たちは夕方になってから静かに家へ帰り始めたが川の水はまだ高く鐘の音だけが町の方から聞こえていた",
    ],
)
def test_scripts_without_spaces_are_told_by_their_characters(text: str):
    assert in_common(text, text + "。") > 20
    assert in_common(text, text[::-1]) <= 2


def test_a_sketch_is_the_same_in_another_process():
    code = f"from articles.sketches import sketch; print(sketch({prose(3)!r}).hex())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == sketched(prose(3)).hex()


def test_a_very_long_text_is_looked_at_up_to_its_limit():
    long = "many words " * (sketches.MOST_CHARACTERS // 11 + 1)
    assert sketches.sketch(long + "x" * 20) == sketches.sketch(long + "y" * 9_000_000)


def test_a_text_with_half_a_character_in_it_has_a_sketch():
    assert sketches.sketch("\ud800word " * 30)
