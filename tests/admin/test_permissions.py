"""Who may do what in the admin."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from articles import jobs
from articles.admin.groups import RIGHTS, make_groups
from articles.models import Article, ImportJob, Original, Tag
from articles.records import Status

from ..makers import make_article

pytestmark = pytest.mark.django_db

IN, NO, LOGIN, ELSEWHERE, GONE, METHOD = 200, 403, "login", 302, 404, 405
UPLOAD = "/admin/articles/importjob/upload/"
PEOPLE = (
    "stranger", "reader", "subscriber", "staff", "uploader", "contributor", "viewer", "editor", "administrator", "boss",
)  # fmt: skip
# What each of the people gets, in that order.
TABLE = {
    ("get", "/admin/"): (LOGIN, LOGIN, LOGIN, IN, IN, IN, IN, IN, IN, IN),
    ("get", UPLOAD): (LOGIN, LOGIN, LOGIN, NO, IN, IN, NO, IN, IN, IN),
    ("post", UPLOAD): (LOGIN, LOGIN, LOGIN, NO, IN, IN, NO, IN, IN, IN),
    ("get", "/admin/articles/importjob/"): (LOGIN, LOGIN, LOGIN, NO, IN, IN, NO, IN, IN, IN),
    ("get", "/admin/articles/importjob/{job}/receipt/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, IN, IN, IN),
    ("get", "/admin/articles/importjob/{job}/receipt/progress/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, IN, IN, IN),
    ("get", "/admin/articles/importjob/{job}/receipt.csv"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, IN, IN, IN),
    ("get", "/admin/articles/importjob/add/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, NO, NO, NO),
    ("post", "/admin/articles/importjob/{job}/delete/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, NO, NO, NO),
    ("get", "/admin/articles/article/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, IN, IN, IN, IN),
    ("get", "/admin/articles/article/add/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, IN, IN, IN),
    ("post", "/admin/articles/article/add/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, IN, IN, IN),
    ("get", "/admin/articles/article/{article}/change/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, ELSEWHERE, IN, IN, IN),
    ("post", "/admin/articles/article/{article}/change/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, ELSEWHERE, IN, IN, IN),
    ("get", "/admin/articles/article/{article}/preview/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, IN, IN, IN, IN),
    ("get", "/admin/articles/article/{article}/delete/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, IN, IN, IN),
    ("get", "/admin/articles/article/trash/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, IN, IN, IN, IN),
    ("post", "/admin/articles/article/trash/restore/"): (
        LOGIN,
        LOGIN,
        LOGIN,
        NO,
        NO,
        NO,
        NO,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
    ),
    ("post", "/admin/articles/article/trash/delete/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, NO, ELSEWHERE, ELSEWHERE),
    ("get", "/admin/admin/logentry/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, NO, IN, IN),
    ("get", "/admin/articles/original/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, IN, IN, IN, IN),
    ("get", "/admin/articles/original/{original}/change/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, IN, IN, IN, IN),
    ("get", "/admin/articles/original/{original}/download/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, IN, IN, IN, IN),
    ("get", "/admin/articles/original/{original}/verify/"): (
        LOGIN,
        LOGIN,
        LOGIN,
        METHOD,
        METHOD,
        METHOD,
        METHOD,
        METHOD,
        METHOD,
        METHOD,
    ),
    ("post", "/admin/articles/original/{original}/verify/"): (
        LOGIN,
        LOGIN,
        LOGIN,
        NO,
        NO,
        NO,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
    ),
    ("post", "/admin/articles/original/{original}/delete/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, NO, NO, NO),
    ("get", "/admin/articles/tag/{tag}/change/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, IN, IN, IN),
    ("get", "/admin/articles/draft/"): (LOGIN, LOGIN, LOGIN, NO, NO, IN, NO, NO, NO, IN),
    ("get", "/admin/articles/draft/add/"): (LOGIN, LOGIN, LOGIN, NO, NO, IN, NO, NO, NO, IN),
    ("get", "/admin/articles/draft/{article}/change/"): (LOGIN, LOGIN, LOGIN, NO, NO, ELSEWHERE, NO, NO, NO, ELSEWHERE),
    ("post", "/admin/articles/draft/{draft}/change/"): (LOGIN, LOGIN, LOGIN, NO, NO, ELSEWHERE, NO, NO, NO, ELSEWHERE),
    ("get", "/admin/articles/draft/{draft}/history/"): (
        LOGIN,
        LOGIN,
        LOGIN,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
    ),
    ("get", "/admin/articles/draft/{draft}/preview/"): (
        LOGIN,
        LOGIN,
        LOGIN,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
        ELSEWHERE,
    ),
    ("post", "/admin/articles/draft/{draft}/delete/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, NO, NO, NO),
    ("get", "/admin/auth/user/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, NO, IN, IN),
    ("get", "/admin/auth/group/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, NO, IN, IN),
    ("get", "/admin/auth/group/add/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, NO, NO, IN),
    ("get", "/admin/articles/tag/{tag}/delete/"): (LOGIN, LOGIN, LOGIN, NO, NO, NO, NO, NO, IN, IN),
}
CASES = [
    pytest.param(method, address, person, expected, id=f"{person} {method} {address}")
    for (method, address), row in TABLE.items()
    for person, expected in zip(PEOPLE, row, strict=True)
]


@pytest.fixture
def rows() -> dict[str, int]:
    """An import by somebody else, with its original, a withheld article and a tag."""
    job = jobs.enqueue([jobs.Incoming("page.txt", [b"Kept"])], label="of somebody else")
    original = Original.objects.get()
    article = make_article(status=Status.WITHHELD, original=original)
    return {
        "job": job.pk,
        "original": original.pk,
        "article": article.pk,
        "draft": make_article("Of somebody else", status=Status.DRAFT).pk,
        "tag": Tag.objects.create(name="Unused").pk,
    }


@pytest.mark.parametrize(("method", "address", "person", "expected"), CASES)
def test_each_address_is_open_to_those_whose_it_is(method, address, person, expected, request, rows):
    client = request.getfixturevalue(person)
    response = getattr(client, method)(address.format(**rows))
    response.close()
    if expected == LOGIN:
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")
    else:
        assert response.status_code == expected


def test_who_may_not_upload_sees_no_way_to_it(staff, viewer, uploader):
    assert UPLOAD not in staff.get("/admin/").content.decode()
    assert UPLOAD not in viewer.get("/admin/articles/article/").content.decode()
    assert UPLOAD in uploader.get("/admin/").content.decode()


def test_an_uploader_sees_their_own_receipts_and_no_others(uploader, rows):
    answer = uploader.post(UPLOAD, {"text": "A headline\n\nSome words of a text that is long enough."})
    own = ImportJob.objects.latest("pk")
    assert answer.url == own.get_absolute_url()
    assert uploader.get(answer.url).status_code == 200
    page = uploader.get("/admin/articles/importjob/").content.decode()
    assert own.label in page
    assert "of somebody else" not in page


def test_an_upload_without_the_token_of_its_form_is_refused(uploader):
    uploader.handler.enforce_csrf_checks = True
    answer = uploader.post(UPLOAD, {"text": "A headline"})
    assert answer.status_code == 403
    assert not ImportJob.objects.exists()


def test_nobody_publishes_or_discards_without_the_right_to(viewer, rows):
    """The list offers no action that the person may not take, and takes none that was not offered."""
    for action in ("publish", "delete_selected"):
        viewer.post("/admin/articles/article/", {"action": action, "_selected_action": [rows["article"]]})
    article = Article.objects.get(pk=rows["article"])
    assert article.status == Status.WITHHELD
    assert article.trashed_at is None


def test_the_groups_to_begin_with_are_made_once():
    Group.objects.exclude(name="Editors").delete()
    make_groups(apps, "default")
    assert [group.name for group in Group.objects.all()] == ["Editors"]
    Group.objects.all().delete()
    make_groups(apps, "default")
    assert {group.name for group in Group.objects.all()} == {"Readers", "Contributors", "Editors", "Administrators"}
    for name, rights in RIGHTS.items():
        held = Group.objects.get(name=name).permissions.values_list("codename", flat=True)
        assert sorted(held) == sorted(set(rights)), name


def test_groups_that_staff_took_away_are_not_made_again(boss):
    Group.objects.all().delete()
    make_groups(apps, "default")
    assert not Group.objects.exists()
