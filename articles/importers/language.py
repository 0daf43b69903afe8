"""The language of an article: by its code where the file says it, else by its words."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

# So many characters tell the language, most often the first of them alone, in half the time. Fewer bytes than these
# tell it badly; less sure than this is not known.
FIRST_LENGTH, SAMPLE_LENGTH = 300, 600
BYTES_AT_LEAST = 200
SURE = 0.8

# Varieties that take votes from the language by whose name an archive calls them, and what is no language.
_LEFT_OUT = {"ary", "arz", "hbo", "uzs", "wuu", "yue", "zxx"}
# Kirundi, which the identifier does not know, is nearly the same.
_UNTOLD = {"rw"}
# Tigrinya neither, but it begins its vowels with another letter than Amharic.
_TIGRINYA, _AMHARIC = "ኣ", "አ"

_CODE = re.compile(r"(?P<language>[A-Za-z]{2,3})(?P<rest>(?:[-_][A-Za-z0-9]{2,8})*)")
_NAMES = """
    af afr afrikaans; am amh amharic አማርኛ; ar ara arabic العربية; be bel belarusian беларуская; bg bul
    bulgarian български; bn ben bengali বাংলা; ca cat catalan català; cs ces cze czech čeština česky; cy cym
    wel welsh cymraeg; da dan danish dansk; de deu ger german deutsch; el ell gre greek ελληνικά; en eng
    english; es spa spanish español castellano; et est estonian eesti; eu eus baq basque euskara; fa fas per
    persian farsi فارسی; fi fin finnish suomi; fr fra fre french français; ga gle irish gaeilge; gl glg
    galician galego; ha hau hausa; he heb hebrew עברית; hi hin hindi हिन्दी; hr hrv croatian hrvatski; hu
    hun hungarian magyar; hy hye arm armenian; id ind indonesian; ig ibo igbo; is isl ice icelandic
    íslenska; it ita italian italiano; ja jpn japanese 日本語; ka kat geo georgian; ko kor korean 한국어; la lat
    latin latina; lt lit lithuanian lietuvių; lv lav latvian latviešu; mk mkd mac macedonian; mt mlt maltese
    malti; nb nob bokmål; nl nld dut dutch nederlands; nn nno nynorsk; no nor norwegian norsk; om orm oromo;
    pl pol polish polski; pt por portuguese português; ro ron rum romanian română; ru rus russian русский;
    rn run kirundi; rw kin kinyarwanda; sk slk slo slovak slovenčina; sl slv slovenian slovene slovenščina;
    sn sna shona; so som somali; sq sqi alb albanian shqip; sr srp serbian српски; sv swe swedish svenska;
    sw swa swahili kiswahili; ta tam tamil தமிழ்; th tha thai ไทย; ti tir tigrinya ትግርኛ; tr tur turkish
    türkçe; uk ukr ukrainian українська; ur urd urdu اردو; vi vie vietnamese; xh xho xhosa isixhosa; yi yid
    yiddish ייִדיש; yo yor yoruba; zh zho chi chinese 中文; zu zul zulu isizulu
"""
_ROWS = [row.split() for row in _NAMES.split(";")]
_CODE_OF = {name: row[0] for row in _ROWS for name in row}


def code(said: str) -> str:
    """The code of a language as the Web writes it: en-US for en_us, de for ger, German or Deutsch.

    What is neither a code nor a name that is known here comes back as it is.
    """
    name = said.strip()
    if known := _CODE_OF.get(name.casefold()):
        return known
    match = _CODE.fullmatch(name)
    if not match:
        return name
    language = match["language"].lower()
    parts = match["rest"].replace("_", "-").split("-")[1:]
    return "-".join([_CODE_OF.get(language, language), *map(_cased, parts)])


def _cased(part: str) -> str:
    """Countries in capitals, scripts with one, variants without."""
    return part.upper() if len(part) == 2 else part.title() if len(part) == 4 and part.isalpha() else part.lower()


def identified(text: str) -> str:
    """The code of the language that a text begins in; empty where it is short, or not surely one."""
    found = _surely(text[:FIRST_LENGTH]) or _surely(text[:SAMPLE_LENGTH])
    if found in _UNTOLD:
        return ""
    return "ti" if found == "am" and text.count(_TIGRINYA) > text.count(_AMHARIC) else found


def _surely(text: str) -> str:
    sample = text.encode("utf-8", errors="replace")
    if len(sample) < BYTES_AT_LEAST:
        return ""
    found, share = _identifier().classify(sample)
    return str(found) if share >= SURE else ""


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded when a text first needs it: that takes longer than a hundred texts do."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if label not in _LEFT_OUT])
    # The weights of a feature lie apart, and are halves: side by side, as they are reckoned with, they take half.
    identifier.nb_ptc = np.ascontiguousarray(identifier.nb_ptc, dtype=np.float32)
    return identifier
