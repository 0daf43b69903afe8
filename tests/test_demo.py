"""The demo archive keeps what docs/demo.md promises, so that tests, screenshots and newcomers can rely on it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from articles import exports
from articles.cleaning import clean
from articles.differences import differences
from articles.models import Article, ImportInput, ImportJob, Result
from articles.records import HTML, ArticleRecord, Known, Precision, Status, from_json, to_json

from .makers import stored

DEMO = Path(__file__).parent.parent / "articles" / "demo"
LANGUAGES = ("ar", "fr", "de", "es", "zh")


def lines() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(DEMO.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{path.name}:{number}", json.loads(line)


LINES = dict(lines())
RECORDS = [from_json(values) for values in LINES.values()]


def paragraphs(record: ArticleRecord) -> list[str]:
    return clean(record.body, record.body_type).text.split("\n\n")


def words(record: ArticleRecord) -> int:
    return sum(len(paragraph.split()) for paragraph in paragraphs(record))


def titled(title: str) -> ArticleRecord:
    (record,) = [record for record in RECORDS if record.title == title]
    return record


@pytest.mark.parametrize("place", LINES)
def test_a_line_is_read_and_written_back_unchanged(place: str) -> None:
    record = from_json(LINES[place])
    assert to_json(record) == LINES[place]
    assert from_json(json.loads(json.dumps(to_json(record)))) == record


@pytest.mark.django_db
def test_the_whole_demo_is_stored_without_a_doubt_and_exported_as_it_came() -> None:
    entry = ImportInput.objects.create(job=ImportJob.objects.create(label="Demo"), position=0, name="demo.jsonl")
    outcomes = stored(RECORDS, entry)
    assert {outcome.result for outcome in outcomes} == {Result.CREATED}
    written = [json.loads(line) for line in exports.jsonl(Article.objects.order_by("pk"))]
    given = {(values.get("source"), values["title"]): values for values in LINES.values()}
    assert {(values.get("source"), values["title"]): values for values in written} == given


def test_there_are_enough_articles_to_browse_and_few_enough_to_load_at_once() -> None:
    assert 75 <= len(RECORDS) <= 100
    assert len({(record.source, record.title) for record in RECORDS}) == len(RECORDS)


def test_every_article_says_where_it_stood_and_in_which_language() -> None:
    for record in RECORDS:
        assert all((record.source, record.sections, record.tags, record.language)), record.title


def test_sources_and_sections_are_few_and_no_tag_is_used_only_once() -> None:
    assert len({record.source for record in RECORDS}) == 6
    assert len({section for record in RECORDS for section in record.sections}) == 10
    tags = Counter(tag for record in RECORDS for tag in record.tags)
    assert 40 <= len(tags) <= 50
    assert min(tags.values()) >= 2


def test_a_tag_may_hold_a_comma_an_apostrophe_an_accent_or_another_script() -> None:
    tags = {tag for record in RECORDS for tag in record.tags}
    assert {"Halvern, Lower Quay", "Halvern, Upper Town", "Sha'bani family", "Café Müllner", "الميناء", "华侨"} <= tags


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_three_to_five_articles(language: str) -> None:
    found = [record for record in RECORDS if record.language.split("-")[0] == language]
    assert 3 <= len(found) <= 5


def test_the_years_run_from_1911_to_2025_with_gaps() -> None:
    years = {record.date.earliest.year for record in RECORDS if record.date.earliest}
    assert (min(years), max(years)) == (1911, 2025)
    assert len(years) < 2025 - 1911


def test_dates_are_known_in_every_way_that_the_archive_has() -> None:
    kinds = Counter((str(record.date.precision), str(record.date.known)) for record in RECORDS)
    assert kinds[Precision.UNKNOWN, Known.UNKNOWN] >= 4
    assert kinds[Precision.MINUTE, Known.PRINTED] == 2
    assert kinds[Precision.YEAR, Known.PRINTED] == 1
    assert kinds[Precision.MONTH, Known.PRINTED] >= 3
    assert kinds[Precision.DAY, Known.INFERRED] >= 3


def test_an_inferred_date_quotes_words_of_its_article() -> None:
    inferred = [record for record in RECORDS if record.date.known == Known.INFERRED]
    for record in inferred:
        text = " ".join(paragraphs(record))
        assert record.date.evidence, record.title
        assert all(said in text for said in record.date.evidence), record.title
    assert any(record.date.latest is None for record in inferred)
    assert any(record.date.latest is not None for record in inferred)


def test_the_reprint_came_a_day_later_elsewhere_without_its_last_paragraph() -> None:
    first, second = titled("Last Crossing of the Patience"), titled("The Ferry Ends Her Work")
    assert paragraphs(second) == paragraphs(first)[:-1]
    assert first.source != second.source
    assert first.date.earliest
    assert second.date.earliest
    assert (second.date.earliest - first.date.earliest).days == 1


WHALE = (
    "A Whale in the Orle",
    "The Bridge Inspected by a Whale",
    "Four Thousand Idle, by Order of a Whale",
    "What Came Up the River",
)
NOTICE = ("No Lamps on the Bridge", "Bridge Committee: Notice as to Lamps", "Something White")
FERRY = ("Last Crossing of the Patience", "The Ferry Ends Her Work")


@pytest.mark.django_db
def test_three_stories_were_printed_more_than_once_and_no_other_is_taken_for_one() -> None:
    entry = ImportInput.objects.create(job=ImportJob.objects.create(label="Demo"), position=0, name="demo.jsonl")
    stored(RECORDS, entry)
    stories: dict[int, set[str]] = {}
    for story, title in Article.objects.exclude(story=None).values_list("story", "title"):
        stories.setdefault(story, set()).add(title)
    assert sorted(stories.values(), key=len) == [set(FERRY), set(NOTICE), set(WHALE)]


def test_the_whale_was_printed_by_four_papers_each_in_its_own_way() -> None:
    first, second, third, fourth = map(titled, WHALE)
    assert len({record.source for record in (first, second, third, fourth)}) == 4
    days = [f"{record.date.earliest:%Y-%m-%d}" for record in (first, second, third, fourth)]
    assert days == ["1923-06-13", "1923-06-14", "1923-06-16", "1923-07-01"]
    told = differences(first.body, second.body)
    assert (told.dropped, told.changed, told.added) == (0, 3, 0)
    told = differences(first.body, third.body)
    assert (told.dropped, told.changed, told.added) == (2, 2, 0)
    assert paragraphs(fourth)[1:] == paragraphs(first)


def test_one_article_is_corrected_and_some_have_a_note_of_the_editor() -> None:
    assert [record.title for record in RECORDS if record.correction] == ["A New Comet Found at Wether Hill"]
    assert len([record for record in RECORDS if record.editors_note]) >= 3


def test_a_caption_stands_in_the_paragraph_that_its_picture_names() -> None:
    placed = [(record, image) for record in RECORDS for image in record.images if image.paragraph]
    assert len(placed) >= 8
    assert {record.body_type for record, _ in placed} == {"text/plain", "text/html"}
    for record, image in placed:
        assert paragraphs(record)[(image.paragraph or 0) - 1] == image.caption, record.title


def test_cleaning_takes_nothing_out_of_a_body() -> None:
    for record in RECORDS:
        cleaned = clean(record.body, record.body_type)
        assert not cleaned.note
        if record.body_type == HTML:
            assert len(cleaned.pictures) == len([image for image in record.images if image.paragraph]), record.title


def test_the_admin_has_a_draft_and_withheld_articles_to_show() -> None:
    statuses = Counter(record.status for record in RECORDS)
    assert statuses[Status.DRAFT] == 1
    assert statuses[Status.WITHHELD] == 2


def test_there_are_briefs_and_two_long_reads() -> None:
    lengths = [words(record) for record in RECORDS if record.language == "en"]
    assert len([length for length in lengths if length >= 1500]) == 2
    assert len([length for length in lengths if length <= 60]) >= 4


def test_a_word_that_is_in_one_last_paragraph_only() -> None:
    having = [record for record in RECORDS if "samphire" in record.body.lower()]
    assert [record.title for record in having] == ["Barrier closed at 22.37 as Storm Wilhelmina meets spring tide"]
    assert "samphire" in paragraphs(having[0])[-1]
    assert not any("samphire" in paragraph for paragraph in paragraphs(having[0])[:-1])


def test_apostrophes_and_quotation_marks_come_both_straight_and_curly() -> None:
    assert any("Sha’bani" in record.body for record in RECORDS)
    assert any("Sha'bani" in record.byline + " ".join(record.authors) for record in RECORDS)
    assert any("“" in record.body and "”" in record.body for record in RECORDS)


def test_addresses_lead_to_hosts_that_nobody_can_own() -> None:
    addresses = [record.canonical_url for record in RECORDS] + [image.url for r in RECORDS for image in r.images]
    given = [address for address in addresses if address]
    assert len(given) >= 10
    assert all((urlsplit(address).hostname or "").endswith(".example") for address in given)


@pytest.mark.parametrize(
    ("name", "title", "last_word"),
    [
        ("quern-reservoir-page.txt", "Drowned farm at Quern gives up a plant thought lost", "quillwort."),
        ("ferry-returns-page.txt", "Ferry to return to the Orle after ninety-eight years", "flask-holder."),
        ("weighhouse-gauge-page.txt", "How to read the Weighhouse gauge", "room."),
    ],
)
def test_a_page_text_has_its_headline_body_and_furniture(name: str, title: str, last_word: str) -> None:
    page = (DEMO / name).read_text(encoding="utf-8").splitlines()
    assert title in page
    assert any(line.endswith(last_word) for line in page)
    assert any(line.startswith(("Leave a ", "Related Articles")) for line in page)
