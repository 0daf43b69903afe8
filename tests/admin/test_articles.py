"""Articles in the admin: edited, previewed, listed, and changed many at once."""

from __future__ import annotations

import datetime as dt
import random
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import jobs
from articles.admin import articles as desk
from articles.models import Article, Image, ImportJob, JobState, Section, Source, Tag
from articles.records import Dating, Known, Precision, Status

from ..makers import file_under, make_article, make_source

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
ADD = "/admin/articles/article/add/"
PAYLOAD = '"><img src=x onerror=alert(1)><script>alert(1)</script>'


def change_of(article: Article) -> str:
    return f"{LIST}{article.pk}/change/"


def held_in(client: Client, address: str) -> dict[str, str]:
    """What a browser would send back of the form there, nothing being changed."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    values = {field.html_name: field.value() for form in forms for field in form}
    return {name: sent(value) for name, value in values.items() if value is not None}


def sent(value: object) -> object:
    return re.sub(r"\r\n?|\n", "\r\n", value) if isinstance(value, str) else value


def save(client: Client, article: Article, **changes: object) -> Article:
    answer = client.post(change_of(article), {**held_in(client, change_of(article)), **changes})
    assert answer.status_code == 302, errors_of(answer)
    return Article.objects.get(pk=article.pk)


def errors_of(answer) -> str:
    return " ".join(str(error) for error in answer.context["errors"])


def refusal(client: Client, article: Article, **changes: object) -> str:
    before = Article.objects.filter(pk=article.pk).values().get()
    answer = client.post(change_of(article), {**held_in(client, change_of(article)), **changes})
    assert answer.status_code == 200
    assert Article.objects.filter(pk=article.pk).values().get() == before
    return errors_of(answer)


@pytest.fixture
def flood() -> Article:
    return make_article(
        "The river rose",
        text="It rose at noon.\n\nIt fell at night.",
        date="1923-05-30",
        source="The Gazette",
        sections=("World", "Local"),
        tags=("Flood", "River, upper"),
        authors=("Ann Day",),
    )


# The form


def test_saving_without_a_change_changes_nothing(editor, flood):
    before = Article.objects.filter(pk=flood.pk).values().get()
    save(editor, flood)
    assert Article.objects.filter(pk=flood.pk).values().get() == before


def test_a_change_is_dated_and_shown_to_readers_at_once(editor, flood):
    article = save(editor, flood, title="The river rose again", standfirst="Twice\nin a year.")
    assert article.title == "The river rose again"
    assert article.standfirst == "Twice\nin a year."
    assert article.edited_at == article.modified_at > flood.modified_at
    assert "The river rose again" in editor.get(article.get_absolute_url()).content.decode()
    assert LogEntry.objects.get().object_id == str(article.pk)


def test_a_new_body_is_cleaned_and_the_first_one_is_kept_as_it_came(editor, flood):
    first = save(editor, flood, body="<p>It rose <b>high</b>.<script>alert(1)</script></p>", body_type="text/html")
    assert first.received == "It rose at noon.\n\nIt fell at night."
    assert first.body_text == "It rose high."
    assert "<script" not in first.body_html
    second = save(editor, first, body="It never rose.", body_type="text/plain")
    assert second.received == first.received
    assert second.body_text == "It never rose."
    assert second.body == "It never rose."


def test_a_body_with_the_line_ends_of_another_system_does_not_count_as_changed(editor):
    article = make_article(text="One.\r\n\r\nTwo.\rThree.")
    article = save(editor, article, title="Another title")
    assert article.body == "One.\r\n\r\nTwo.\rThree."
    assert article.received == ""


def test_names_are_one_a_line_in_their_order_with_commas_and_without_doubles(editor, flood):
    save(
        editor,
        flood,
        tag_names="River, upper\r\n  New   tag \r\n\r\nnew TAG",
        section_names="",
        author_names="B. Night",
    )
    assert [link.tag.name for link in flood.tag_links.all()] == ["River, upper", "New tag"]
    assert [link.author.name for link in flood.author_links.all()] == ["B. Night"]
    assert not flood.section_links.exists()
    assert Tag.objects.get(name="Flood").published_count == 0


def test_a_source_is_chosen_by_its_name_or_made_or_taken_away(editor, flood):
    other = make_source("The Star")
    assert save(editor, flood, source_name="the  STAR").source == other
    assert save(editor, flood, source_name="A new paper").source == Source.objects.get(name="A new paper")
    assert save(editor, flood, source_name="").source is None


def test_a_name_of_too_many_characters_is_refused(editor, flood):
    assert "at most 200" in refusal(editor, flood, tag_names="x" * 201)
    assert not Tag.objects.filter(name__startswith="xx").exists()


@pytest.mark.parametrize(
    ("typed", "earliest", "latest", "precision"),
    [
        ("1923", "1923-01-01T00:00", "1923-12-31T23:59", "year"),
        ("1923-05", "1923-05-01T00:00", "1923-05-31T23:59", "month"),
        ("1923-05-31", "1923-05-31T00:00", "1923-05-31T23:59", "day"),
        ("1923-05-31 18:45", "1923-05-31T18:45", "1923-05-31T18:45", "minute"),
        ("0001", "0001-01-01T00:00", "0001-12-31T23:59", "year"),
        ("1066-10-14", "1066-10-14T00:00", "1066-10-14T23:59", "day"),
        ("2017-05-30..", "2017-05-30T00:00", None, "day"),
        ("..1899", None, "1899-12-31T23:59", "year"),
        ("1923-05-03 .. 1923-05-20", "1923-05-03T00:00", "1923-05-20T23:59", "month"),
        ("1923-11..1924-02", "1923-11-01T00:00", "1924-02-29T23:59", "unknown"),
    ],
)
def test_a_date_is_typed_as_far_as_it_is_known(editor, flood, typed, earliest, latest, precision):
    article = save(editor, flood, date=typed, known="inferred", evidence_lines="on Tuesday\r\nMay 29, 2017")
    assert article.dating == Dating(
        earliest=earliest and dt.datetime.fromisoformat(earliest),
        latest=latest and dt.datetime.fromisoformat(latest),
        precision=Precision(precision),
        known=Known.INFERRED,
        evidence=("on Tuesday", "May 29, 2017"),
    )
    again = save(editor, article, kicker="Floods")
    assert again.dating == article.dating


def test_a_date_is_taken_away_by_emptying_its_field(editor, flood):
    article = save(editor, flood, date="")
    assert article.dating == Dating()
    assert "date not known" in editor.get(f"{LIST}?dated=no").content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("30 May 1923", "is not a date"),
        ("19230530", "is not a date"),
        ("1923-05-30T18:45+02:00", "is not a date"),
        ("1923-02-30", "no such day"),
        ("1923-13", "no such day"),
        ("0000", "no such day"),
        ("1924..1923", "before the one in front"),
        ("..", "no date before or after"),
    ],
)
def test_what_is_no_date_is_refused_with_what_would_be_one(editor, flood, typed, words):
    assert words in refusal(editor, flood, date=typed)


def test_a_date_asks_how_it_is_known(editor, flood):
    assert "printed with the article, or inferred" in refusal(editor, flood, date="1924", known="unknown")


def test_a_date_that_no_field_could_have_made_stays_as_it_is(editor):
    dating = Dating(
        earliest=dt.datetime(1923, 5, 30, 4, 5, 6),
        latest=dt.datetime(1923, 5, 30, 23, 59, 59),
        precision=Precision.UNKNOWN,
        known=Known.UNKNOWN,
        evidence=("a line\nbroken",),
    )
    article = make_article(date=dating)
    assert save(editor, article, title="Another").dating == dating


@pytest.mark.parametrize("seed", range(40))
def test_any_interval_is_read_back_as_it_is_written(seed: int):
    chance = random.Random(seed)
    moments = sorted(
        dt.datetime(chance.choice([1, 987, 1923]), 1, 1)
        + dt.timedelta(minutes=chance.choice([0, 1, 1439, 44639, 525599]))
        for _ in range(2)
    )
    dating = Dating(earliest=moments[0], latest=moments[1], precision=chance.choice(list(Precision)))
    read = desk.ArticleForm.base_fields["date"].clean(desk.ArticleForm.base_fields["date"].prepare_value(dating))
    assert (read.earliest, read.latest) == (dating.earliest, dating.latest)


def test_a_copy_of_another_article_is_refused_with_a_link_to_it(editor, flood):
    made = save(editor, flood, kicker="Floods")
    other = make_article("Another", source="The Gazette", date="1923-05-30")
    words = refusal(editor, other, title="The river rose", body=made.body)
    assert "here already" in words
    assert f'href="{change_of(made)}"' in words


def test_the_address_of_another_article_is_refused_with_a_link_to_it(editor, flood):
    other = make_article(canonical_url="https://gazette.example/1")
    words = refusal(editor, flood, address=other.canonical_url)
    assert f'href="{change_of(other)}"' in words


def test_an_address_must_be_one_of_the_web_but_one_that_came_so_may_stay(editor, flood):
    assert "begins with http" in refusal(editor, flood, address="javascript:alert(1)")
    odd = make_article(canonical_url="http://an_odd host/1")
    assert save(editor, odd, title="Another").canonical_url == "http://an_odd host/1"


def test_a_language_must_be_a_code(editor, flood):
    assert "pt-BR" in refusal(editor, flood, language="in English")
    assert save(editor, flood, language="pt-BR").language == "pt-BR"


def test_two_editors_do_not_undo_each_other_unseen(editor, flood):
    form = held_in(editor, change_of(flood))
    save(editor, flood, title="By the first")
    answer = editor.post(change_of(flood), {**form, "title": "By the second"})
    assert "Somebody else changed this article" in errors_of(answer)
    assert Article.objects.get().title == "By the first"


def test_captions_follow_their_paragraphs_when_the_text_changes(editor, flood):
    kept = Image.objects.create(article=flood, caption="It fell at night.", paragraph=2)
    gone = Image.objects.create(article=flood, caption="It rose at noon.", paragraph=1, position=1)
    save(editor, flood, body="A new beginning.\r\n\r\nAnd more.\r\n\r\nIt fell at night.")
    for image in (kept, gone):
        image.refresh_from_db()
    assert (kept.paragraph, gone.paragraph) == (3, None)


def test_captions_are_edited_with_their_article(editor, flood):
    Image.objects.create(article=flood, caption="The quay", url="https://gazette.example/quay.jpg")
    article = save(editor, flood, **{"images-0-caption": "The old quay"})
    assert article.images.get().caption == "The old quay"
    assert article.edited_at
    assert article.images.get().url == "https://gazette.example/quay.jpg"


def test_an_article_with_very_many_pictures_can_still_be_saved(editor, flood):
    Image.objects.bulk_create(Image(article=flood, caption=f"{number}") for number in range(desk.MOST_IMAGES + 1))
    assert save(editor, flood, title="Another").images.count() == desk.MOST_IMAGES + 1


def test_a_body_too_large_for_a_form_is_shown_and_kept(editor, monkeypatch):
    monkeypatch.setattr(desk, "MOST_BODY_BYTES", 10)
    article = save(editor, make_article(text="A long text."), title="Another")
    assert article.body == article.body_text == "A long text."


def test_a_large_body_in_a_wide_script_can_be_edited(editor, flood):
    text = "ال" * 300_000
    assert save(editor, flood, body=text).body == text


def test_an_article_can_be_written_by_hand(editor):
    form = {**held_in(editor, ADD), "title": " A new  one ", "body": "Text.", "date": "1923", "known": "printed"}
    answer = editor.post(ADD, {**form, "tag_names": "Flood", "source_name": "The Gazette"})
    assert answer.status_code == 302, errors_of(answer)
    article = Article.objects.get()
    assert (article.title, article.body_html) == ("A new one", '<p dir="auto">Text.</p>')
    assert article.tag_links.get().tag.name == "Flood"
    assert (article.status, article.received, article.original) == (Status.PUBLISHED, "", None)
    assert article.edited_at
    again = editor.post(ADD, {**form, "source_name": "The Gazette"})
    assert "here already" in errors_of(again)


def test_an_article_needs_a_title(editor):
    answer = editor.post(ADD, {**held_in(editor, ADD), "title": " ", "body": "Text."})
    assert "required" in errors_of(answer)


def test_an_import_does_not_take_back_what_an_editor_decided(editor):
    def bring(body: str) -> ImportJob:
        line = f'{{"title": "The ferry", "body": "{body}", "canonical_url": "https://gazette.example/1"}}'
        job = jobs.enqueue([jobs.Incoming("a.jsonl", [line.encode()])], label="a", claimed_by="here:1")
        jobs.run(job)
        return job

    bring("It sank.")
    editor.post(LIST, {"action": "withhold", "_selected_action": [Article.objects.get().pk]})
    assert bring("It did not sink.").counts() == {"skipped": 1}
    assert Article.objects.get().status == Status.WITHHELD


def test_the_form_says_where_the_article_comes_from_in_three_shades(editor):
    page = "Home\nThe ferry sinks\nBy Ann Day\n\nIt sank at noon.\n\nShare this"
    job = jobs.enqueue([jobs.Incoming("page.txt", [page.encode()])], label="The upload", claimed_by="here:1")
    article = make_article(
        original=job.inputs.get().original,
        page=[["furniture", "Home\n"], ["metadata", "By <b>Ann</b>\n"], ["body", "It sank."]],
        received="It <i>sank</i>.",
    )
    job.outcomes.create(input=job.inputs.get(), number=1, result="created", article=article)
    shown = editor.get(change_of(article)).content.decode()
    assert '<span class="furniture">Home\n</span>' in shown
    assert '<span class="metadata">By &lt;b&gt;Ann&lt;/b&gt;\n</span>' in shown
    assert '<span class="body">It sank.</span>' in shown
    assert "It &lt;i&gt;sank&lt;/i&gt;." in shown
    assert article.original.sha256 in shown
    assert f"/admin/articles/original/{article.original.pk}/download/" in shown
    assert job.get_absolute_url() in shown


def test_only_a_published_article_has_a_way_to_its_page(editor, flood):
    assert flood.get_absolute_url() in editor.get(change_of(flood)).content.decode()
    Article.objects.change_status(Status.DRAFT)
    page = editor.get(change_of(flood)).content.decode()
    assert flood.get_absolute_url() not in page
    assert f"{LIST}{flood.pk}/preview/" in page


@pytest.mark.parametrize("status", list(Status))
def test_the_preview_shows_any_article_as_readers_will_see_it_and_says_its_status(editor, client, status):
    article = make_article("Kept back", text="The secret text.", status=status, tags=("flood",))
    page = editor.get(f"{LIST}{article.pk}/preview/")
    shown = page.content.decode()
    assert "Kept back" in shown
    assert "The secret text." in shown
    assert "Preview." in shown
    assert status in shown
    assert "no-store" in page["Cache-Control"]
    assert client.get(article.get_absolute_url()).status_code == (200 if status == Status.PUBLISHED else 404)


def test_who_may_look_but_not_change_is_led_to_the_preview(viewer, flood):
    answer = viewer.get(change_of(flood))
    assert answer.url == f"{LIST}{flood.pk}/preview/"
    assert "Edit" not in viewer.get(answer.url).content.decode()


def test_deleting_asks_first_and_leaves_the_original(boss, flood):
    page = boss.get(f"{LIST}{flood.pk}/delete/").content.decode()
    assert "The river rose" in page
    assert "ArticleTag" not in page
    boss.post(f"{LIST}{flood.pk}/delete/", {"post": "yes"})
    assert not Article.objects.exists()


# The list


def titles(client: Client, query: str = "") -> list[str]:
    return [article.title for article in client.get(f"{LIST}{query}").context["cl"].result_list]


def test_the_list_is_narrowed_by_what_an_article_is(editor):
    make_article("A", date="1923", source="The Star", sections=("World",), tags=("flood",))
    make_article("B", status=Status.DRAFT, source="The Gazette", tags=("ice",))
    make_article("C", date=Dating.parse("1924"), status=Status.WITHHELD, sections=("Local",))
    Article.objects.filter(title="C").update(known=Known.INFERRED)
    make_article("D", tags=("flood",))
    assert titles(editor) == ["D", "C", "B", "A"]
    assert titles(editor, "?status=draft") == ["B"]
    assert titles(editor, "?dated=yes") == ["C", "A"]
    assert titles(editor, "?dated=no&status=published") == ["D"]
    assert titles(editor, "?known__exact=inferred") == ["C"]
    assert titles(editor, "?source=the-gazette") == ["B"]
    assert titles(editor, "?section=local") == ["C"]
    assert titles(editor, "?tag=flood") == ["D", "A"]
    assert titles(editor, "?tag=none") == []


def test_very_many_articles_of_a_kind_are_found_by_walking_along_the_list(editor, monkeypatch):
    for number in range(6):
        make_article(f"{number}", source="A" if number % 2 else "", tags=("t",) if number < 4 else ())
    make_article("6", status=Status.DRAFT, source="B", tags=("u",))
    queries = {"?status=published": "543210", "?status=draft": "6", "?source=a": "531", "?tag=t": "3210", "?tag=u": "6"}
    queries["?source=a&tag=t&status=published"] = "31"
    for most in (10, 1):
        monkeypatch.setattr("articles.admin.lists.MOST_ROWS", most)
        monkeypatch.setattr(desk.BoundedPaginator, "counted", 7)
        assert {query: "".join(titles(editor, query)) for query in queries} == queries


@pytest.mark.parametrize(
    ("typed", "found"),
    [("ferry", ["The ferry sinks"]), ("SINKS ferry", ["The ferry sinks"]), ("day", ["Ice"]), ("example/1", ["Ice"])],
)
def test_the_list_is_searched_by_title_byline_and_address(editor, typed, found):
    make_article("The ferry sinks", byline="Night")
    make_article("Ice", byline="By Ann Day", canonical_url="https://gazette.example/1")
    assert titles(editor, f"?q={typed}") == found


@pytest.mark.parametrize("query", ["?p=999", "?p=x", "?status=none", "?o=1.2", "?source=%00", "?nothing=1", "?q=%00"])
def test_no_address_of_the_list_is_an_error(editor, query):
    make_article()
    assert editor.get(f"{LIST}{query}", follow=True).status_code == 200


def test_the_list_costs_the_same_for_few_rows_and_for_many(editor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(LIST).status_code == 200
        assert not any("body" in query["sql"] for query in queries)
        return len(queries)

    make_article(source="0", sections=("0", "1"), tags=("0",))
    before = cost()
    for number in range(40):
        make_article(source=f"{number}", sections=(f"{number}", "all"), tags=(f"{number}",))
    assert cost() == before


def test_the_list_counts_no_more_rows_than_it_would_show(editor, monkeypatch):
    monkeypatch.setattr("articles.admin.lists.MOST_ROWS", 60)
    for number in range(62):
        make_article(f"{number}")
    answer = editor.get(f"{LIST}?p=2")
    assert "More than 60 articles" in answer.content.decode()
    assert len(titles(editor, "?p=2")) == 10
    with CaptureQueriesContext(connection) as queries:
        editor.get(LIST)
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert counts
    assert all("LIMIT 61" in sql for sql in counts)


# Many at once


def act(client: Client, action: str, *chosen: Article, query: str = "", **values: object):
    selected = [article.pk for article in chosen]
    return client.post(f"{LIST}{query}", {"action": action, "_selected_action": selected, **values}, follow=True)


def test_articles_are_published_and_withheld_many_at_once(editor):
    one, two, three = make_article(), make_article(status=Status.DRAFT), make_article(status=Status.WITHHELD)
    answer = act(editor, "publish", one, two)
    assert "1 of 2 articles published, 1 were so already." in answer.content.decode()
    three.refresh_from_db()
    assert three.status == Status.WITHHELD
    act(editor, "withhold", one, two, three)
    assert set(Article.objects.values_list("status", flat=True)) == {Status.WITHHELD}
    assert one.modified_at < Article.objects.get(pk=one.pk).modified_at == Article.objects.get(pk=one.pk).edited_at
    assert LogEntry.objects.count() == 5


def test_all_articles_of_a_narrowed_list_are_changed_at_once(editor):
    for number in range(60):
        make_article(source="A" if number % 2 else "B", status=Status.DRAFT)
    answer = act(editor, "publish", Article.objects.first(), query="?source=a&status=draft", select_across="1")
    assert "30 of 30 articles published" in answer.content.decode()
    assert Article.objects.published().count() == 30
    assert not Article.objects.published().filter(source__name="B").exists()


def test_more_articles_than_are_counted_are_not_changed_at_once(editor, monkeypatch):
    monkeypatch.setattr(desk, "MOST_ROWS", 2)
    articles = [make_article(status=Status.DRAFT) for _ in range(3)]
    answer = act(editor, "publish", *articles, select_across="1")
    assert "narrow the list" in answer.content.decode()
    assert not Article.objects.published().exists()


def test_tags_are_asked_for_and_added_behind_those_that_are_there(editor, flood):
    other = make_article()
    asked = act(editor, "add_tags", flood, other)
    assert "2 articles selected" in asked.content.decode()
    assert "at least one tag" in act(editor, "add_tags", flood, apply="1", names=" ").content.decode()
    answer = act(editor, "add_tags", flood, other, apply="1", names="FLOOD\r\nIce, thin")
    assert "2 of 2 articles tagged: FLOOD, Ice, thin." in answer.content.decode()
    assert [link.tag.name for link in flood.tag_links.all()] == ["Flood", "River, upper", "Ice, thin"]
    assert [link.tag.name for link in other.tag_links.all()] == ["Flood", "Ice, thin"]
    assert Tag.objects.get(name="Ice, thin").published_count == 2
    again = act(editor, "add_tags", flood, other, apply="1", names="flood")
    assert "0 of 2 articles tagged: flood, 2 were so already." in again.content.decode()


def test_tags_are_removed_from_many(editor, flood):
    other = make_article(tags=("Flood",))
    third = make_article(tags=("Flood",))
    act(editor, "remove_tags", flood, other, apply="1", names="flood\r\nno such tag")
    assert [link.tag.name for link in flood.tag_links.all()] == ["River, upper"]
    assert not other.tag_links.exists()
    assert third.tag_links.exists()
    assert not Tag.objects.filter(name="no such tag").exists()


def test_deleting_many_asks_first_and_takes_only_so_many(boss, monkeypatch):
    articles = [make_article(tags=("flood",)) for _ in range(3)]
    assert "Are you sure" in act(boss, "delete_selected", *articles).content.decode()
    monkeypatch.setattr(desk.ArticleAdmin, "list_max_show_all", 2)
    assert "At most 2 articles" in act(boss, "delete_selected", *articles, post="yes").content.decode()
    act(boss, "delete_selected", *articles[:2], post="yes")
    assert Article.objects.get() == articles[2]


def test_payloads_stay_text_on_every_page_of_an_article(boss):
    article = make_article(
        PAYLOAD, source=PAYLOAD, sections=(PAYLOAD,), tags=(PAYLOAD,), authors=(PAYLOAD,), byline=PAYLOAD, text=PAYLOAD,
        received=PAYLOAD, kicker=PAYLOAD, page=[["body", PAYLOAD]], dateline=PAYLOAD,
    )  # fmt: skip
    Article.objects.update(evidence=[PAYLOAD], body_html="")
    Image.objects.create(article=article, caption=PAYLOAD, alt=PAYLOAD)
    for address in (
        "",
        f"{article.pk}/change/",
        f"{article.pk}/preview/",
        f"{article.pk}/delete/",
        f"{article.pk}/history/",
    ):
        page = boss.get(f"{LIST}{address}").content.decode()
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "&lt;img src=x" in page
    answer = act(boss, "add_tags", article, apply="1", names="<b>bold</b>")
    assert "<b>bold</b>" not in answer.content.decode()


# What waits for staff


def test_the_first_page_says_what_waits_and_costs_the_same_whatever_does(editor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            editor.get("/admin/")
        return len(queries)

    before = cost()
    make_article(status=Status.DRAFT)
    make_article(status=Status.WITHHELD)
    make_article()
    ImportJob.objects.create(label="The last upload", state=JobState.FAILED, finished_at=timezone.now())
    page = editor.get("/admin/").content.decode()
    for words in ("Drafts</a> <strong>1", "Withheld</a> <strong>1", "Published without a date</a> <strong>1"):
        assert words in page
    assert "Not in the index yet <strong>3" in page
    assert "Imports that broke off</a> <strong>1" in page
    assert "The last upload" in page
    assert cost() == before


def test_names_can_be_told_apart_by_more_than_their_case(editor):
    file_under(make_article(), sections=("World",))
    answer = editor.post("/admin/articles/section/add/", {"name": " WORLD ", "description": ""})
    assert "is here already" in errors_of(answer)
    assert Section.objects.count() == 1
