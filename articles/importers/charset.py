"""Which encoding the bytes of a text are in, where no mark says so.

Each encoding is judged by what it makes of the bytes: letters that one language has, or the characters that a language
uses most. A wrong encoding gives letters that no one language has together.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import webencodings

SAMPLE_BYTES = 65_536
# So few bytes that are not ASCII may be anything.
BYTES_AT_LEAST = 5
# Of what is not ASCII in a sample: how much must be as expected, and how much may be without a meaning.
LETTERS_AT_LEAST = 0.8
FREQUENT_AT_LEAST = 0.12
MEANINGLESS_AT_MOST = 0.01
# A whole character of several bytes that is valid UTF-8 is one by chance now and then, in other encodings.
WHOLE_FOR_EACH_BROKEN = 4
# NULs stand in every second byte of UTF-16, so of those that are there nearly all are on one side. Chinese has them at
# its spaces and line ends only.
NULS_AT_LEAST = 4
NULS_SHARE = 0.005
ONE_SIDED = 0.95
PRINTABLE_AT_LEAST = 0.95

_ESCAPED_JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\([JI])")
_BROKEN = re.compile("[\udc80-\udcff]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-zß-öø-ÿα-ωа-яёіїє])[À-ÖØ-ÞΑ-ΩА-ЯЁІЇЄ]")

# Signs of print and of trade that every language uses.
_SIGNS = "\u00a0\u00ad“”„‘’‚‹›«»–—…•°§©®™€£·´№¿¡ºª½¼¾²³×±"
_WEST = (
    "àâæçéèêëîïôœùûüÿ",  # French
    "äöüßé",  # German
    "áéíóúüñ",  # Spanish
    "áâãàçéêíóôõúü",  # Portuguese
    "åäöéü",  # Swedish, Finnish
    "æøåéöä",  # Danish, Norwegian
    "áéíóúýþæöð",  # Icelandic
    "àèéìòùî",  # Italian
    "àçèéíïòóúü",  # Catalan
    "éëïóöèü",  # Dutch
)
_EAST = (
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýž",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "áéíóöőúüű",  # Hungarian
    "ăâîşţ",  # Romanian
    "čćđšž",  # Croatian, Slovene
    "çë",  # Albanian
)
_BALTIC = ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž")
_TURKISH = ("çğıöşüâîİ",)
# An encoding of another script gives letters of its own for all of them; the frequent ones tell scripts apart.
_GREEK = ("αοιετσνηυρπκμλςίόάέγδήθύώ",)
_CYRILLIC = ("оеаинтсрвлкмдпуяыьгзбчй", "оаніиетвсркдлумпяьзгбїйє", "аиоентрсвлдкпмзъугябч")
_HEBREW = ("יוהלאמרתבשנםדעחקפסטגןזכצ",)
_ARABIC = ("اليمونترهبدفسعكةأحقجىشطصخ،", "اینردهمتبوسشکلزفگپخع،")
_THAI = ("านรอกเงมยลวดท่สต้ะปบคหแจพช์ไใำขถโ" + "\u0e31\u0e34\u0e35\u0e37\u0e38\u0e39\u0e36\u0e47",)

# The first of equals is taken.
_ALPHABETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cp1252", _WEST),
    ("cp1250", _EAST),
    ("iso8859-2", _EAST),
    ("cp1251", _CYRILLIC),
    ("koi8-u", _CYRILLIC),
    ("iso8859-5", _CYRILLIC),
    ("cp866", _CYRILLIC),
    ("cp1253", _GREEK),
    ("iso8859-7", _GREEK),
    ("cp1254", _TURKISH),
    ("cp1255", _HEBREW),
    ("cp1256", _ARABIC),
    ("iso8859-6", _ARABIC),
    ("cp874", _THAI),
    ("cp1257", _BALTIC),
    ("mac-roman", _WEST),
    ("cp850", _WEST),
)

_KANA = frozenset(map(chr, range(0x3041, 0x30FF)))
_SYLLABLES = frozenset(
    "이다는을에의가하고은한를지기도로사어자리서나정인아들있해그대시부보수게것으일장전제구니면원했만주라여년오상과와"
)
_SIMPLIFIED = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民"
    "得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天"
)
_TRADITIONAL = frozenset(
    "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民"
    "得經十三之進著等部度家電力裡如水化高自二理起小物現實加量都兩體制機當使點從業本去把性好應開它合還因由其些然前外天"
)
_FREQUENT: tuple[tuple[str, frozenset[str]], ...] = (
    ("cp932", _KANA),
    ("euc_jp", _KANA),
    ("gb18030", _SIMPLIFIED),
    ("big5hkscs", _TRADITIONAL),
    ("cp949", _SYLLABLES),
)


def of(content: bytes, label: str = "") -> str:
    """The Python name of the encoding of a text without a byte order mark. `label` is what is declared elsewhere."""
    if encoding := wide(content[:SAMPLE_BYTES]):
        return encoding
    if _ESCAPED_JAPANESE.search(content, 0, SAMPLE_BYTES):
        return "iso2022_jp_ext"
    if _is_utf8(content):
        return "utf-8"
    sample = _sample(content)
    return _declared(sample, label) or _guessed(sample) or "cp1252"


def _guessed(sample: bytes) -> str:
    enough = len(sample.translate(None, bytes(range(128)))) >= BYTES_AT_LEAST
    return _by_characters(sample) or _by_letters(sample) if enough else ""


def wide(head: bytes) -> str:
    """UTF-16 of one order, if that is what the NULs look like; a text in any other encoding has none."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even + odd < max(NULS_AT_LEAST, len(head) * NULS_SHARE):
        return ""
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = head[: len(head) // 2 * 2].decode(encoding, errors="replace")
    printable = sum(mark.isprintable() or mark.isspace() for mark in text)
    one_sided = max(even, odd) >= (even + odd) * ONE_SIDED
    return encoding if one_sided and printable >= len(text) * PRINTABLE_AT_LEAST else ""


def _is_utf8(content: bytes) -> bool:
    """Whether it is UTF-8, be it with some bytes that were broken on the way."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content[:SAMPLE_BYTES].decode("utf-8", errors="surrogateescape")
        broken = len(_BROKEN.findall(text))
        return len(_FOREIGN.findall(text)) - broken > broken * WHOLE_FOR_EACH_BROKEN
    return True


def _sample(content: bytes) -> bytes:
    """The lines from the first one that is not ASCII, so that no character is cut at the beginning."""
    first = re.search(rb"[\x80-\xff]", content)
    start = content.rfind(b"\n", 0, first.start()) + 1 if first else 0
    if first and first.start() - start > SAMPLE_BYTES:
        start = first.start()
    return content[start : start + SAMPLE_BYTES]


def _declared(sample: bytes, label: str) -> str:
    """The encoding of that name as the Web reads it, unless the bytes contradict."""
    known = webencodings.lookup(label)
    if known is None or known.name.startswith("utf-") or known.name == "x-user-defined":
        return ""
    # The newest of the Chinese encodings holds the older ones.
    encoding = "gb18030" if known.name == "gbk" else known.codec_info.name
    return encoding if _text(sample, encoding) else ""


def _text(sample: bytes, encoding: str) -> str:
    """What the encoding makes of a sample; empty if too much has no meaning in it."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
    return text if text.count("\ufffd") <= len(_FOREIGN.findall(text)) * MEANINGLESS_AT_MOST else ""


@dataclass(frozen=True, slots=True)
class _Guess:
    encoding: str
    share: float


def _by_characters(sample: bytes) -> str:
    """The encoding of Chinese, Japanese or Korean that gives the characters which are used most."""
    texts = ((encoding, frequent, _FOREIGN.findall(_text(sample, encoding))) for encoding, frequent in _FREQUENT)
    return _best(
        (
            _Guess(encoding, sum(mark in frequent for mark in foreign) / len(foreign))
            for encoding, frequent, foreign in texts
            if foreign
        ),
        FREQUENT_AT_LEAST,
    )


def _by_letters(sample: bytes) -> str:
    """The encoding of one byte a letter that gives the letters of one language."""
    texts = ((encoding, languages, _text(sample, encoding)) for encoding, languages in _ALPHABETS)
    return _best(
        (_Guess(encoding, share) for encoding, languages, text in texts for share in _shares(text, languages)),
        LETTERS_AT_LEAST,
    )


def _shares(text: str, languages: Iterable[str]) -> Iterator[float]:
    foreign = _FOREIGN.findall(text)
    inside = len(_CAPITAL_INSIDE.findall(text))
    for letters in languages if foreign else ():
        expected = {*_SIGNS, *letters, *letters.upper()}
        yield (sum(mark in expected for mark in foreign) - inside) / len(foreign)


def _best(guesses: Iterable[_Guess], at_least: float) -> str:
    best = max(guesses, key=lambda guess: guess.share, default=_Guess("", 0))
    return best.encoding if best.share >= at_least else ""
