"""The people of the admin, each logged in, and a window for each."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from articles.admin.groups import ADMINISTRATORS, CONTRIBUTORS, EDITORS, READERS


def client_of(name: str, *, staff: bool = True, group: str = "", rights: tuple[str, ...] = ()) -> Client:
    user = User.objects.create_user(name, is_staff=staff)
    if group:
        user.groups.add(Group.objects.get(name=group))
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def stranger(db) -> Client:
    return Client()


@pytest.fixture
def reader(db) -> Client:
    """Somebody with an account and the permission, but not of the staff."""
    return client_of("reader", staff=False, rights=("upload_article", "view_article"))


@pytest.fixture
def staff(db) -> Client:
    """One of the staff who may do nothing here."""
    return client_of("staff")


@pytest.fixture
def uploader(db) -> Client:
    """As in an archive of an earlier version: what they bring in is published at once."""
    return client_of("uploader", rights=("upload_article", "publish_article"))


@pytest.fixture
def contributor(db) -> Client:
    return client_of("contributor", group=CONTRIBUTORS)


@pytest.fixture
def administrator(db) -> Client:
    return client_of("administrator", group=ADMINISTRATORS)


@pytest.fixture
def subscriber(db) -> Client:
    """An account of the group that may read, and nothing else."""
    return client_of("subscriber", staff=False, group=READERS)


@pytest.fixture
def viewer(db) -> Client:
    return client_of("viewer", rights=("view_article", "view_original"))


@pytest.fixture
def editor(db) -> Client:
    return client_of("editor", group=EDITORS)


@pytest.fixture
def boss(db) -> Client:
    user = User.objects.create_superuser("boss")
    client = Client()
    client.force_login(user)
    return client
