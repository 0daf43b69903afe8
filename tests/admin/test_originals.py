"""Originals in the admin: downloaded as they came, verified, and never changed."""

from __future__ import annotations

import pytest

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


def test_a_checksum_is_verified_on_demand(viewer, original):
    address = f"/admin/articles/original/{original.pk}/verify/"
    assert "intact" in viewer.post(address, follow=True).content.decode()
    original.path.chmod(0o600)
    original.path.write_bytes(b"Something else")
    assert "differs from its checksum" in viewer.post(address, follow=True).content.decode()
    many = viewer.post(
        "/admin/articles/original/", {"action": "verify_selected", "_selected_action": [original.pk]}, follow=True
    )
    assert "differs from its checksum" in many.content.decode()


def test_an_original_whose_file_is_missing_says_so(viewer, original):
    original.path.unlink()
    answer = viewer.get(f"/admin/articles/original/{original.pk}/download/", follow=True)
    assert "Bring it back from a backup" in answer.content.decode()


def test_an_original_cannot_be_changed_by_a_form(boss, original):
    boss.post(f"/admin/articles/original/{original.pk}/change/", {"name": "Another"})
    original.refresh_from_db()
    assert original.name != "Another"
