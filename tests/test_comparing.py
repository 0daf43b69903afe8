"""The page of a story's printings, and how one text differs from another."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.utils.safestring import mark_safe
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import comparing, printings
from articles.differences import CHANGED, GAP, IN, MOST_WORDS, OUT, Passage, differences
from articles.models import Article
from articles.records import Known, Status
from articles.search import Hit
from articles.wording.printings import differences_words, printed_words

from .growth import assert_in_proportion
from .makers import make_article
from .reading import macro, page_at

OPENING = "The bridge was opened on Saturday by the Mayor in fine weather before a crowd of nine thousand."
BELL = "The keeper rang the bell."
PENNY = "It cost a penny to cross and nobody minded."
BAND = "The band played until dark on the Osterby side, and went home by the bridge."
TEXT = "\n\n".join([OPENING, BELL, PENNY, BAND])


def kinds(before: str, after: str) -> list[str]:
    return [passage.kind for passage in differences(before, after).passages]


def marked(passage: Passage) -> str:
    """A passage with what was taken out in brackets and what was put in in braces."""
    marks = {OUT: "[{}]", IN: "{{{}}}", GAP: "..."}
    return "".join(marks.get(piece.kind, "{}").format(piece.text) for piece in passage.pieces)


# Two texts


def test_equal_texts_do_not_differ():
    assert differences(TEXT, TEXT).passages == ()
    assert differences("", "").passages == ()
    assert differences_words(differences(TEXT, TEXT)) == "The same words"


def test_a_paragraph_that_is_left_out_is_dropped_and_nothing_else_is_shown():
    told = differences(TEXT, "\n\n".join([OPENING, BAND]))
    assert [marked(passage) for passage in told.passages] == [f"[{BELL}]", f"[{PENNY}]"]
    assert (told.dropped, told.added, told.changed) == (2, 0, 0)
    assert differences_words(told) == "Drops 2 paragraphs"


def test_a_changed_paragraph_is_shown_word_by_word():
    told = differences(TEXT, TEXT.replace("a penny", "twopence").replace("rang the", "rang his old"))
    assert [marked(passage) for passage in told.passages] == [
        "The keeper rang [the] {his old} bell.",
        "It cost [a penny] {twopence} to cross and nobody minded.",
    ]
    assert differences_words(told) == "Changes 2 paragraphs"


def test_all_that_a_printing_did_is_said_in_one_line():
    after = "\n\n".join([OPENING, PENNY.replace("a penny", "twopence"), BAND, "A dog swam over."])
    assert differences_words(differences(TEXT, after)) == "Drops 1 paragraph, changes 1, adds 1"


def test_single_words_between_two_changes_are_shown_as_changed_with_them():
    (passage,) = differences(OPENING, OPENING.replace("Mayor in fine weather", "Lady Mayor in rain")).passages
    assert " [Mayor in fine weather] {Lady Mayor in rain}" in marked(passage)


def test_words_taken_out_or_put_in_at_the_beginning_do_not_stick_to_the_next():
    one, other = "On 13 June the band played.", "13 June the band played."
    assert [marked(passage) for passage in differences(one, other).passages] == ["[On] 13 June the band played."]
    assert [marked(passage) for passage in differences(other, one).passages] == ["{On} 13 June the band played."]


def test_of_a_long_paragraph_only_the_words_around_a_change_are_shown():
    words = [f"word{number}" for number in range(200)]
    other = [*words[:100], "else", *words[101:]]
    (passage,) = differences(" ".join(words), " ".join(other)).passages
    assert marked(passage) == (
        "... " + " ".join(words[88:100]) + " [word100] {else} " + " ".join(words[101:113]) + "..."
    )


def test_paragraphs_broken_otherwise_do_not_differ():
    assert kinds(TEXT, TEXT.replace("\n\n", " ")) == []
    assert kinds(TEXT.replace("\n\n", " "), TEXT.replace(BELL, "The keeper rang the gong.")) == [CHANGED]


def test_scripts_without_spaces_are_compared_by_characters():
    (passage,) = differences(
        "上月三號是舊曆正月十五，下碼頭有了花燈。", "上月四號是舊曆正月十五，下碼頭有了花燈。"
    ).passages
    assert marked(passage).startswith("上月[三]{四}號是舊曆")


def test_of_very_long_texts_the_beginnings_are_compared_and_it_is_said():
    long = " ".join(f"word{number}" for number in range(MOST_WORDS + 50))
    assert differences(long, long).cut
    assert differences("a\n\n" * 1000, "a\n\n" * 1000).cut
    assert not differences(TEXT, TEXT).cut


def test_a_long_new_paragraph_is_shown_in_part():
    (passage,) = differences("", "word " * 500).passages
    assert (passage.kind, passage.pieces[-1].kind) == (IN, GAP)


def test_the_work_is_bounded_whatever_the_texts_are():
    def act(size: int) -> None:
        differences("a b " * size + "\n\n" + "c\n\n" * size, "b a a " * size + "\n\n" + "d\n\n" * size)

    assert_in_proportion(act, 40 * MOST_WORDS)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ab .\n水", max_size=60), st.text(alphabet="ab .\n水", max_size=60))
def test_what_is_shown_as_taken_out_was_there_and_what_is_shown_as_put_in_is_there(one: str, other: str):
    def even(text: str) -> str:
        return "".join(text.split())

    for passage in differences(one, other).passages:
        for piece in passage.pieces:
            assert piece.kind != OUT or even(piece.text) in even(one)
            assert piece.kind != IN or even(piece.text) in even(other)


# The page

pytestmark = pytest.mark.django_db


def printed(title: str, text: str, **values) -> Article:
    article = make_article(title, text=text, **values)
    printings.note([article])
    return article


def page_of(client: Client, article: Article) -> str:
    response = client.get(f"/article/{article.pk}/printings/")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


LONG = "\n\n".join([TEXT, *(f"{number} of the guests came by water, and {number} on foot." for number in range(20))])


def test_the_page_lists_the_printings_in_the_order_of_their_dates_with_what_each_changed(client: Client):
    printed("The Bridge Opened", LONG, date="1926-06-14", source="The Mercury")
    printed("A Bridge at Last", LONG.replace(BELL + "\n\n", ""), date="1926-06-15", source="The Star")
    last = printed("Our Bridge", LONG.replace("penny", "groat"), source="The Lantern")
    shown = page_of(client, last)
    assert "Printed 3 times, first in \u2068The Mercury\u2069 on 14 June 1926." in shown
    places = [shown.index(f">{title}</a></h2>") for title in ("The Bridge Opened", "A Bridge at Last", "Our Bridge")]
    assert places == sorted(places)
    assert "Drops 1 paragraph" in shown
    assert f"<del>{BELL}</del>" in shown
    assert "<del>penny</del> <ins>groat</ins>" in shown
    assert "date not known" in shown


def test_the_page_and_the_lines_say_nothing_of_withheld_printings(client: Client):
    hidden = printed("Hidden headline", LONG, date="1920", source="Hidden paper", status=Status.WITHHELD)
    printed("First", LONG, date="1926-06-14", source="The Mercury")
    second = printed("Second", LONG, date="1926-06-15")
    assert client.get(f"/article/{hidden.pk}/printings/").status_code == 404
    for shown in (page_of(client, second), client.get(second.get_absolute_url()).content.decode()):
        assert "Hidden" not in shown
        assert "3 times" not in shown
        assert "2 times" in shown


def test_an_article_that_was_printed_once_has_a_page_that_says_so(client: Client):
    assert "No other printing of this text is held here." in page_of(client, printed("Alone", LONG))


def test_texts_and_names_are_escaped(client: Client):
    printed("<b>One</b>", LONG, source="<i>Paper</i>", date="1926")
    second = printed("Two", LONG.replace("bell", "<script>bell</script>"), source="<i>Other</i>", date="1927")
    shown = client.get(f"/article/{second.pk}/printings/").content.decode()
    assert "&lt;script&gt;bell&lt;/script&gt;" in shown
    assert "<script>bell" not in shown
    assert "<b>One" not in shown
    assert "<i>" not in shown


def test_the_page_of_an_article_tells_where_else_it_was_printed(client: Client):
    first = printed("First", LONG, date="1926-06-14", source="The Mercury")
    second = printed("Second", LONG, date="1926-06")
    alone = printed("Alone", "Another text. " * 20)
    shown = client.get(second.get_absolute_url()).content.decode()
    assert f'href="/article/{second.pk}/printings/">2 times' in shown
    assert "2 times, first here" in client.get(first.get_absolute_url()).content.decode()
    assert "/printings/" not in client.get(alone.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("date", "source", "values", "words"),
    [
        ("1923-06-13", "A", {}, "Printed 2 times, first in \u2068A\u2069 on 13 June 1923"),
        ("1923-06", "A", {}, "Printed 2 times, first in \u2068A\u2069, June 1923"),
        ("1923-06-13", "", {}, "Printed 2 times, first on 13 June 1923"),
        ("1923", "", {}, "Printed 2 times, first: 1923"),
        ("", "A", {}, "Printed 2 times"),
    ],
)
def test_the_first_printing_is_told_as_far_as_it_is_known(date: str, source: str, values: dict, words: str):
    article = printed("First", LONG, date=date, source=source, **values)
    printed("Second", LONG)
    article.refresh_from_db()
    (summary,) = printings.summary([article]).values()
    assert printed_words(summary) == words


def test_a_date_that_was_inferred_is_told_as_that():
    article = printed("First", LONG, date="1923-06-13")
    Article.objects.filter(pk=article.pk).update(known=Known.INFERRED)
    second = printed("Second", LONG)
    assert printed_words(printings.summary([second])[article.pk]) == "Printed 2 times, first: 13 June 1923 (inferred)"


def test_a_result_leads_to_its_other_printings_if_there_are_any():
    first, other = printed("First", LONG, source="A", date="1923-06-13"), make_article("Other")
    printed("Second", LONG)
    first.refresh_from_db()
    told = printings.summary([first, other])
    shown, alone = (macro("articles/_hits.html", "hits")([found(article)], told) for article in (first, other))
    link = f'<a href="/article/{first.pk}/printings/">Printed 2 times, first in \u2068A\u2069 on 13 June 1923</a>'
    assert link in shown
    assert "rinted" not in alone


def found(article: Article) -> Hit:
    return Hit(article, mark_safe(article.title), mark_safe(""), 1.0, article.get_absolute_url(), "")


def test_a_page_compares_no_more_than_it_has_time_for(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(comparing, "MOST_COMPARED", 2 * len(LONG))
    for number in range(3):
        last = printed(f"Number {number}", LONG, date=f"192{number}")
    assert page_of(client, last).count("Not compared here") == 1


def test_more_printings_than_a_page_lists_are_counted(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(printings, "MOST_LISTED", 2)
    for number in range(3):
        last = printed(f"Number {number}", LONG, date=f"192{number}")
    shown = page_of(client, last)
    assert "Printed 3 times" in shown
    assert "The first 2 are listed." in shown


def test_an_article_called_printings_keeps_its_own_address(client: Client):
    article = make_article("Printings")
    assert '<h1 dir="auto">Printings</h1>' in page_at(article.get_absolute_url(), client)
    assert "printings" not in article.get_absolute_url()


def test_more_like_this_is_about_other_stories(client: Client, monkeypatch: pytest.MonkeyPatch):
    articles = [make_article(f"Printing {number}", text=LONG) for number in range(3)]
    printings.note(articles)
    others = [make_article(f"Other {number}") for number in range(7)]
    monkeypatch.setattr(
        "articles.search.nearby_and_similar", lambda shown, days, near, alike: ([], [*articles, *others][:alike])
    )
    related = page_at(articles[2].get_absolute_url(), client).partition('<ul class="related">')[2]
    assert re.findall(r'dir="auto">(Printing \d|Other \d)</a>', related) == [other.title for other in others[:5]]
