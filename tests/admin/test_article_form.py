"""The form of an article in the admin, its preview and its end."""

from __future__ import annotations

import datetime as dt
import random
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from articles import jobs
from articles.admin import articles as desk
from articles.models import Article, Image, ImportJob, Source, Tag
from articles.records import Dating, Known, Precision, Status

from ..makers import make_article, make_source

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
ADD = "/admin/articles/article/add/"


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
    Article.objects.update(status=Status.DRAFT)
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
