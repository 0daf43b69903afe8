"""The printings of one story: found when they are stored, kept right by every change, and shown to readers."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import editing, jobs, printings, sketches
from articles.models import Article, ImportInput, ImportJob, IndexBacklog, Sketch, SketchKey
from articles.records import ArticleRecord, Dating, Known, Precision, Status

from .makers import make_article, stored
from .turns import Turns

WORDS = (
    "river bridge flood keeper toll harbour barge market council mayor storm bell winter summer letter paper farm road "
    "school teacher doctor train signal boat net fish quarry stone mill bread lamp window garden orchard fence horse"
).split()


def prose(seed: int, words: int = 200) -> str:
    """So many words in paragraphs of forty; another text for each seed."""
    chance = random.Random(seed)
    said = [chance.choice(WORDS) for _ in range(words)]
    return "\n\n".join(" ".join(said[start : start + 40]) for start in range(0, words, 40))


def without_paragraph(text: str, number: int) -> str:
    paragraphs = text.split("\n\n")
    return "\n\n".join(paragraphs[:number] + paragraphs[number + 1 :])


def with_words(text: str, *places: int) -> str:
    """The text with a word nobody else has at each of these places."""
    words = text.split(" ")
    for place in places:
        words[place] = f"misprint{place}"
    return " ".join(words)


def noted(text: str, title: str = "", **values) -> Article:
    article = make_article(title, text=text, **values)
    printings.note([article])
    return article


def stories() -> dict[int, int | None]:
    return dict(Article.objects.values_list("pk", "story"))


# Stories

pytestmark = pytest.mark.django_db


def test_two_papers_that_print_one_text_print_one_story():
    first = noted(prose(1), "Bridge opens", source="The Mercury")
    second = noted(without_paragraph(prose(1), 4), "A bridge at last", source="The Star")
    third = noted(prose(2), source="The Star")
    assert stories() == {first.pk: first.pk, second.pk: first.pk, third.pk: None}
    assert (second.story, third.story) == (first.pk, None)


def test_printings_in_one_batch_find_each_other():
    articles = [make_article(text=with_words(prose(1), 10 * number)) for number in range(3)]
    printings.note(articles)
    assert set(stories().values()) == {articles[0].pk}


def test_a_text_that_is_like_two_others_joins_their_stories():
    whole = prose(1, 600)
    paragraphs = whole.split("\n\n")
    first = noted("\n\n".join(paragraphs[5:]))
    second = noted("\n\n".join(paragraphs[:10]))
    third = noted("\n\n".join(paragraphs[:10]))
    assert stories() == {first.pk: None, second.pk: second.pk, third.pk: second.pk}
    fourth = noted(whole)
    assert stories() == dict.fromkeys((first.pk, second.pk, third.pk, fourth.pk), first.pk)


def test_an_edited_text_leaves_its_story_and_a_story_of_one_is_none():
    first, second = noted(prose(1)), noted(prose(1))
    second.body_text = prose(2)
    editing.save(second)
    assert stories() == {first.pk: None, second.pk: None}


def test_when_the_first_leaves_the_others_stay_together_under_another_number():
    first, second, third = noted(prose(1)), noted(prose(1)), noted(prose(1))
    first.body_text = prose(2)
    editing.save(first)
    assert stories() == {first.pk: None, second.pk: second.pk, third.pk: second.pk}
    other = noted(prose(2))
    assert stories() == {first.pk: first.pk, second.pk: second.pk, third.pk: second.pk, other.pk: first.pk}


def test_many_that_stay_together_are_given_another_number(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(printings, "MANY", 3)
    articles = [make_article(text=prose(1)) for _ in range(6)]
    printings.note(articles)
    articles[0].body_text = prose(2)
    editing.save(articles[0])
    assert list(stories().values()) == [None] + [articles[1].pk] * 5


def test_two_articles_that_change_places_change_stories():
    one, other = [noted(prose(1)) for _ in range(3)], [noted(prose(2)) for _ in range(3)]
    one[0].body_text, other[0].body_text = prose(2), prose(1)
    Article.objects.bulk_update([one[0], other[0]], ["body_text"])
    printings.note([one[0], other[0]])
    assert {stories()[article.pk] for article in (one[0], *other[1:])} == {one[0].pk}
    assert {stories()[article.pk] for article in (other[0], *one[1:])} == {one[1].pk}


def test_an_edit_that_leaves_the_text_nearly_as_it_was_changes_no_other_article():
    first, second = noted(prose(1)), noted(prose(1))
    IndexBacklog.objects.all().delete()
    second.body_text = with_words(prose(1), 50)
    editing.save(second)
    assert stories() == {first.pk: first.pk, second.pk: first.pk}
    assert set(IndexBacklog.objects.values_list("article_id", flat=True)) == {second.pk}


def test_saving_an_article_as_it_was_read_before_does_not_undo_its_story():
    first = noted(prose(1))
    second = noted(prose(1))
    assert first.story is None
    first.title = "Another headline"
    editing.save(first)
    assert stories() == {first.pk: first.pk, second.pk: first.pk}


def test_noting_what_has_not_changed_writes_nothing():
    articles = [noted(prose(1)), noted(prose(1)), noted("Too short.")]
    IndexBacklog.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        printings.note(Article.objects.filter(pk__in=[article.pk for article in articles]))
    assert not [query for query in queries.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not IndexBacklog.objects.exists()


def test_of_two_printings_one_is_deleted_and_the_other_has_no_story_any_more():
    first, second, third = noted(prose(1)), noted(prose(1)), noted(prose(1))
    first.delete()
    assert stories() == {second.pk: second.story, third.pk: second.story}
    IndexBacklog.objects.all().delete()
    Article.objects.filter(pk=second.pk).delete()
    assert stories() == {third.pk: None}
    assert IndexBacklog.objects.filter(article_id=third.pk, withdrawn=False).exists()
    assert set(SketchKey.objects.values_list("article_id", flat=True)) == {third.pk}


def test_all_printings_of_a_story_can_be_deleted_at_once():
    noted(prose(1))
    noted(prose(1))
    Article.objects.all().delete()
    assert not Sketch.objects.exists()


def test_a_printing_of_a_story_whose_first_is_gone_joins_it():
    first, second, third = noted(prose(1)), noted(prose(1)), noted(prose(1))
    number = first.pk
    first.delete()
    fourth = noted(prose(1))
    assert stories() == {second.pk: number, third.pk: number, fourth.pk: number}


@pytest.mark.parametrize("seed", range(4))
def test_after_any_run_of_changes_each_story_has_two_printings_and_equal_texts_are_one_story(seed: int):
    chance = random.Random(seed)
    for _ in range(40):
        held = list(Article.objects.order_by("?")[: chance.choice([1, 1, 3])])
        act = chance.choice(["make", "make", "edit", "edit", "delete"])
        if act == "make" or not held:
            printings.note([make_article(text=prose(chance.randrange(4))) for _ in range(chance.choice([1, 2]))])
        elif act == "edit":
            for article in held:
                article.body_text = prose(chance.randrange(4))
            Article.objects.bulk_update(held, ["body_text"])
            printings.note(held)
        else:
            held[0].delete()
        by_text: dict[str, set[int | None]] = {}
        for text, story in Article.objects.values_list("body_text", "story"):
            by_text.setdefault(text, set()).add(story)
        told = [story for found in by_text.values() for story in found if story is not None]
        assert all(len(found) == 1 for found in by_text.values())
        assert len(told) == len(set(told))
        texts = list(Article.objects.values_list("body_text", flat=True))
        assert all(texts.count(text) > 1 for text, found in by_text.items() if found != {None})
        assert all(texts.count(text) == 1 for text, found in by_text.items() if found == {None})


def test_a_text_that_many_share_is_compared_with_some_of_them_only():
    printings.note([make_article(text=prose(1)) for _ in range(40)])
    assert len(set(stories().values())) == 1
    assert SketchKey.objects.count() == printings.MOST_OF_A_KEY * sketches.KEPT
    later = noted(with_words(prose(1), 20))
    assert later.story == min(stories())


def test_the_queries_of_a_batch_do_not_grow_with_it():
    def queries(size: int, seed: int) -> int:
        articles = [make_article(text=prose(seed + number // 2)) for number in range(size)]
        with CaptureQueriesContext(connection) as captured:
            printings.note(articles)
        return len(captured)

    few, many = queries(4, 100), queries(40, 200)
    assert many <= few + 3


# Where it is called


def imported(*records: ArticleRecord) -> None:
    entry = ImportInput.objects.create(job=ImportJob.objects.create(label="Test"), position=0, name="test.jsonl")
    stored(records, entry)


def test_an_import_finds_printings_among_what_it_brings_and_what_is_here():
    imported(ArticleRecord(title="Bridge opens", source="A", body=prose(1), date=Dating.parse("1926-06-12")))
    imported(
        ArticleRecord(title="Bridge opens", source="B", body=prose(1)),
        ArticleRecord(title="Bridge opens at last", source="C", body=without_paragraph(prose(1), 1)),
        ArticleRecord(title="A note", source="C", body="The office is shut on Monday."),
    )
    assert sorted(stories().values(), key=bool) == [None, *[Article.objects.earliest("pk").pk] * 3]
    assert Sketch.objects.count() == 4


def test_an_import_that_brings_another_text_of_an_article_moves_it():
    address = "https://gazette.example/bridge"
    imported(ArticleRecord(title="One", body=prose(1)), ArticleRecord(title="Two", body=prose(2)))
    imported(ArticleRecord(title="Three", canonical_url=address, body=prose(1)))
    imported(ArticleRecord(title="Three", canonical_url=address, body=prose(2)))
    told = {article.title: article.story for article in Article.objects.all()}
    assert told["One"] is None
    assert told["Two"] == told["Three"] == Article.objects.get(title="Two").pk


def test_text_that_is_cleaned_anew_is_sketched_anew():
    first = noted("<p>" + prose(1), body_type="text/html")
    second = noted(prose(1))
    Article.objects.filter(pk=first.pk).update(body_text="Before.", body_html="Before.")
    printings.note(Article.objects.filter(pk=first.pk))
    assert set(stories().values()) == {None}
    assert list(editing.clean_again(Article.objects.filter(pk=first.pk))) == [(1, 1)]
    assert stories() == {first.pk: first.pk, second.pk: first.pk}


def test_articles_that_were_here_before_are_looked_at_some_at_a_time():
    articles = [make_article(text=prose(number % 2)) for number in range(6)] + [make_article(text="Short.")]
    after, steps = 0, []
    while (last := printings.catch_up(after, most=3)) is not None:
        steps.append(last)
        after = last
    assert steps == [articles[2].pk, articles[5].pk, articles[6].pk]
    assert all(one < other for one, other in pairwise(steps))
    assert [stories()[article.pk] for article in articles] == [articles[0].pk, articles[1].pk] * 3 + [None]
    assert printings.catch_up() is None


@pytest.mark.django_db(transaction=True)
def test_the_work_behind_the_pages_finds_the_printings_of_an_old_archive():
    first, second = make_article(text=prose(1)), make_article(text=prose(1))
    jobs.keep_up(Turns())
    assert stories() == {first.pk: first.pk, second.pk: first.pk}


# What readers are told


def test_printings_come_oldest_first_and_undated_last():
    texts = {"1923-06-15": "B", "": "E", "1923-06": "C", "1923-06-13": "A", "1923": "D"}
    articles = {name: noted(prose(1), name, date=date) for date, name in texts.items()}
    open_end = Dating(earliest=dt.datetime(1923, 6, 1), precision=Precision.DAY, known=Known.INFERRED, evidence=("x",))
    noted(prose(1), "not before", date=open_end)
    told = [article.title for article in printings.printings_of(articles["E"])]
    assert told == ["A", "B", "C", "D", "not before", "E"]
    told = printings.summary_of(articles["E"])
    assert told
    assert told.first.title == "A"


def test_a_withheld_printing_is_neither_listed_nor_counted_nor_first():
    noted(prose(1), "Withheld", date="1920", source="The Star", status=Status.WITHHELD)
    first = noted(prose(1), "First", date="1923", source="The Mercury")
    second = noted(prose(1), "Second", date="1924")
    assert [article.title for article in printings.printings_of(second)] == ["First", "Second"]
    (told,) = printings.summary([first, second]).values()
    assert (told.count, told.first.title, told.first.source.name) == (2, "First", "The Mercury")
    Article.objects.filter(pk=first.pk).update(status=Status.DRAFT)
    assert printings.printings_of(second) == []
    assert printings.summary([second]) == {}


def test_a_page_of_results_is_summed_up_in_one_query():
    articles = [noted(prose(number // 2), date=f"19{10 + number}") for number in range(8)] + [noted(prose(9))]
    with CaptureQueriesContext(connection) as queries:
        told = printings.summary(articles)
        assert [summary.first.source for summary in told.values()] == [None] * 4
    assert len(queries) == 1
    assert {(summary.story, summary.count, summary.first.pk) for summary in told.values()} == {
        (articles[number].pk, 2, articles[number].pk) for number in range(0, 8, 2)
    }


def test_no_more_printings_are_read_than_a_page_can_show():
    printings.note([make_article(text=prose(1)) for _ in range(printings.MOST_LISTED + 5)])
    article = Article.objects.latest("pk")
    assert len(printings.printings_of(article)) == printings.MOST_LISTED
    assert next(iter(printings.summary([article]).values())).count == printings.MOST_LISTED + 5
