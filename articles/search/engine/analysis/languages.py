"""From a language tag to the way in which its words are stemmed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Way(NamedTuple):
    """How the words of a language lose their endings."""

    algorithm: str
    # Further codes of ISO 639 that stand for the language, or for one near enough to it.
    codes: str
    # Whether its own letters matter for its endings; otherwise a word is folded before it is stemmed.
    accents: bool = True
    # Whether it is written in Latin letters. In other scripts a word in Latin letters is taken for English.
    latin: bool = True


# The key of what names no language, and of text in other scripts: what is in Latin letters is taken for English.
DEFAULT = "en"
# The key of a language that is written in Latin letters and has no stemmer.
PLAIN = "plain"

WAYS = {
    "ar": Way("arabic", "ara arb", accents=False, latin=False),
    "ca": Way("catalan", "cat"),
    "cs": Way("czech", "ces cze"),
    "da": Way("danish", "dan"),
    "de": Way("german", "deu ger gsw nds"),
    "el": Way("greek", "ell gre", latin=False),
    "en": Way("english", "eng pcm sco", accents=False),
    "eo": Way("esperanto", "epo"),
    "es": Way("spanish", "spa"),
    "et": Way("estonian", "est ekk"),
    "eu": Way("basque", "eus baq"),
    "fa": Way("persian", "fas per pes prs", latin=False),
    "fi": Way("finnish", "fin"),
    "fr": Way("french", "fra fre"),
    "ga": Way("irish", "gle"),
    "hi": Way("hindi", "hin", latin=False),
    "hu": Way("hungarian", "hun"),
    "hy": Way("armenian", "hye arm", latin=False),
    "id": Way("indonesian", "ind in", accents=False),
    "it": Way("italian", "ita"),
    "lt": Way("lithuanian", "lit"),
    "ne": Way("nepali", "nep npi", latin=False),
    "nl": Way("dutch", "nld dut"),
    "no": Way("norwegian", "nor nb nob nn nno"),
    "pl": Way("polish", "pol"),
    "pt": Way("portuguese", "por"),
    "ro": Way("romanian", "ron rum mo mol"),
    "ru": Way("russian", "rus", latin=False),
    "sr": Way("serbian", "srp hr hrv bs bos sh hbs cnr"),
    "st": Way("sesotho", "sot", accents=False),
    "sv": Way("swedish", "swe"),
    "ta": Way("tamil", "tam", latin=False),
    "tr": Way("turkish", "tur"),
    "yi": Way("yiddish", "yid ji", latin=False),
}
KEYS = {code: key for key, way in WAYS.items() for code in (key, *way.codes.split())}

# What stands behind a stem, so that a word of one language does not find those of another that were cut down to the
# same letters. No word has the sign in it. English has no mark, and so an archive in English has none at all.
SIGN = ":"
MARKS = {key: f"{SIGN}{key}" for key in WAYS} | {DEFAULT: "", PLAIN: SIGN}

# Codes of ISO 639-1 whose languages have no stemmer and are written in Latin letters.
UNSTEMMED = frozenset(
    "aa af ak an ast ay az bi bm br ch co cy ee ff fj fo fy gd gl gn gv ha ho ht hz ia ie ig ik io is jv kg ki kj kl kr"
    " ku kw la lb lg li ln lu lv mg mh mi ms mt na nd ng nr nv ny oc oj om pi qu rm rn rw sc se sg sk sl sm sn so sq ss"
    " su sw tk tl tn to ts tw ty uz ve vi vo wa wo xh yo za zu".split()
)
# Codes of three letters that stand for no language, or for one in another script.
OTHERS = frozenset(
    "und mul mis zxx zho chi cmn yue wuu jpn kor tha lao mya bur khm heb ukr bul mkd mac bel urd ben pan guj mar mal"
    " kan tel sin kat geo amh tir kaz kir tat mon pus snd uig bod tib dzo tgk ori ory san div".split()
)
SUBTAG = re.compile(r"[a-z]{2,3}(?=[-_]|$)")


@lru_cache(1 << 10)
def language_of(code: str) -> str:
    """The key of the way to stem what is tagged so, as in en-GB, pt_BR, zh-Hans or deu; a key is its own key."""
    if code == PLAIN:
        return PLAIN
    found = SUBTAG.match(code.strip().lower())
    language = found[0] if found else ""
    if language in KEYS:
        return KEYS[language]
    named = language in UNSTEMMED or (len(language) == 3 and language not in OTHERS)
    return PLAIN if named else DEFAULT


def unmarked(term: str) -> str:
    """The stem alone."""
    return term.partition(SIGN)[0]
