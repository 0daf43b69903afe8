"""Page-text: where the article is on a page, what is said about it, and that no line is lost."""

from __future__ import annotations

import io
import itertools
import re
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest

from articles.importers import pagetext
from articles.importers.lines import decoded
from articles.records import HTML, ArticleRecord, Guidance, Known, LineKind, Precision, UnreadableFile
from tests.growth import assert_in_proportion

SAMPLES = Path(__file__).parent.parent / "samples" / "pagetext"
WHOLE = sorted(SAMPLES.glob("*.txt"))


def read(content: bytes | str, known: tuple[str, ...] = ()) -> ArticleRecord:
    content = content.encode() if isinstance(content, str) else content
    (record,) = pagetext.read(io.BytesIO(content), Guidance(sections=frozenset(known)))
    assert isinstance(record, ArticleRecord)
    return record


def sample(name: str) -> ArticleRecord:
    return read((SAMPLES / name).read_bytes())


def paragraphs(record: ArticleRecord) -> list[str]:
    return [unescape(re.sub("<[^>]+>", "", block)) for block in record.body.split("\n")]


def lines(record: ArticleRecord, kind: LineKind) -> str:
    return "".join(text for found, text in record.page if found is kind)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_body_metadata_and_furniture_add_up_to_the_file(path):
    content = path.read_bytes()
    record = read(content)
    assert "".join(text for _, text in record.page) == decoded(content)
    assert record.received == lines(record, LineKind.BODY)
    assert record.body_type == HTML
    kinds = [kind for kind, _ in record.page]
    assert all(kind is not following for kind, following in itertools.pairwise(kinds))


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_every_paragraph_of_the_body_is_among_the_lines_as_they_came(path):
    record = read(path.read_bytes())
    came = " ".join(record.received.split())
    assert all(" ".join(paragraph.split()) in came for paragraph in paragraphs(record))


@pytest.mark.parametrize(
    ("name", "title", "count", "first", "last"),
    [
        (
            "run_together_sections.txt",
            "Fishing ministers in Port Aldery discuss shared cod limits",
            9,
            "A delegation from the Ministry of Fisheries",
            "In recent years the two countries have agreed",
        ),
        (
            "newspaper_site.txt",
            "Glassworks of Velm to reopen with forty workers",
            9,
            "The first of the two furnaces",
            "The mayor said",
        ),
        (
            "french.txt",
            "Le petit théâtre de Saint-Orlan rouvre ses portes",
            4,
            "Le petit théâtre",
            "La première représentation",
        ),
        (
            "german_windows_1252_crlf.txt",
            "Mühle in Grünwalde mahlt wieder",
            3,
            "Nach fast dreißig Jahren",
            "Das Rad ist neu",
        ),
        (
            "spanish_with_mark.txt",
            "El faro de Peñablanca vuelve a encenderse",
            3,
            "El faro de Peñablanca",
            "«Lo vimos desde",
        ),
        ("arabic.txt", "مكتبة الواحة تفتح أبوابها من جديد", 3, "واحة النخيل (وكالة الواحة)", "وأضافت أن القراءة"),
        ("chinese.txt", "青石镇的老茶馆重新开张", 3, "青石镇河边的老茶馆", "“茶还是原来的茶"),
        ("wrapped_1898.txt", "A STEAMER ASHORE OFF THE SKELLING ROCKS", 4, "All on Board", "The captain stayed"),
        (
            "short_note_utf16.txt",
            "Bridge closed for painting",
            1,
            "The iron bridge at Oster",
            "The iron bridge at Oster",
        ),
    ],
)
def test_the_article_is_found_among_the_furniture(name, title, count, first, last):
    record = sample(name)
    found = paragraphs(record)
    assert record.title == title
    assert len(found) == count
    assert found[0].startswith(first)
    assert found[-1].startswith(last)


@pytest.mark.parametrize(
    ("name", "phrases"),
    [
        ("run_together_sections.txt", ["Related Articles", "Leave a Reply", "Back to top button"]),
        (
            "newspaper_site.txt",
            [
                "Weather",
                "WhatsApp",
                "Advertisement",
                "Read more:",
                "About the author",
                "Council votes",
                "I carried sand",
                "Name *",
            ],
        ),
        ("french.txt", ["Abonnez-vous", "À lire aussi", "Un pont neuf", "Votre adresse e-mail"]),
        ("german_windows_1252_crlf.txt", ["Anmelden", "Bäcker suchen", "Kommentar schreiben"]),
        ("arabic.txt", ["القائمة", "سوق الكتب", "زر الذهاب"]),
        ("chinese.txt", ["登录", "分享到", "河边的桥", "发表评论"]),
    ],
)
def test_what_stands_around_the_article_is_kept_as_furniture(name, phrases):
    record = sample(name)
    for phrase in phrases:
        assert phrase in lines(record, LineKind.FURNITURE)
        assert phrase not in record.body


