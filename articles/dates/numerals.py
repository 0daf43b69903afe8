"""Numbers that are not written in digits."""

from __future__ import annotations

import re

_ROMAN = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
# Printers wrote IIII for IV and VIIII for IX.
ROMAN_YEAR = r"M{1,2}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})"
ROMAN_MONTH = r"(?=[IVX])(?:X?I{0,3}|I[VX]|VI{0,3})"
_WHOLE = re.compile(rf"(?:{ROMAN_YEAR})|(?:{ROMAN_MONTH})")

CHINESE_DIGITS = "〇一二三四五六七八九"
_CHINESE = {digit: number for number, digit in enumerate(CHINESE_DIGITS)} | {"零": 0}


def number(text: str) -> int:
    """Digits, Roman numerals or Chinese ones up to 99; 0 for anything else."""
    if text.isdecimal():
        return int(text)
    return roman(text) if text.isascii() else chinese(text)


def roman(text: str) -> int:
    if not text or not _WHOLE.fullmatch(text):
        return 0
    values = [_ROMAN[letter] for letter in text]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def chinese(text: str) -> int:
    """二〇一七 is 2017, 十三 is 13, 三十 is 30, 元 is the first."""
    if text == "元":
        return 1
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(str(_CHINESE[digit]) for digit in text))
    return (chinese(tens) if tens else 1) * 10 + (chinese(ones) if ones else 0)
