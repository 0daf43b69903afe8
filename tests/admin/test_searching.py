"""Name rings and followed searches in the admin, and rings by command."""

from __future__ import annotations

from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from articles.models import FollowedSearch, NameRing

from ..makers import make_article
from ..search.indexes import bring_up_to_date, use_index_in
from .conftest import client_of

pytestmark = pytest.mark.django_db

RINGS = "/admin/articles/namering/"
FOLLOWS = "/admin/articles/followedsearch/"


@pytest.fixture(autouse=True)
def index(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr("articles.search.indexing.close_old_connections", lambda: None)
    use_index_in(monkeypatch, tmp_path / "index")


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def rings() -> list[str]:
    return [str(ring) for ring in NameRing.objects.all()]


# Name rings


def test_an_editor_makes_changes_and_deletes_a_ring(editor):
    editor.post(f"{RINGS}add/", {"names": "Daesh\r\n  Islamic   State \r\n\r\nداعش\r\nDaesh"})
    ring = NameRing.objects.get()
    assert ring.names == "Daesh\nIslamic State\nداعش"
    assert "Daesh, Islamic State, داعش" in words(editor.get(RINGS))
    editor.post(f"{RINGS}{ring.pk}/change/", {"names": "Daesh\nISIS"})
    assert rings() == ["Daesh, ISIS"]
    editor.post(f"{RINGS}{ring.pk}/delete/", {"post": "yes"})
    assert rings() == []


def test_what_is_wrong_with_a_ring_is_said(editor):
    NameRing.objects.create(names="Orle\nRiver Orle")
    page = words(editor.post(f"{RINGS}add/", {"names": "ORLE\n<b>\n***"}))
    assert "“ORLE” is in another ring already: Orle, River Orle." in page
    assert "“***” has no letter or digit to look for." in page
    assert "&lt;b&gt;" in page
    assert len(rings()) == 1


def test_no_more_rings_are_made_than_are_possible(editor, monkeypatch):
    monkeypatch.setattr("articles.admin.searching.RINGS", 1)
    editor.post(f"{RINGS}add/", {"names": "one\ntwo"})
    assert "There are 1 rings" in words(editor.post(f"{RINGS}add/", {"names": "three\nfour"}))
    editor.post(f"{RINGS}{NameRing.objects.get().pk}/change/", {"names": "one\ntwo\nthree"})
    assert rings() == ["one, two, three"]


def test_rings_are_downloaded_and_uploaded_again(editor):
    NameRing.objects.create(names="Daesh\nISIS")
    NameRing.objects.create(names="Osterby, Town of\nOsterby")
    assert "Download rings" in words(editor.get(RINGS))
    file = editor.get(f"{RINGS}rings.txt")
    assert file["Content-Disposition"] == 'attachment; filename="name-rings.txt"'
    NameRing.objects.all().delete()
    page = words(upload(editor, file.content))
    assert "2 new." in page
    assert "Line 2: new. Daesh, ISIS." in page
    assert editor.get(f"{RINGS}rings.txt").content == file.content
    assert "2 unchanged." in words(upload(editor, file.content))


def upload(client: Client, content: bytes, **values: str):
    return client.post(f"{RINGS}upload/", {"file": SimpleUploadedFile("rings.txt", content), **values})


def test_an_upload_takes_the_place_of_all_rings_where_that_is_asked_for(editor):
    NameRing.objects.create(names="Daesh\nISIS")
    page = words(upload(editor, b"one, two\nlonely", replace="on"))
    assert "Line 2: refused. A ring has at least two names." in page
    assert "Nothing was changed" in page
    assert rings() == ["Daesh, ISIS"]
    upload(editor, b"one, two", replace="on")
    assert rings() == ["one, two"]


def test_what_is_no_text_is_refused(editor, monkeypatch):
    assert "Line 2 is not UTF-8." in words(upload(editor, b"one, two\n\xff\xfe"))
    assert "This field is required" in words(editor.post(f"{RINGS}upload/", {}))
    assert "The submitted file is empty" in words(upload(editor, b""))
    monkeypatch.setattr("articles.admin.searching.LARGEST_FILE", -100_000)
    answer = upload(editor, b"one, two")
    assert answer.status_code == 413
    assert "nothing of it was taken in" in words(answer)
    assert rings() == []


def test_who_may_not_change_rings_neither_uploads_nor_sees_how(viewer, staff, uploader):
    reader = client_of("ring reader", rights=("view_namering",))
    assert reader.get(f"{RINGS}rings.txt").status_code == 200
    assert "Upload rings" not in words(reader.get(RINGS))
    for client in (viewer, staff, uploader, reader):
        assert client.get(f"{RINGS}upload/").status_code == 403
        assert upload(client, b"one, two").status_code == 403
    assert viewer.get(f"{RINGS}rings.txt").status_code == 403


def test_who_may_not_delete_rings_cannot_replace_them():
    client = client_of("adder", rights=("add_namering", "change_namering", "view_namering"))
    assert "Keep no other rings" not in words(client.get(f"{RINGS}upload/"))
    NameRing.objects.create(names="Daesh\nISIS")
    assert upload(client, b"one, two", replace="on").status_code == 403
    assert rings() == ["Daesh, ISIS"]
    upload(client, b"one, two")
    assert rings() == ["Daesh, ISIS", "one, two"]


def test_an_upload_without_the_token_of_its_form_is_refused(editor):
    editor.handler.enforce_csrf_checks = True
    assert upload(editor, b"one, two").status_code == 403
    assert rings() == []


# By command


def test_rings_go_out_and_in_by_command(tmp_path):
    NameRing.objects.create(names="Daesh\nISIS")
    out, file = StringIO(), tmp_path / "rings.txt"
    call_command("export_rings", stdout=out)
    call_command("export_rings", output=file, stderr=StringIO())
    assert file.read_text(encoding="utf-8") == out.getvalue()
    NameRing.objects.all().delete()
    said = StringIO()
    call_command("import_rings", str(file), stdout=said)
    assert said.getvalue() == "Line 2: new. Daesh, ISIS.\n1 new.\n"


def test_a_refused_line_ends_the_command_with_1(tmp_path, monkeypatch):
    file = tmp_path / "rings.txt"
    file.write_text("one, two\nlonely")
    with pytest.raises(SystemExit) as end:
        call_command("import_rings", str(file), stdout=StringIO())
    assert end.value.code == 1
    assert rings() == ["one, two"]
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": BytesIO(b"three, four")}))
    call_command("import_rings", "-", replace=True, stdout=StringIO())
    assert rings() == ["three, four"]


def test_what_cannot_be_read_or_written_ends_a_command_with_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("import_rings", str(tmp_path / "none.txt"))
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    with pytest.raises(CommandError, match="Line 1 is not UTF-8"):
        call_command("import_rings", str(tmp_path / "bad.txt"))
    with pytest.raises(CommandError, match="The rings were not written"):
        call_command("export_rings", output=tmp_path / "none" / "rings.txt")


# Followed searches


@pytest.fixture
def ferries() -> None:
    make_article("Ferry one", text="The ferry.", tags=("Ice",))
    make_article("Ferry two", text="The ferry.")
    bring_up_to_date()


def test_an_editor_follows_a_search_by_its_address(editor, ferries):
    address = "https://archive.example/search/?q=ferry&tag=ice&page=2"
    editor.post(f"{FOLLOWS}add/", {"name": "Ferries in ice", "query": address, "description": "Cold."})
    follow = FollowedSearch.objects.get()
    assert (follow.slug, follow.query) == ("ferries-in-ice", "q=ferry&tag=ice&sort=newest")
    page = words(editor.get(f"{FOLLOWS}{follow.pk}/change/"))
    assert '/search/?q=ferry&amp;tag=ice&amp;sort=newest">1 article</a>' in page
    assert "/followed/ferries-in-ice/" in page


def test_the_link_on_a_page_of_results_fills_the_form(editor, ferries):
    page = words(editor.get(f"{FOLLOWS}add/?query=q%3Dferry"))
    assert 'value="q=ferry"' in page
    assert ">2 articles</a>" in page
    name = editor.get(f"{FOLLOWS}add/?query=q%3Dferry").context["adminform"].form.initial["name"]
    assert name == "ferry"


def test_the_form_opens_with_an_address_that_cannot_be_read(editor, ferries):
    assert "This address cannot be read" in words(editor.get(f"{FOLLOWS}add/?query=http://["))


def test_the_address_of_a_followed_search_is_made_once_and_is_its_own(editor, ferries):
    for _ in range(2):
        editor.post(f"{FOLLOWS}add/", {"name": "Ferry", "query": "ferry"})
    first, second = FollowedSearch.objects.all()
    assert first.slug == "ferry"
    assert second.slug.startswith("ferry-")
    editor.post(f"{FOLLOWS}{first.pk}/change/", {"name": "Boats", "query": "ferry OR boat"})
    first.refresh_from_db()
    assert (first.name, first.slug) == ("Boats", "ferry")
    editor.post(f"{FOLLOWS}add/", {"name": "渡" * 200, "query": "ferry"})
    assert FollowedSearch.objects.latest("pk").slug == "渡" * 60


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("https://archive.example/tag/ice/", "This asks for nothing"),
        ("http://[", "This address cannot be read"),
        ("q=ferry" + "&a=1" * 1500, "This address cannot be read"),
        ("***", "This asks for nothing"),
        ("q=ferry&from=yesterday", "is no date and was left out"),
        ("*a*", "letters"),
        ("q=" + "%E6%B8%A1" * 500, "As an address this has"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_a_sentence(editor, ferries, query, said):
    assert said in words(editor.post(f"{FOLLOWS}add/", {"name": "Ferry", "query": query}))
    assert not FollowedSearch.objects.exists()


def test_no_more_searches_are_followed_than_are_possible(editor, ferries, monkeypatch):
    monkeypatch.setattr("articles.admin.searching.FOLLOWED", 1)
    for name in ("one", "two"):
        answer = editor.post(f"{FOLLOWS}add/", {"name": name, "query": "ferry"})
    assert "no more are possible" in words(answer)
    assert FollowedSearch.objects.count() == 1


def test_what_editors_keep_is_theirs(viewer, staff, uploader, stranger):
    for address in (RINGS, FOLLOWS, f"{RINGS}add/", f"{FOLLOWS}add/"):
        for client in (viewer, staff, uploader):
            assert client.get(address).status_code == 403
        assert stranger.get(address)["Location"].startswith("/admin/login/")