def test_the_facts_of_a_newspaper_page():
    record = sample("newspaper_site.txt")
    assert record.sections == ("Business",)
    assert record.standfirst == "The furnace went out eleven years ago. A family from the valley has bought it."
    assert record.byline == "By Marta Oyelaran and Tom Brisk"
    assert record.authors == ("Marta Oyelaran", "Tom Brisk")
    assert record.dateline == "VELM"
    assert record.tags == ("glass", "Velm", "industry")
    assert record.date.earliest == record.date.latest == datetime(2017, 6, 13, 18, 45)
    assert record.date.precision is Precision.MINUTE
    assert record.date.evidence == ("June 13, 2017 6:45 pm",)
    metadata = lines(record, LineKind.METADATA)
    for phrase in ("Home » Business »", "Glassworks of Velm to reopen", "eleven years ago", "By Marta", "Tags: glass"):
        assert phrase in metadata


def test_headings_between_full_paragraphs_are_marked():
    assert "<h2>A chimney that draws</h2>\n<p>The chimney was built" in sample("newspaper_site.txt").body


def test_captions_are_marked_and_numbered_among_all_paragraphs():
    record = sample("run_together_sections.txt")
    (image,) = record.images
    assert image.paragraph == 6
    assert image.caption == paragraphs(record)[5]
    assert f"<figure><figcaption>{image.caption}</figcaption></figure>" in record.body.split("\n")


def test_a_caption_over_the_headline_is_a_picture_without_a_paragraph():
    record = read(
        "Home\nSearch\n\nDelivery vans at the works. (Photo: Ilse Barr)\n\nWorks buys forty vans\n\nBy Tom Brisk\n\n"
        "The works have bought forty vans, and nobody has said what for, a driver told this paper.\n\nLeave a Reply\n"
    )
    (image,) = record.images
    assert image.caption == "Delivery vans at the works. (Photo: Ilse Barr)"
    assert image.paragraph is None
    assert "Delivery vans" in lines(record, LineKind.METADATA)


def test_sections_that_run_together_are_split():
    record = sample("run_together_sections.txt")
    assert record.sections == ("Latest news", "Harbour towns", "Others", "World Affairs")


def test_a_single_line_over_the_headline_is_a_section_only_if_the_archive_knows_it():
    page = (
        "Harbour\n\nOtters delay the ferry to the islands\n\nThe ferry did not sail this morning because of otters.\n"
    )
    assert read(page).sections == ()
    assert read(page, known=("Harbour",)).sections == ("Harbour",)


def test_without_a_printed_date_the_text_says_the_earliest_day():
    record = sample("run_together_sections.txt")
    assert record.date.earliest == datetime(2019, 3, 15)
    assert record.date.latest is None
    assert record.date.known is Known.INFERRED
    picture, statement = record.date.evidence
    assert "March 14, 2019" in picture
    assert "on Friday" in statement


@pytest.mark.parametrize(
    ("name", "day", "evidence"),
    [
        ("french.txt", datetime(2017, 6, 13, 18, 45), "Publié le 13 juin 2017 à 18h45 | Mis à jour le 14 juin 2017"),
        ("german_windows_1252_crlf.txt", datetime(2017, 6, 13), "13. Juni 2017"),
        ("spanish_with_mark.txt", datetime(2017, 6, 13), "13 de junio de 2017"),
        ("arabic.txt", datetime(2017, 6, 13), "١٣ يونيو ٢٠١٧"),
        ("chinese.txt", datetime(2017, 6, 13), "2017年6月13日"),
        ("wrapped_1898.txt", datetime(1898, 7, 15), "July 15, 1898"),
    ],
)
def test_printed_dates_in_many_languages(name, day, evidence):
    date = sample(name).date
    assert date.earliest == day
    assert date.known is Known.PRINTED
    assert date.evidence == (evidence,)


