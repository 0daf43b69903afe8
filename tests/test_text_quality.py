"""What a file says is in the archive as it was said: from the bytes to the page and to what is searched."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from articles import jobs
from articles.models import Article, ImportJob
from articles.records import Known

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ORIGINALS = tmp_path / "originals"


def imported(name: str, content: bytes, **told: object) -> Article:
    job: ImportJob = jobs.enqueue([jobs.Incoming(name, [content])], label="A test")
    job.inputs.update(guidance=told)
    assert jobs.claim(job, jobs.worker_name())
    jobs.run(job)
    return Article.objects.get()


MARKED = "The oil company <BP> bought <the> wharf & 3 < 5 boats. It said &lt;b&gt; too."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("wire.jsonl", json.dumps({"title": "Buys <BP>", "body": MARKED, "body_type": "text/plain"}).encode()),
        ("wire.csv", f'title,body\nBuys <BP>,"{MARKED}"\n'.encode()),
        ("wire.txt", f"Buys <BP>\n\n{MARKED}\n".encode()),
    ],
)
def test_words_in_angle_brackets_survive_in_plain_text(name, content):
    article = imported(name, content)
    assert article.title == "Buys <BP>"
    assert article.body_text == MARKED
    assert "&lt;BP&gt; bought &lt;the&gt; wharf" in article.body_html


def test_a_file_in_an_old_encoding_is_read_as_it_was_written():
    text = "Паром вернулся вчера\n\nПаром в Порт-Олдери вернулся вчера после трёх недель ремонта, сообщил капитан.\n"
    article = imported("ferry.txt", text.encode("koi8-r"))
    assert article.title == "Паром вернулся вчера"
    assert article.body_text == text.split("\n\n")[1].strip()


def test_damage_stays_until_somebody_asks_to_mend_it():
    content = json.dumps({"title": "Otters", "body": "The ferry didnâ€™t sail."}).encode()
    assert imported("a.jsonl", content).body_text == "The ferry didnâ€™t sail."


def test_mended_text_keeps_what_came_beside_it():
    content = json.dumps({"title": "Otters", "body": "The ferry didnâ€™t sail."}).encode()
    article = imported("a.jsonl", content, mend=True)
    assert article.body_text == "The ferry didn’t sail."
    assert article.received == "The ferry didnâ€™t sail."


def test_no_article_is_younger_than_its_upload():
    to_come = (dt.date.today() + dt.timedelta(days=400)).isoformat()
    article = imported("a.jsonl", json.dumps({"title": "Otters", "body": "They came.", "date": to_come}).encode())
    assert (article.earliest, article.latest, article.known) == (None, None, Known.UNKNOWN)
    assert article.evidence[-1].startswith("the file came on ")


def test_a_file_that_does_not_say_its_date_has_none():
    article = imported("a.jsonl", json.dumps({"title": "Otters", "body": "They came today."}).encode())
    assert (article.earliest, article.latest) == (None, None)
