"""Real pages: the one that the archive was asked for, and others of its shape. None of their text is kept here."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest

from articles.importers import pagetext
from articles.records import ArticleRecord, Guidance, Known, LineKind, Precision

ROOT = Path(__file__).parent.parent.parent
SEED = ROOT.parent / "shared" / "seed" / "000_665f41902ace5401.txt"
PAGES = ROOT.parent / "shared" / "corpora" / "pagedumps" / "seed_shaped_txt"

needs_seed = pytest.mark.skipif(not SEED.exists(), reason="the seed page is not beside this checkout")
needs_pages = pytest.mark.skipif(not PAGES.is_dir(), reason="the corpora are not beside this checkout")


def read(path: Path, known: tuple[str, ...] = ()) -> ArticleRecord:
    with path.open("rb") as stream:
        (record,) = pagetext.read(stream, Guidance(sections=frozenset(known)))
    assert isinstance(record, ArticleRecord)
    return record


def paragraphs(record: ArticleRecord) -> list[str]:
    return [unescape(re.sub("<[^>]+>", "", block)) for block in record.body.split("\n")]


@needs_seed
@pytest.mark.parametrize("known", [(), ("Middle East", "World News", "World", "Others")])
def test_the_seed_page_gives_its_sections_its_title_and_its_17_paragraphs(known):
    record = read(SEED, known)
    assert record.sections == ("Latest developments", "Middle East", "Others", "World News")
    assert record.title == "Syrian delegation in Baghdad discusses border security"
    found = paragraphs(record)
    came = [line.strip() for line in SEED.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert found == came[2:19]
    assert len(found) == 17
    assert found[0].startswith("A high-level delegation")
    assert found[-1].startswith("In recent years, Iran, Iraq, Russia and Syria")


@needs_seed
def test_the_caption_of_the_seed_page_is_marked():
    record = read(SEED)
    (image,) = record.images
    assert image.paragraph == 12
    assert image.caption.startswith("Fighters with the paramilitary troops")
    assert image.caption.endswith("May 29, 2017.")
    assert record.body.split("\n")[11] == f"<figure><figcaption>{image.caption}</figcaption></figure>"


@needs_seed
def test_the_tail_of_the_seed_page_is_furniture():
    record = read(SEED)
    furniture = "".join(text for kind, text in record.page if kind is LineKind.FURNITURE)
    assert furniture.split("\n\n") == ["Related Articles", "Leave a Reply", "Back to top button"]
    assert "".join(text for _, text in record.page).encode() == SEED.read_bytes()


@needs_seed
def test_the_seed_page_is_not_older_than_30_may_2017():
    date = read(SEED).date
    assert (date.earliest, date.latest) == (datetime(2017, 5, 30), None)
    assert (date.precision, date.known) == (Precision.DAY, Known.INFERRED)
    picture, statement = date.evidence
    assert "May 29, 2017" in picture
    assert "on Tuesday" in statement


HEADLINES = {
    "000_SEED_665f41902ace5401": "Syrian delegation in Baghdad discusses border security",
    "aeb__0e014df6": "Hiking the Boulder Flat Irons",
    "aeb__4219d096": "Homemade Spiced Honey Pear Jam for the Holidays",
    "aeb__52111884": "[The Palace: Tale of Jang Noksu] More Reviews from KLOOK Visitors!",
    "aeb__5f9c5ed5": "With shattered dreams, deportees return home from US",
    "aeb__8cad00dc": "[The Palace: Tale of Jang Noksu] The Beauty of Korea Revealed at"
    " ‘2018 Welcome Daehak-ro Festival’! To the Actual Scene!",
    "aeb__8e3efab5": "Anthony Lynn: “We needed to win this game”",
    "aeb__95301fb7": "About bugs",
    "aeb__a860fb5e": "Dare to Play 3 / October pack",
    "postlight__biorxiv.org": "Sub-nucleosomal organization in urine cell-free DNA",
    "postlight__blisterreview.com": "2021-2022 Line Outline",
    "readability__firefox-nightly-blog": "These Weeks in Firefox: Issue 85",
    "readability__spiceworks": "Rewriting Rules of Engagement with Video in 2020: Vidyard Introduces New Features"
    " on its Video Platform",
    "trafilatura_eval__barbadostoday": "David Estwick and Ronnie Yearwood to contest DLP’s top post",
    "trafilatura_eval__californiaglobe": "Amazon Liable for Defective Third-Party Products Rules CA Appellate Court",
    "trafilatura_eval__caymancompass": "Prison official: ‘Anyone’ could escape from Northward",
    "trafilatura_eval__crazy-julia": "Beauty-Tipps, die jede Braut kennen sollte",
    "trafilatura_eval__elavegan": "Peanut Butter Truffles",
    "trafilatura_eval__foxyfolksy": "Chocolate Buttercream Frosting without Powdered Sugar (Ermine Icing)",
    "trafilatura_eval__geeks3d": "Python 3: simple HTTP Request with the Socket module",
    "trafilatura_eval__kaieteurnewsonline": "Essequibo hunter found dead with gunshot wounds",
    "trafilatura_eval__miamitodaynews": "Transit tax trust rejects county’s South Dade Transitway data",
    "trafilatura_eval__murdeltas": "Barcamp Graz 2015 – Politcamp Call for Action",
    "trafilatura_eval__nationnews.com-schools": "Schools ‘safe’ amidst surge",
    "trafilatura_eval__nationnews.com-tridents": "Tridents’ challenge",
    "trafilatura_eval__stackoverflow": "What is Rust and why is it so popular?",
    "trafilatura_eval__thenassauguardian": "Super Value ‘stumped’ on when price hikes will end",
    "trafilatura_eval__thepostpartumparty": "20 Clever Small Nursery Ideas When You’re Tight On Space + Free Printable",
    "trafilatura_eval__thestkittsnevisobserver": "BVI Premier Fahie Arrested in USA On Drug Related Charges",
    "trafilatura_eval__threatpost": "Android Ransomware Spreads Via ‘Sex Simulation Game’ Links on Reddit, SMS",
    "trafilatura_eval__youhadmeatgardening": "How to Grow a Lemon Tree from Seed | Step-by-Step Guide",
}
FURNITURE = re.compile(
    r"leave a (?:reply|comment)|your email address will not.*|save my name.*|notify me of.*|.*akismet.*"
    r"|.*required fields.*|(?:name|email|comment|website) ?\*?|reply|\d+ (?:comments?|replies|responses)|.{1,60} says:"
    r"|share|share (?:this|on|by) .*|click to share.*|facebook|twitter|pinterest|whatsapp|telegram|linkedin|print"
    r"|(?:related|suggested|similar|recommended|popular|recent|more) (?:articles?|posts?|stories|news|topics)"
    r"|you may also like.*|(?:previous|next) (?:post|article)s?.*|(?:back|scroll) to top.*|about the author.*|.*©.*",
    re.IGNORECASE,
)
FORM = re.compile(
    r"leave a (?:reply|comment)|your email address will not be published.*|log in to leave a comment", re.IGNORECASE
)


def page(start: str) -> Path:
    (path,) = PAGES.glob(f"{start}*.txt")
    return path


@needs_pages
def test_every_page_has_its_expected_headline():
    assert len(HEADLINES) == len(list(PAGES.glob("*.txt")))


@needs_pages
@pytest.mark.parametrize("start", HEADLINES)
def test_a_real_page_gives_its_real_headline(start):
    assert read(page(start)).title == HEADLINES[start]


@needs_pages
@pytest.mark.parametrize("start", HEADLINES)
def test_the_body_of_a_real_page_has_no_form_no_buttons_and_no_related_links(start):
    record = read(page(start))
    found = paragraphs(record)
    assert found
    assert sum(len(paragraph) for paragraph in found) > 140
    assert [paragraph for paragraph in found if FURNITURE.fullmatch(paragraph.strip())] == []


HEADING = re.compile(
    r"(?:related|similar|suggested|recommended|popular|recent) (?:articles?|posts?|stories|news|recipes|reads):?"
    r"|you may also like:?|you may also want.*|(?:previous|next) (?:post|article)",
    re.IGNORECASE,
)


@needs_pages
@pytest.mark.parametrize("start", HEADLINES)
def test_no_link_below_a_heading_of_related_pages_is_in_the_body_of_a_real_page(start):
    lines = [line.strip() for line in page(start).read_text(encoding="utf-8").splitlines() if line.strip()]
    headings = [number for number, line in enumerate(lines) if HEADING.fullmatch(line)]
    links = {line for number in headings for line in lines[number + 1 : number + 6] if line.count(" ") < 14}
    links = {link for link in links if not link.endswith((".", ":", "?", "!")) and link != HEADLINES[start]}
    assert not links & set(paragraphs(read(page(start))))


@needs_pages
@pytest.mark.parametrize("start", HEADLINES)
def test_nothing_from_the_comment_form_on_is_in_the_body_of_a_real_page(start):
    record = read(page(start))
    kinds = [kind for kind, run in record.page for _ in run.splitlines()]
    lines = [line.strip() for _, run in record.page for line in run.splitlines()]
    first = kinds.index(LineKind.BODY)
    form = next((number for number, line in enumerate(lines) if number > first and FORM.fullmatch(line)), len(lines))
    assert LineKind.BODY not in kinds[form:]


@needs_pages
@pytest.mark.parametrize("start", HEADLINES)
def test_the_lines_of_a_real_page_add_up(start):
    assert "".join(text for _, text in read(page(start)).page).encode() == page(start).read_bytes()