def test_a_day_that_may_be_two_days_is_an_interval():
    date = sample("short_note_utf16.txt").date
    assert (date.earliest, date.latest) == (datetime(1936, 11, 12), datetime(1936, 12, 11, 23, 59))
    assert date.precision is Precision.YEAR


def test_a_file_without_a_title_uses_its_first_line():
    record = sample("no_title.txt")
    assert record.title.startswith("The ferry to the outer islands did not sail")
    assert record.title.endswith("…")
    assert len(record.title) <= pagetext.TITLE_LENGTH + 1
    assert len(paragraphs(record)) == 3


def test_a_text_without_furniture_is_all_article():
    notes = "Otters at the ferry\n\n- one nest\n- three young\n- no ferry\n\nSee you on Monday\n\nThe harbour master\n"
    record = read(notes)
    assert record.title == "Otters at the ferry"
    assert paragraphs(record) == [
        "- one nest",
        "- three young",
        "- no ferry",
        "See you on Monday",
        "The harbour master",
    ]


FRAME = "Menu\nHome\nSearch\n\n"
PROSE = [
    "The ferry to the outer islands did not sail this morning, for the first time in nine years, the harbour said.",
    "A family of otters had made its nest in the lifeboat, and nobody would be asked to move it before the young swim.",
    "A second lifeboat will be brought from Aldery before noon, if one can be found that is not in use.",
    "Two passengers took the mail boat, and the others went to look at the otters until the evening came.",
]


def framed(*blocks: str) -> ArticleRecord:
    return read(FRAME + "\n\n".join(["Otters delay the ferry", "By Tom Brisk", *blocks]) + "\n")


def test_a_link_to_the_comments_over_an_article_does_not_end_it():
    record = framed(
        "Leave a comment", "3 comments", *PROSE, "Leave a comment", "I saw the otters and they were lovely to look at."
    )
    assert paragraphs(record) == PROSE


def test_a_list_of_other_pages_inside_an_article_is_left_out():
    links = ["Mail boat gets a new engine", "Lifeboats are getting old", "Harbour wall to be mended"]
    record = framed(PROSE[0], PROSE[1], "Related Articles", *links, PROSE[2], PROSE[3], *PROSE)
    assert not set(links) & set(paragraphs(record))
    assert paragraphs(record)[:4] == PROSE
    assert links[0] in lines(record, LineKind.FURNITURE)


def test_a_list_that_a_colon_announces_belongs_to_the_article():
    rules = ["do not touch the nest", "do not feed the young", "take the mail boat"]
    record = framed(*PROSE, "The harbour asks everybody to keep three rules this month:", *rules, "Share", "Home")
    assert paragraphs(record)[-3:] == rules


def test_an_advertisement_inside_an_article_is_left_out():
    record = framed(PROSE[0], PROSE[1], "Advertisement", PROSE[2], "Read more: The lifeboats", PROSE[3])
    assert paragraphs(record) == PROSE


@pytest.mark.parametrize(
    "box",
    [
        [
            "About the author",
            "Tom Brisk has written about ferries for this paper since he fell off one, in the spring of 1998.",
        ],
        [
            "Tom Brisk",
            "Reporter",
            "The Harbour Post",
            "Tom has written about ferries since he fell off one in the spring.",
        ],
        ["Share this article", "Have you seen an otter? Tell us about it."],
    ],
)
def test_a_box_behind_an_article_is_no_part_of_it(box):
    record = framed(*PROSE, *box)
    assert paragraphs(record) == PROSE


def test_a_sentence_between_headline_and_byline_is_the_standfirst():
    standfirst = "Nobody minded much, and most of them went to see the nest in the lifeboat."
    record = read(FRAME + "\n\n".join(["Otters delay the ferry", standfirst, "By Tom Brisk", "June 13, 2017", *PROSE]))
    assert record.title == "Otters delay the ferry"
    assert record.standfirst == standfirst
    assert paragraphs(record) == PROSE


def test_a_date_line_alone_in_the_body_is_the_date_where_no_other_is_printed():
    record = framed(PROSE[0], PROSE[1], "June 13, 2017", PROSE[2], PROSE[3])
    assert record.date.evidence == ("June 13, 2017",)
    assert paragraphs(record) == PROSE


