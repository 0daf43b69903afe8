"""Originals in the admin: downloaded as they came, verified, and never changed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from articles import jobs
from articles.models import Original

from ..makers import make_article

pytestmark = pytest.mark.django_db

HTML = b"<script>alert(document.cookie)</script>"


@pytest.fixture
def original() -> Original:
    jobs.enqueue([jobs.Incoming('ré"sumé\r\n.html', [HTML])], label="The upload")
    return Original.objects.get()


def test_an_original_comes_back_byte_for_byte_and_is_never_rendered_here(viewer, original):
    answer = viewer.get(f"/admin/articles/original/{original.pk}/download/")
    assert b"".join(answer.streaming_content) == HTML
    answer.close()
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''r%C3%A9%22sum%C3%A9")
    assert "no-store" in answer["Cache-Control"]


def test_the_page_of_an_original_says_where_it_went(editor, original):
    article = make_article("The ferry", original=original)
    page = editor.get(f"/admin/articles/original/{original.pk}/change/").content.decode()
    assert original.sha256 in page
    assert f'href="/admin/articles/article/{article.pk}/change/">The ferry</a>' in page
    assert "in The upload</a>" in page
    assert 'name="_save"' not in page


def test_of_very_many_articles_the_page_lists_the_first(editor, original):
    for number in range(51):
        make_article(f"Article no {number}", original=original)
    page = editor.get(f"/admin/articles/original/{original.pk}/change/").content.decode()
    assert page.count("Article no") == 50
    assert "and more" in page


def damage(original: Original) -> None:
    original.path.chmod(0o600)
    original.path.write_bytes(HTML.replace(b"alert", b"ALERT"))


def test_a_checksum_is_verified_on_demand(viewer, original):
    address = f"/admin/articles/original/{original.pk}/verify/"
    assert "intact, to the byte" in viewer.post(address, follow=True).content.decode()
    damage(original)
    assert "another checksum than when it came" in viewer.post(address, follow=True).content.decode()
    many = viewer.post(
        "/admin/articles/original/", {"action": "verify_selected", "_selected_action": [original.pk]}, follow=True
    )
    assert "another checksum than when it came" in many.content.decode()


def test_what_a_verification_found_is_kept_shown_and_logged(editor, original):
    address = f"/admin/articles/original/{original.pk}"
    assert "Never." in editor.get(f"{address}/change/").content.decode()
    editor.post(f"{address}/verify/")
    assert ": intact." in editor.get(f"{address}/change/").content.decode()
    damage(original)
    editor.post(f"{address}/verify/")
    original.refresh_from_db()
    assert original.intact is False
    assert '<strong class="errornote">' in editor.get(f"{address}/change/").content.decode()
    assert "damaged or missing" in editor.get("/admin/articles/original/?intact__exact=0").content.decode()
    words = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert words == ["Verified: intact.", "Verified: the file has another checksum than when it came."]


def test_an_original_is_verified_from_the_page_of_its_article(editor, original):
    Original.objects.update(received_by=User.objects.get(username="editor"))
    article = make_article("The ferry", original=original)
    page = f"/admin/articles/article/{article.pk}/change/"
    shown = editor.get(page).content.decode()
    assert f'action="/admin/articles/original/{original.pk}/verify/"' in shown
    assert original.sha256 in shown
    assert "by editor." in shown
    answer = editor.post(f"/admin/articles/original/{original.pk}/verify/", {"article": article.pk}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert "intact, to the byte" in answer.content.decode()
    assert ": intact." in answer.content.decode()


def test_verifying_leads_to_no_article_of_another_file(editor, original):
    other = make_article("The ferry")
    for number in (str(other.pk), "x", "9" * 30, "//gazette.example"):
        answer = editor.post(f"/admin/articles/original/{original.pk}/verify/", {"article": number})
        assert answer.url == f"/admin/articles/original/{original.pk}/change/"


def test_readers_are_told_when_the_file_was_verified_and_what_was_found(client, original):
    article = make_article("The ferry", original=original)
    address = article.get_absolute_url()
    assert "Verified" not in client.get(address).content.decode()
    moment = dt.datetime(2024, 6, 3, 14, 2, tzinfo=dt.UTC)
    Original.objects.update(verified_at=moment, intact=True)
    assert "Verified 3 June 2024, 14:02" in client.get(address).content.decode()
    assert ": intact" in client.get(address).content.decode()
    told = client.get(f"{address.removesuffix('/')}.json").json()
    assert (told["verified"], told["intact"]) == ("2024-06-03T14:02:00Z", True)
    Original.objects.update(intact=False)
    assert "damaged or missing" in client.get(address).content.decode()


def test_an_original_whose_file_is_missing_says_so(viewer, original):
    original.path.unlink()
    answer = viewer.get(f"/admin/articles/original/{original.pk}/download/", follow=True)
    assert "Bring it back from a backup" in answer.content.decode()


def test_an_original_cannot_be_changed_by_a_form(boss, original):
    boss.post(f"/admin/articles/original/{original.pk}/change/", {"name": "Another"})
    original.refresh_from_db()
    assert original.name != "Another"


def test_damaged_originals_stand_first_on_the_desk_of_who_may_see_them(editor, uploader, original):
    assert "damaged or missing" not in editor.get("/admin/").content.decode()
    Original.objects.update(intact=False)
    shown = editor.get("/admin/").content.decode()
    link = '<a href="/admin/articles/original/?intact__exact=0">Originals damaged or missing</a> <strong>1</strong>'
    assert f'<li class="grave">{link}' in shown
    assert "damaged or missing" not in uploader.get("/admin/").content.decode()
