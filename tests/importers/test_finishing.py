"""What is done to every record, whatever its format."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from articles import importers
from articles.importers import finishing, language, mending
from articles.importers.finishing import damage, finished
from articles.records import (
    HTML,
    ArticleRecord,
    Dating,
    Guidance,
    ImageRecord,
    Known,
    Precision,
    Unreadable,
    to_json,
)

SAMPLE = Path(__file__).parent.parent / "samples" / "languages" / "ferry.tsv"
TEXTS = dict(line.split("\t") for line in SAMPLE.read_text(encoding="utf-8").splitlines())
ENGLISH = (
    "The ferry did not sail on Tuesday because of the otters that live under the quay of Port Aldery. The captain said "
    "that he would wait until they had gone, and the passengers walked home along the bay in the rain."
)
RECORD = ArticleRecord(title="Otters delay the ferry", body=ENGLISH)
NOTHING = Guidance()


def done(record: ArticleRecord, guidance: Guidance = NOTHING) -> ArticleRecord:
    result = finished(record, guidance)
    assert isinstance(result, ArticleRecord)
    return result


# Language.


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("French", "fr"),
        ("German", "de"),
        ("Icelandic", "is"),
        ("Polish", "pl"),
        ("Czech", "cs"),
        ("Turkish", "tr"),
        ("Russian", "ru"),
        ("Ukrainian", "uk"),
        ("Greek", "el"),
        ("Hebrew", "he"),
        ("Arabic", "ar"),
        ("Thai", "th"),
        ("Japanese", "ja"),
        ("Chinese", "zh"),
        ("Chinese of Taiwan", "zh"),
        ("Korean", "ko"),
    ],
)
def test_a_text_whose_file_does_not_say_its_language_is_identified(name, code):
    assert done(replace(RECORD, body=TEXTS[name] * 2)).language == code


def test_the_words_between_the_markup_tell_the_language():
    script = "<script>var wait = function (until) { return the_captain.said(until); }</script>" * 5
    body = "".join(f'<p class="the-first-of-all">{TEXTS["German"]}</p>' for _ in range(2))
    assert done(replace(RECORD, body=script + body, body_type=HTML)).language == "de"


@pytest.mark.parametrize("body", ["", "The ferry did not sail.", "1 2 3 4 5 " * 40, "<p></p>" * 200])
def test_a_text_that_does_not_surely_say_it_has_no_language(body):
    assert done(replace(RECORD, body=body, body_type=HTML)).language == ""


def test_a_language_that_the_file_says_stays():
    assert done(replace(RECORD, language="cy")).language == "cy"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("en_US", "en-US"),
        ("pt-br", "pt-BR"),
        ("zh_hans_cn", "zh-Hans-CN"),
        ("EN", "en"),
        (" sv ", "sv"),
        ("eng", "en"),
        ("ger", "de"),
        ("English", "en"),
        ("Deutsch", "de"),
        ("Français", "fr"),
        ("日本語", "ja"),
        ("العربية", "ar"),
        ("de-1996", "de-1996"),
        ("sl-rozaj", "sl-rozaj"),
        # What is not surely a language stays for who reads the receipt.
        ("Klingon", "Klingon"),
        ("en, fr", "en, fr"),
        ("?", "?"),
    ],
)
def test_a_language_is_written_as_on_the_web(said, code):
    assert language.code(said) == code
    assert done(replace(RECORD, language=said)).language == code


# Dates.


def came(year: int, month: int, day: int) -> Guidance:
    return Guidance(received=datetime(year, month, day, 12))


def test_a_date_that_was_over_when_the_file_came_stays():
    record = replace(RECORD, language="en", date=Dating.parse("2017-05-30"))
    assert done(record, came(2017, 5, 30)) is record


def test_a_date_is_a_day_ahead_at_the_other_end_of_the_zones():
    record = replace(RECORD, date=Dating.parse("2017-05-31"))
    assert done(record, came(2017, 5, 30)).date == record.date


def test_a_date_after_its_file_is_unknown_and_says_why():
    date = replace(Dating.parse("2031-06-05"), evidence=("5 June 2031",))
    found = done(replace(RECORD, date=date), came(2017, 5, 30)).date
    assert found == Dating(evidence=("5 June 2031", "the file came on 2017-05-30"))


def test_the_end_of_a_year_that_was_not_over_is_the_day_the_file_came():
    found = done(replace(RECORD, date=Dating.parse("2017")), came(2017, 5, 30)).date
    assert (found.earliest, found.latest) == (datetime(2017, 1, 1), datetime(2017, 5, 31, 23, 59))
    assert found.precision is Precision.YEAR
    assert found.evidence == ("the file came on 2017-05-30",)


def test_an_open_end_stays_open():
    date = Dating(earliest=datetime(2017, 5, 30), precision=Precision.DAY, known=Known.INFERRED)
    assert done(replace(RECORD, date=date), came(2017, 6, 30)).date == date


def test_an_open_end_that_begins_after_the_file_is_unknown():
    date = Dating(earliest=datetime(2031, 5, 30), precision=Precision.DAY, known=Known.INFERRED, evidence=("said",))
    assert done(replace(RECORD, date=date), came(2017, 6, 30)).date.known is Known.UNKNOWN


def test_a_page_is_no_younger_than_its_capture():
    guidance = Guidance(captured=datetime(2017, 5, 30), received=datetime(2026, 1, 1))
    assert done(replace(RECORD, date=Dating.parse("2019-01-01")), guidance).date.evidence == (
        "the file came on 2017-05-30",
    )
    captured = replace(RECORD, date=Dating.parse("2019-01-01"), captured=datetime(2017, 5, 30))
    assert done(captured).date.known is Known.UNKNOWN


@pytest.mark.parametrize("text", ["0201-05-03", "1066"])
def test_a_date_before_there_was_print_is_unknown_and_says_why(text):
    date = replace(Dating.parse(text), evidence=(text,))
    assert done(replace(RECORD, date=date)).date == Dating(evidence=(text, "nothing was printed before 1450"))


def test_no_date_stays_none():
    assert done(RECORD, came(2017, 5, 30)).date == Dating()


# Text that was decoded wrongly once.

DAMAGED = ENGLISH.replace("did not", "didnâ€™t").replace("Port Aldery", "Port AldÃ©ry")
WHOLE = ENGLISH.replace("did not", "didn’t").replace("Port Aldery", "Port Aldéry")


def test_damage_is_shown_and_nothing_is_mended_unasked():
    record = replace(RECORD, body=DAMAGED)
    before, after = damage(record) or ("", "")
    assert ("didnâ€™t" in before, "didn’t" in after) == (True, True)
    assert done(record).body == DAMAGED
    assert done(record).received == ""


def test_who_asks_for_it_gets_the_texts_mended_and_the_body_as_it_came():
    record = replace(
        RECORD,
        title="CafÃ© closed",
        body=DAMAGED,
        tags=("cafÃ©s",),
        images=(ImageRecord(caption="A cafÃ©", paragraph=2),),
    )
    mended = done(record, Guidance(mend=True))
    assert (mended.title, mended.body, mended.tags) == ("Café closed", WHOLE, ("cafés",))
    assert mended.images == (ImageRecord(caption="A café", paragraph=2),)
    assert mended.received == DAMAGED


def test_a_sound_body_is_not_kept_twice():
    assert done(RECORD, Guidance(mend=True)).received == ""


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS.values(),
        "She said: “Don’t” – and left… ½ of 20 °C, £5, São Paulo, naïve, Ærø, «Où?»",
        "straight 'quotes' and -- dashes, ﬁ ligatures, １２３, \u00a0spaces\u2003",
        "von den maß¬ gebenden Stellen",
        "&amp; &lt;b&gt; stays",
    ],
)
def test_a_sound_text_is_left_as_it_is(text):
    assert mending.mended(text) == text
    assert mending.damage(text) is None


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp1251", "mac-roman"])
def test_a_text_that_was_read_in_the_wrong_encoding_comes_back(encoding):
    text = "The café’s otter said no – twice."
    assert mending.mended(text.encode().decode(encoding, errors="replace")) == text


def test_no_more_than_so_much_of_a_text_is_mended():
    text = "CafÃ© \n" * (mending.LONGEST // 7 + 1000)
    mended = mending.mended(text)
    assert mended.startswith("Café \n")
    assert mended.endswith("CafÃ© \n")


# All of it.


def test_every_format_is_finished():
    read = importers.read("wire.jsonl", io.BytesIO(b'{"title": "Otters", "body": "%s"}' % ENGLISH.encode()))
    assert [to_json(record).get("language") for record in read if isinstance(record, ArticleRecord)] == ["en"]
    (page,) = importers.read("page.txt", io.BytesIO(f"Otters delay the ferry\n\n{ENGLISH}\n".encode()))
    assert isinstance(page, ArticleRecord)
    assert page.language == "en"


def test_what_is_unreadable_stays_so():
    unreadable = Unreadable("line 3", "it is broken")
    assert finished(unreadable, NOTHING) is unreadable


def test_markup_that_never_ends_is_over_soon():
    body = "<script>" * 100_000 + "<!--" * 100_000
    assert finishing.finished(replace(RECORD, body=body, body_type=HTML), NOTHING)