def test_the_page_s_clock_far_above_the_headline_is_not_the_date():
    record = read(
        "Friday, April 22 2022\n\nMenu\nHome\nSearch\nLocal\nSport\n\n"
        + "\n\n".join(["Otters delay the ferry", *PROSE])
    )
    assert record.title == "Otters delay the ferry"
    assert record.date.known is Known.UNKNOWN


def test_a_date_announced_behind_the_article_counts():
    record = framed(*PROSE, "Posted June 13, 2017.", "Leave a Reply")
    assert record.date.evidence == ("Posted June 13, 2017.",)


def test_the_address_of_the_article_is_read_from_a_line_of_its_own():
    assert framed("https://example.org/otters", *PROSE).canonical_url == "https://example.org/otters"


def test_a_word_is_enough_for_a_file():
    record = read("Otters")
    assert (record.title, record.body) == ("Otters", "")


def test_marks_of_other_languages_stay_text():
    record = read(
        'Otters & <BP>\n\nThe otters of <BP> & <script>alert(1)</script> were not "moved", the harbour said.\n'
    )
    assert record.title == "Otters & <BP>"
    assert "&lt;BP&gt; &amp; &lt;script&gt;alert(1)&lt;/script&gt;" in record.body
    assert "<script" not in record.body


def test_control_characters_are_no_part_of_the_paragraphs_but_of_the_lines():
    page = "Otters\x07 delay the ferry\n\nThe ferry\x1b did\x00 not sail this morning, because of the otters.\x0c\n"
    record = read(page)
    assert record.title == "Otters delay the ferry"
    assert paragraphs(record) == ["The ferry did\ufffd not sail this morning, because of the otters."]
    assert "".join(text for _, text in record.page) == page.replace("\x00", "\ufffd")


def test_spaces_inside_a_paragraph_stay_as_they_came():
    record = read("Otters delay the ferry\n\nThe ferry\u00a0did not sail this morning, because of the otters.\n")
    assert "ferry\u00a0did" in record.body


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(end):
    record = read("Otters delay the ferry\n\nBy Tom Brisk\n\nThe ferry did not sail.\n".replace("\n", end))
    assert (record.title, record.byline) == ("Otters delay the ferry", "By Tom Brisk")
    assert record.received == f"The ferry did not sail.{end}"


LONG = 100_000


@pytest.mark.parametrize(
    "line",
    [
        "a" * LONG,
        "x" + " " * LONG + "y",
        "\u00a0" * LONG + "x",
        "1" * LONG,
        "1 " * (LONG // 2),
        "." * LONG,
        "(" * LONG,
        "“" * LONG,
        "> " * (LONG // 2),
        "By " + "Aa " * (LONG // 3),
        "aB" * (LONG // 2),
        "January 1 " * (LONG // 10),
        "He said so on Tuesday. " * (LONG // 23),
        "Tags: " + "a," * (LONG // 2),
        "中" * LONG,
    ],
    ids=lambda line: line[:12].strip(),
)
def test_a_line_of_100_kilobytes_is_read_in_linear_time(line):
    def page(size: int) -> str:
        head = "Otters delay the ferry\n\nBy Tom Brisk\nJune 5, 2017\n\n"
        return f"{head}{line[:size]}\n\nThe ferry did not sail because of otters.\n"

    assert "".join(text for _, text in read(page(LONG)).page) == page(LONG)
    assert_in_proportion(lambda size: read(page(size)), LONG)


def test_a_page_of_many_lines_takes_time_in_proportion():
    lines = "Otters delay the ferry\nThis is what the harbour master said in the end.\nShare\n"
    assert_in_proportion(lambda count: read("Menu\nHome\n" + lines * count), 4000)


def test_a_file_too_large_for_one_page_is_refused(monkeypatch):
    monkeypatch.setattr(pagetext, "FILE_BYTES", 1000)
    with pytest.raises(UnreadableFile, match="larger than 1,000 bytes"):
        read("The ferry did not sail. " * 50)


def test_a_file_with_too_many_lines_is_refused(monkeypatch):
    monkeypatch.setattr(pagetext, "FILE_LINES", 100)
    with pytest.raises(UnreadableFile, match="more than 100 lines"):
        read("The ferry did not sail.\n" * 101)


@pytest.mark.parametrize("content", ["\n\n \u200b\n", "\x01\x02\n"])
def test_a_file_without_words_is_refused(content):
    with pytest.raises(UnreadableFile, match="no words"):
        read(content)
