"""Foreign HTML becomes safe, stays readable, and comes out the same when it is cleaned again."""

from __future__ import annotations

import logging
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import cleaning
from articles.cleaning import Picture, clean, text_of

HTML = "text/html"
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="javascript:123">x</a>',
    '<a href=" java\nscript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="//evil.example/x">x</a>',
    "<iframe src=https://evil.example></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<form action=https://evil.example><input name=q><button>Go</button></form>",
    '<p style="background:url(javascript:alert(1))" onclick="alert(1)">x</p>',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<base href=https://evil.example/><meta http-equiv=refresh content=0><link rel=stylesheet href=//evil.example>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<details open ontoggle=alert(1)>x</details>",
]


class Everything(HTMLParser):
    """The tags, attributes and addresses that a browser would meet."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.addresses += [value or "" for name, value in attrs if name == "href"]


def assert_harmless(body: str) -> None:
    seen = Everything(body)
    assert seen.tags <= cleaning.TAGS
    allowed = {"rel"}.union(*cleaning.ATTRIBUTES.values())
    assert seen.attributes <= allowed
    assert all(address.startswith(("http://", "https://", "mailto:")) for address in seen.addresses)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_leaves_no_foreign_tag_attribute_or_scheme(payload: str):
    cleaned = clean(f"<p>Before</p>{payload}<p>After</p>", HTML)
    assert_harmless(cleaned.html)
    assert cleaned.text.startswith("Before")
    assert cleaned.text.endswith("After")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_plain_text_is_kept_as_text(payload: str):
    cleaned = clean(payload, "text/plain")
    assert Everything(cleaned.html).tags <= {"p"}
    assert " ".join(cleaned.text.split()) == " ".join(payload.split())


MARKUP = [*"<>/='\"& abx!-;#\n", "script", "img", "svg", "href=", "</p>", "<p>", "<b>", "<table>", "<figure>", "<!--"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MARKUP)).map("".join))
def test_cleaning_twice_changes_nothing(body: str):
    once = clean(body, HTML)
    twice = clean(once.html, HTML)
    assert_harmless(once.html)
    assert twice.html == once.html
    assert twice.text == once.text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(MARKUP)).map("".join))
def test_the_text_of_a_body_is_the_same_without_its_html(body: str):
    for media_type in (HTML, "text/plain"):
        assert text_of(body, media_type) == clean(body, media_type).text


@pytest.mark.parametrize("payload", [*PAYLOADS, "<div>" * 400 + "x<p>y", "<script>x</script>" + "<br>z" * 50_000])
def test_the_text_of_a_payload_is_the_same_without_its_html(payload: str):
    assert text_of(payload, HTML) == clean(payload, HTML).text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_cleaning_a_payload_twice_changes_nothing(payload: str):
    once = clean(payload, HTML)
    assert clean(once.html, HTML) == cleaning.Cleaned(once.html, once.text, clean(once.html, HTML).pictures)


def test_scripts_and_styles_go_with_their_content():
    cleaned = clean("<p>One</p><script>var a = 'two'</script><style>p { color: red }</style><p>Three</p>", HTML)
    assert cleaned.text == "One\n\nThree"


def test_what_a_newspaper_needs_stays():
    body = "<h2>A</h2><blockquote><p>B</p></blockquote><ul><li><em>C</em></li></ul><table><tr><td>1</td></tr></table>"
    assert Everything(clean(body, HTML).html).tags == {
        "h2", "blockquote", "p", "ul", "li", "em", "table", "tbody", "tr", "td",
    }  # fmt: skip


def test_headings_stand_below_the_headline():
    assert Everything(clean("<h1>A</h1><h5>B</h5>", HTML).html).tags == {"h2", "h4"}


def test_every_block_takes_its_own_direction():
    cleaned = clean("<p>English</p><p>النهر</p>", HTML)
    assert cleaned.html.count('<p dir="auto">') == 2


@pytest.mark.parametrize(
    "tag", ["section", "article", "main", "header", "aside", "address", "center", "form", "details"]
)
def test_blocks_that_are_not_on_the_list_still_part_their_words(tag: str):
    cleaned = clean(f"<{tag}>one</{tag}><{tag}>two</{tag}>", HTML)
    assert cleaned.text == "one\n\ntwo"
    assert Everything(cleaned.html).tags == {"div"}


@pytest.mark.parametrize(
    "item", ["<p>word <a href='https://a.example/'>link</a>\n", "<ul><li>one<li>two</ul>", "<td>x"]
)
def test_html_whose_end_tags_are_left_out_keeps_its_markup(item: str):
    assert clean(item * 300, HTML).note == ""


@pytest.mark.parametrize("body", ["</i>" * 400 + "<div>" * 400 + "x", "<div></i>" * 400 + "x"])
def test_ends_without_beginnings_do_not_hide_how_deep_a_body_is(body: str):
    assert "deep" in clean(body, HTML).note


def test_plain_text_of_a_body_that_is_too_much_has_no_scripts_and_keeps_its_lines_together():
    body = "<p>a <b>b</b>c</p><script>var secret</script><style>p {}</style>" + "<p>word</p>" * 30_000
    cleaned = clean(body, HTML)
    assert cleaned.note
    assert cleaned.text.startswith("a bc\n\nword")
    assert "secret" not in cleaned.text


def test_links_lead_out_without_a_trace_and_relative_ones_lead_nowhere():
    cleaned = clean('<p><a href="https://a.example/?b=1&amp;c=2">out</a> <a href="/admin/">in</a></p>', HTML)
    assert 'href="https://a.example/?b=1&amp;c=2" rel="noopener noreferrer nofollow"' in cleaned.html
    assert "/admin/" not in cleaned.html


def test_a_picture_is_taken_out_and_remembered_with_its_caption_and_paragraph():
    body = (
        '<p>One</p><figure><img src="https://a.example/quay.jpg" alt="Quay"><figcaption>The quay</figcaption></figure>'
    )
    cleaned = clean(body, HTML)
    assert cleaned.pictures == (Picture("https://a.example/quay.jpg", "Quay", "The quay", 2),)
    assert "img" not in cleaned.html
    assert cleaned.text == "One\n\nThe quay"


def test_a_caption_whose_picture_is_gone_is_still_a_caption():
    cleaned = clean("<figure><figcaption>The quay</figcaption></figure>", HTML)
    assert cleaned.pictures == (Picture(caption="The quay", paragraph=1),)


def test_paragraphs_part_at_blocks_and_at_double_breaks():
    cleaned = clean("Bare text<div>One</div>Two<br>lines<br><br>Three", HTML)
    assert cleaned.text.split("\n\n") == ["Bare text", "One", "Two lines", "Three"]


def test_marks_in_plain_text_that_look_like_tags_survive():
    assert clean("Shares of <BP> rose & fell.", "text/plain").text == "Shares of <BP> rose & fell."


def test_plain_text_parts_at_blank_lines_and_long_lines_are_paragraphs():
    assert clean("One\nline\n \nTwo", "text/plain").text == "One line\n\nTwo"
    long_line = "word " * 60
    assert clean(f"{long_line}\n{long_line}", "text/plain").text.count("\n\n") == 1


def test_control_characters_and_foreign_line_ends_are_evened_out():
    assert clean("One\x00\x08\r\n\r\nTwo\r\rThree", "text/plain").text == "One\n\nTwo\n\nThree"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<div>" * 1000, "deep"),
        (f"<p {'a=1 ' * 1000}>x</p>", "attributes"),
        ("&amp;" * 50_000, "entities"),
        ("<" * 50_000, "tags"),
        ("a" * 1_100_000, "longer"),
    ],
)
def test_a_body_that_would_choke_a_parser_is_kept_as_plain_text_and_says_so(body: str, reason: str):
    cleaned = clean(f"{body}<script>alert(1)</script> end", HTML)
    assert "alert" not in cleaned.text
    assert reason in cleaned.note
    assert cleaned.text.endswith("end")
    assert Everything(cleaned.html).tags <= {"p"}


def test_a_hole_in_bleach_is_closed_by_nh3_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(cleaning, "_allowed", lambda body: f"{body}<img src=x onerror=alert(1)>")
    with caplog.at_level(logging.WARNING):
        assert_harmless(clean("<p>x</p>", HTML).html)
    assert "nh3 changed what bleach had allowed" in caplog.text
