"""How an article is cited: right in each style, well formed in each form, and honest about what is not known."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from typing import Any

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from articles import citations
from articles.citations import STYLES, Citation, Cited, Person, as_bibtex, as_csl, as_ris, as_wikitext
from articles.citations.facts import line, when
from articles.citations.people import people, person
from articles.citing import as_json
from articles.records import Dating, Known, Precision

ADDRESS = "https://news.example/article/12/"
FACTS = Cited(number=12, title="The River Rose", permalink=ADDRESS, archive="News Archive", kept=dt.date(2026, 1, 2))


def source(names: str = "", paper: str = "", date: str = "", **told: Any) -> Cited:
    """An article by these, parted by commas, in this paper, of a date as `Dating.parse` reads it."""
    named = tuple(person(name.strip()) for name in names.split(",") if name)
    dated = when(Dating.parse(date)) if date else citations.When()
    return dataclasses.replace(FACTS, people=named, source=paper, date=dated, **told)


def in_style(style: str, article: Cited) -> str:
    """The citation with its italics between underscores, and without its address."""
    pieces = dict(STYLES)[style](article)
    told = "".join(f"_{piece.text}_" if piece.italic else piece.text for piece in pieces)
    assert told.count(ADDRESS) == 1
    return told.replace(ADDRESS, "URL")


# -- styles

GAZETTE = "The Harbour Gazette"
IN_STYLES = [
    # A name, a paper, a day.
    ("Jane Doe", GAZETTE, "1953-11-04", {
        "APA": "Doe, J. (1953, November 4). The River Rose. _The Harbour Gazette_. URL",
        "MLA": "Doe, Jane. “The River Rose.” _The Harbour Gazette_, 4 Nov. 1953. _News Archive_, URL.",
        "Chicago": "Doe, Jane. “The River Rose.” _Harbour Gazette_, November 4, 1953. URL.",
        "Harvard": "Doe, J. (1953) ‘The River Rose’, _The Harbour Gazette_, 4 November. "
        "Available at: URL (Accessed: day month year).",
    }),
    # The time of day is in no style.
    ("Jane Doe", GAZETTE, "1953-11-04T18:45", {
        "APA": "Doe, J. (1953, November 4). The River Rose. _The Harbour Gazette_. URL",
    }),
    # Two, and a month.
    ("Jane Doe, John Roe", GAZETTE, "1953-05", {
        "APA": "Doe, J., & Roe, J. (1953, May). The River Rose. _The Harbour Gazette_. URL",
        "MLA": "Doe, Jane, and John Roe. “The River Rose.” _The Harbour Gazette_, May 1953. _News Archive_, URL.",
        "Chicago": "Doe, Jane, and John Roe. “The River Rose.” _Harbour Gazette_, May 1953. URL.",
        "Harvard": "Doe, J. and Roe, J. (1953) ‘The River Rose’, _The Harbour Gazette_, May. "
        "Available at: URL (Accessed: day month year).",
    }),
    # Three, and a year.
    ("Jane Doe, John Roe, A. B. Poe", GAZETTE, "1953", {
        "APA": "Doe, J., Roe, J., & Poe, A. B. (1953). The River Rose. _The Harbour Gazette_. URL",
        "MLA": "Doe, Jane, et al. “The River Rose.” _The Harbour Gazette_, 1953. _News Archive_, URL.",
        "Chicago": "Doe, Jane, John Roe, and A. B. Poe. “The River Rose.” _Harbour Gazette_, 1953. URL.",
        "Harvard": "Doe, J., Roe, J. and Poe, A. B. (1953) ‘The River Rose’, _The Harbour Gazette_. "
        "Available at: URL (Accessed: day month year).",
    }),
    ("Jane Doe, John Roe, A. B. Poe, Ann Day", GAZETTE, "1953", {
        "Harvard": "Doe, J. et al. (1953) ‘The River Rose’, _The Harbour Gazette_. "
        "Available at: URL (Accessed: day month year).",
    }),
    # An agency, and a day that was worked out.
    ("Reuters", GAZETTE, "1953-11-04~", {
        "APA": "Reuters. (ca. 1953, November 4). The River Rose. _The Harbour Gazette_. URL",
        "MLA": "Reuters. “The River Rose.” _The Harbour Gazette_, [4 Nov. 1953?]. _News Archive_, URL.",
        "Chicago": "Reuters. “The River Rose.” _Harbour Gazette_, [November 4, 1953?]. URL.",
        "Harvard": "Reuters (c. 1953) ‘The River Rose’, _The Harbour Gazette_, [4 November?]. "
        "Available at: URL (Accessed: day month year).",
    }),
    ("Jane Doe", GAZETTE, "1923~", {
        "APA": "Doe, J. (ca. 1923). The River Rose. _The Harbour Gazette_. URL",
        "Chicago": "Doe, Jane. “The River Rose.” _Harbour Gazette_, [1923?]. URL.",
    }),
    # Nobody, and an open end.
    ("", GAZETTE, "2017-05-30/..~", {
        "APA": "The River Rose. (n.d., not before May 30, 2017). _The Harbour Gazette_. URL",
        "MLA": "“The River Rose.” _The Harbour Gazette_, [not before 30 May 2017]. _News Archive_, URL.",
        "Chicago": "_Harbour Gazette_. “The River Rose.” [not before May 30, 2017]. URL.",
        "Harvard": "_The Harbour Gazette_ (no date, not before 30 May 2017) ‘The River Rose’. "
        "Available at: URL (Accessed: day month year).",
    }),
    # The paper prints no more than that.
    ("", GAZETTE, "1920/1925", {
        "APA": "The River Rose. (n.d., between 1920 and 1925). _The Harbour Gazette_. URL",
        "MLA": "“The River Rose.” _The Harbour Gazette_, between 1920 and 1925. _News Archive_, URL.",
        "Chicago": "_Harbour Gazette_. “The River Rose.” Between 1920 and 1925. URL.",
    }),
    # No date.
    ("Jane Doe", GAZETTE, "", {
        "APA": "Doe, J. (n.d.). The River Rose. _The Harbour Gazette_. URL",
        "MLA": "Doe, Jane. “The River Rose.” _The Harbour Gazette_. _News Archive_, URL. Accessed day month year.",
        "Chicago": "Doe, Jane. “The River Rose.” _Harbour Gazette_, n.d. Accessed day month year. URL.",
        "Harvard": "Doe, J. (no date) ‘The River Rose’, _The Harbour Gazette_. "
        "Available at: URL (Accessed: day month year).",
    }),
    # No paper; neither a paper nor a name nor a date.
    ("Jane Doe", "", "1953", {
        "APA": "Doe, J. (1953). The River Rose. URL",
        "MLA": "Doe, Jane. “The River Rose.” 1953. _News Archive_, URL.",
        "Chicago": "Doe, Jane. “The River Rose.” 1953. URL.",
        "Harvard": "Doe, J. (1953) ‘The River Rose’. Available at: URL (Accessed: day month year).",
    }),
    ("", "", "", {
        "APA": "The River Rose. (n.d.). URL",
        "MLA": "“The River Rose.” _News Archive_, URL. Accessed day month year.",
        "Chicago": "“The River Rose.” n.d. Accessed day month year. URL.",
        "Harvard": "‘The River Rose’ (no date). Available at: URL (Accessed: day month year).",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("names", "paper", "date", "styles"), IN_STYLES)
def test_each_style_says_what_is_known_as_its_guide_asks(names: str, paper: str, date: str, styles: dict[str, str]):
    article = source(names, paper, date)
    assert {style: in_style(style, article) for style in styles} == styles


@pytest.mark.parametrize("style", [style for style, _ in STYLES])
def test_a_correction_travels_into_every_citation(style: str):
    corrected = source("Jane Doe", GAZETTE, "1953", correction="It fell.")
    assert "[Correction: It fell.]" in in_style(style, corrected)
    assert "Correction: It fell." in as_bibtex(corrected)
    assert "N1  - Correction: It fell.\r\n" in as_ris(corrected)
    assert as_csl(corrected)["note"] == "Correction: It fell."
    assert as_wikitext(corrected).endswith("}} Correction: It fell.")


@pytest.mark.parametrize(
    ("title", "within"),
    [
        ('The "river" rose', "“The ‘river’ rose.”"),
        ("“Rose”", "“‘Rose’.”"),
        ("Who rose?", "“Who rose?”"),
        ("من صعد؟", "“من صعد؟”"),
        ("It rose …", "“It rose …”"),
        ("<b>&amp;", "“<b>&amp;.”"),
    ],
)
def test_quotation_marks_within_a_title_and_the_mark_at_its_end_are_kept_apart_from_those_of_the_style(
    title: str, within: str
):
    assert f" {within} " in in_style("MLA", source("Jane Doe", GAZETTE, "1953", title=title))


def test_apa_names_twenty_and_the_last_of_more_and_chicago_seven_of_more_than_ten():
    many = source(", ".join(f"Ann {letter}ay" for letter in "ABCDEFGHIJKLMNOPQRSTUVW"), GAZETTE, "1953")
    assert "Say, A., . . . Way, A. (1953)" in in_style("APA", many)
    assert in_style("Chicago", many).startswith(
        "Aay, Ann, Ann Bay, Ann Cay, Ann Day, Ann Eay, Ann Fay, Ann Gay, et al. “"
    )


# -- names


@pytest.mark.parametrize(
    ("name", "language", "inverted"),
    [
        ("Jane Doe", "en", "Doe, Jane"),
        ("JANE DOE", "en", "Doe, Jane"),
        ("J. F. DOE", "en", "Doe, J. F."),
        ("Jan van der Berg", "nl", "van der Berg, Jan"),
        ("Yves Le Goff", "fr", "Le Goff, Yves"),
        ("Zoë O'Dell", "en", "O'Dell, Zoë"),
        ("John Doe, Jr.", "en", "Doe, John, Jr."),
        ("Dr. Jane Doe", "en", "Doe, Jane"),
        ("Иван Петров", "ru", "Петров, Иван"),
        # These stay as they are printed.
        ("Reuters", "en", ""),
        ("Valley Press Agency", "en", ""),
        ("Our Correspondent", "en", ""),
        ("Mrs. John Doe", "en", ""),
        ("Von Trapp", "de", ""),
        ("陳永福", "zh-Hant", ""),
        ("يوسف الشعباني", "ar", ""),
        ("Nagy István", "hu", ""),
        ("Inés Quiroga Leal", "es", ""),
        ("A. Bardi, Tannery Lane", "en", ""),
        ("Agent 47 Doe", "en", ""),
    ],
)
def test_a_name_is_turned_round_where_its_words_tell_the_family_and_nowhere_else(
    name: str, language: str, inverted: str
):
    told = person(name, language)
    found = ", ".join(part for part in (told.family, told.given, told.suffix) if part)
    assert found == inverted
    assert bool(told.literal) != bool(inverted)


@pytest.mark.parametrize(
    ("byline", "named"),
    [
        ("By JANE DOE and John Roe", ["Jane Doe", "John Roe"]),
        ("Von Karl Müllner", ["Karl Müllner"]),
        ("From our Correspondent in the Capital", ["Our Correspondent in the Capital"]),
        ('By "Touchline"', ['"Touchline"']),
        ("By the Editor and Jane Doe", ["The Editor and Jane Doe"]),
        ("", []),
    ],
)
def test_a_byline_is_read_where_nobody_is_filed_as_author(byline: str, named: list[str]):
    assert [one.printed for one in people((), byline, "en")] == named
    assert [one.printed for one in people(["Ann Day"], byline, "en")] == ["Ann Day"]


# -- forms


def test_bibtex_can_be_read_by_others():
    article = source(
        "Jane Doe, Reuters", "Ferry & Bridge", "1953-11-04", title="50% of {all}", sha256="ab12", language="en"
    )
    (entry,) = bibtexparser.parse_string(as_bibtex(article)).entries
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    assert (entry.entry_type, entry.key) == ("article", "doe195350-12")
    assert fields["author"] == "Doe, Jane and {Reuters}"
    assert fields["title"] == r"{50\% of \textbraceleft{}all\textbraceright{}}"
    assert fields["journal"] == r"Ferry \& Bridge"
    assert (fields["year"], fields["month"], fields["day"], fields["url"]) == ("1953", "nov", "4", ADDRESS)
    assert fields["note"] == "SHA-256 of the file that it came in: ab12"


def test_ris_can_be_read_by_others():
    written = as_ris(source("Jane Doe, Our Own Staff", GAZETTE, "1953-05", language="en", keywords=("ice", "river")))
    (entry,) = rispy.loads(written)
    assert entry["type_of_reference"] == "NEWS"
    assert entry["authors"] == ["Doe, Jane", "Our Own Staff"]
    assert (entry["title"], entry["secondary_title"]) == ("The River Rose", GAZETTE)
    assert (entry["year"], entry["date"], entry["keywords"]) == ("1953", "1953/05//", ["ice", "river"])
    assert entry["urls"] == [ADDRESS]
    assert written.endswith("ER  - \r\n")
    assert "\n" not in written.replace("\r\n", "")


@pytest.mark.parametrize(
    ("date", "bibtex", "ris", "csl"),
    [
        ("1953-11-04", "{1953}", "1953/11/04/", {"date-parts": [[1953, 11, 4]]}),
        ("1953", "{1953}", "1953///", {"date-parts": [[1953]]}),
        ("1923~", "{[1923?]}", "1923///", {"date-parts": [[1923]], "circa": True}),
        ("1920/1925~", "{n.d.}", None, {"date-parts": [[1920], [1925]], "circa": True}),
        ("2017-05-30/..~", "{n.d.}", None, {"literal": "not before 30 May 2017"}),
        ("", "{n.d.}", None, None),
    ],
)
def test_no_form_knows_the_date_better_than_the_archive(date: str, bibtex: str, ris: str | None, csl: Any):
    article = source("Jane Doe", GAZETTE, date)
    assert f"  year = {bibtex},\n" in as_bibtex(article)
    assert rispy.loads(as_ris(article))[0].get("date") == ris
    assert as_csl(article).get("issued") == csl
    if date and ris is None:
        assert re.search(r"N1  - Date( inferred)?: (between 1920|not before 30 May)", as_ris(article))


def parameters(text: str) -> dict[str, str]:
    """Of a template as MediaWiki parts it, where no value has a pipe, a brace or a bracket of its own."""
    found = re.fullmatch(r"\{\{cite news ([^{}\[\]<>]*)\}\}", text)
    assert found, text
    return dict(part.split("=", 1) for part in re.split(r"(?:^| )\|", found[1])[1:])


def test_wikipedia_gets_a_cite_news_with_the_archive_beside_the_first_address():
    told = parameters(
        as_wikitext(source("Jane Doe, Reuters", GAZETTE, "1953-11-04", published_at="https://g.example/a|b"))
    )
    assert told == {
        "last1": "Doe",
        "first1": "Jane",
        "author2": "Reuters",
        "title": "The River Rose",
        "newspaper": GAZETTE,
        "date": "4 November 1953",
        "url": "https://g.example/a%7Cb",
        "archive-url": ADDRESS,
        "archive-date": "2 January 2026",
        "url-status": "live",
        "via": "News Archive",
    }


@pytest.mark.parametrize(
    ("date", "written", "beside"),
    [
        ("1923~", "c. 1923", None),
        ("1923-05~", "c. 1923", "inferred: May 1923"),
        ("../1923~", "n.d.", "not after 1923"),
        ("", "n.d.", None),
    ],
)
def test_wikipedia_gets_only_dates_that_its_template_takes(date: str, written: str, beside: str | None):
    told = parameters(as_wikitext(source("", GAZETTE, date)))
    assert (told["date"], told.get("orig-date"), told["url"]) == (written, beside, ADDRESS)


HOSTILE = st.text(
    st.sampled_from("ab Z{}[]|<>&%$#_~^\\\"'`,;=:/@.!?*-\r\n\t\0\u2028\u202eéشы中")
    | st.characters(exclude_categories=["Cs"]),
    max_size=40,
)


@st.composite
def hostile(draw: st.DrawFn) -> Cited:
    text = HOSTILE.map(line)
    names = st.lists(HOSTILE.map(person).filter(lambda one: one.printed), max_size=3)
    return dataclasses.replace(
        FACTS, title=draw(text), source=draw(text), people=tuple(draw(names)), correction=draw(text),
        abstract=draw(text), keywords=tuple(draw(st.lists(text, max_size=2))), archive=draw(text),
        published_at=draw(HOSTILE),
    )  # fmt: skip


def untexed(text: str) -> str:
    named = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~",
             "textasciicircum": "^", "textless": "<", "textgreater": ">", "textbar": "|"}  # fmt: skip
    return re.sub(r"\\(?:(text\w+)\{\}|(.))", lambda found: named[found[1]] if found[1] else found[2], text)


@given(hostile())
def test_no_title_breaks_bibtex(article: Cited):
    library = bibtexparser.parse_string(as_bibtex(article))
    assert not library.failed_blocks
    (entry,) = library.entries
    title = entry.fields_dict["title"].value
    assert untexed(title[1:-1]) == (article.title or "(without a title)")
    assert as_bibtex(article).count("{") == as_bibtex(article).count("}")


@given(hostile())
def test_no_title_breaks_ris(article: Cited):
    lines = as_ris(article).split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", told) for told in lines[:-1])
    assert f"TI  - {article.title or '(without a title)'}" in lines


@given(hostile())
def test_no_title_breaks_csl_json(article: Cited):
    (told,) = json.loads(as_json(article))
    assert told == as_csl(article)
    assert told["title"] == (article.title or "(without a title)")
    assert all(name.keys() <= {"family", "given", "suffix", "literal"} for name in told.get("author", []))


@given(hostile())
def test_no_title_breaks_out_of_a_template_of_wikipedia(article: Cited):
    text = as_wikitext(dataclasses.replace(article, correction=""))
    told = parameters(text)
    assert told["archive-url" if "archive-url" in told else "url"] == ADDRESS
    assert "''" not in text
    assert "~~~" not in text
    assert not re.search(r"&(?!#\d+;)#?\w+;", text)


@given(hostile())
def test_every_style_ends_and_is_one_line(article: Cited):
    for style, write in STYLES:
        text = Citation(style, write(article)).text
        assert ADDRESS in text
        assert text == " ".join(text.split())


def test_whole_years_and_months_are_told_as_such():
    between = Dating.between(dt.date(1920, 1, 1), dt.date(1925, 12, 31), Precision.UNKNOWN, Known.INFERRED)
    assert (when(between).first, when(between).last) == ((1920,), (1925,))
    spring = Dating.between(dt.date(1920, 3, 1), dt.date(1920, 5, 31), Precision.UNKNOWN, Known.INFERRED)
    assert (when(spring).first, when(spring).last, when(spring).year) == ((1920, 3), (1920, 5), "1920")


def test_who_is_named_in_two_scripts_has_a_key_all_the_same():
    assert citations.key(source("", "الجريدة", "1953", title="عنوان")) == "article1953-12"
    assert (
        citations.key(dataclasses.replace(FACTS, people=(Person(family="Müllner", given="Karl"),))) == "mullnerriver-12"
    )
