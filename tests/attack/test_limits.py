"""Wrong passwords lock the log-in, and one address cannot ask without end; a person, or fifty, never meet either."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, RequestFactory

from newsarchive import limits

pytestmark = pytest.mark.django_db
RIGHT, WRONG = {"username": "ann", "password": "by the quay"}, {"username": "ann", "password": "wrong"}
LOGINS = ["/login/", "/admin/login/"]


@pytest.fixture
def guarded(settings) -> None:
    settings.AXES_ENABLED = settings.LOGIN_WALL = True
    User.objects.create_user("ann", password="by the quay", is_staff=True)


@pytest.fixture
def limited(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one minute that does not pass."""
    settings.RATE = 20
    cache.clear()
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_030.0)


def tried(address: str, times: int, **of: str) -> list[int]:
    return [Client().post(address, WRONG, **of).status_code for _ in range(times)]


@pytest.mark.parametrize("address", LOGINS)
def test_five_wrong_passwords_lock_the_log_in_even_for_the_right_one(guarded, address: str):
    assert tried(address, 5) == [200, 200, 200, 200, 429]
    answer = Client().post(address, RIGHT)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 15 * 60
    assert "15 minutes" in answer.content.decode()
    assert "_auth_user_id" not in answer.client.session


def test_the_lock_is_kept_in_the_database_and_holds_at_both_log_ins(guarded):
    tried("/login/", 5)
    cache.clear()
    assert Client().post("/admin/login/", RIGHT).status_code == 429


def test_the_lock_is_for_one_name_from_one_address(guarded):
    tried("/login/", 5)
    User.objects.create_user("ben", password="by the quay")
    assert Client().post("/login/", {**RIGHT, "username": "ben"}).status_code == 302
    assert Client().post("/login/", RIGHT, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_four_wrong_passwords_are_forgotten_with_the_right_one(guarded):
    for _ in range(3):
        assert tried("/login/", 4) == [200] * 4
        assert Client().post("/login/", RIGHT).status_code == 302


def test_an_administrator_unlocks(guarded, capsys: pytest.CaptureFixture[str]):
    tried("/login/", 5)
    call_command("axes_reset_username", "ann")
    assert Client().post("/login/", RIGHT).status_code == 302


def test_the_lock_ends_by_itself(guarded, settings):
    tried("/login/", 5)
    settings.AXES_COOLOFF_TIME = dt.timedelta(0)
    assert Client().post("/login/", RIGHT).status_code == 302


def test_another_address_is_not_believed_without_a_trusted_proxy(guarded, settings):
    for number in range(5):
        Client().post("/login/", WRONG, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    assert Client().post("/login/", RIGHT, HTTP_X_FORWARDED_FOR="192.0.2.99").status_code == 429


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "192.0.2.1", "127.0.0.1"),
        (1, "203.0.113.9, 192.0.2.1", "192.0.2.1"),
        (2, "203.0.113.9, 192.0.2.1, 10.0.0.1", "192.0.2.1"),
        (2, "192.0.2.1", "127.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "::ffff:192.0.2.1", "192.0.2.1"),
        (1, "no address\x1b[31m", "0.0.0.0"),
    ],
)
def test_who_asks_is_whom_the_last_trusted_proxy_names(settings, proxies: int, header: str, expected: str):
    settings.PROXIES = proxies
    assert limits.address_of(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=header)) == expected


@pytest.mark.parametrize(
    ("address", "most", "kind"),
    [
        ("/search/?q=bridge", 20, "text/html"),
        ("/search.json?q=bridge", 20, "application/json"),
        ("/search.csv?q=bridge", 20, "text/plain"),
        ("/articles.jsonl", 20, "application/json"),
        ("/search/complete.json?q=br", 100, "application/json"),
    ],
)
def test_who_asks_for_too_much_is_told_when_to_ask_again(limited, client: Client, address: str, most: int, kind: str):
    assert 429 not in {client.get(address).status_code for _ in range(most)}
    answer = client.get(address)
    assert answer.status_code == 429
    assert answer["Retry-After"] == str(60 - 1_000_000_030 % 60)
    assert answer["Content-Type"].startswith(kind)
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code != 429
    assert client.get("/articles/").status_code == 200


def test_log_ins_of_many_names_from_one_address_are_limited(limited, settings):
    settings.LOGIN_WALL = True
    codes = [Client().post("/login/", {**WRONG, "username": f"name{n}"}).status_code for n in range(3)]
    assert codes == [200, 200, 429]
    assert Client().get("/login/").status_code == 200


def test_a_minute_later_one_may_ask_again(limited, client: Client, monkeypatch: pytest.MonkeyPatch):
    assert [client.get("/search/").status_code for _ in range(21)][-1] == 429
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_090.0)
    assert client.get("/search/").status_code == 200


def test_a_newsroom_of_fifty_behind_one_address_never_meets_the_limits(limited, settings):
    settings.RATE = 600
    asked = {limits.SEARCHES: 50 * 8 + 30, limits.COMPLETIONS: 50 * 50, limits.LISTS: 50 * 4, limits.LOGINS: 50}
    for kind, times in asked.items():
        counted = [limits.count(kind, "192.0.2.1") for _ in range(times)]
        assert counted[-1] == times <= settings.RATE * limits.PARTS[kind]


def test_no_limit_where_the_setting_says_so(limited, settings, client: Client):
    settings.RATE = 0
    assert {client.get("/search/?q=a").status_code for _ in range(30)} == {200}
