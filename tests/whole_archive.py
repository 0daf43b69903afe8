"""An archive with something of everything, and all that can be seen of it: two archives are the same if these are."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from articles import jobs, search, trash
from articles.models import (
    Article,
    ArticleVersion,
    Author,
    Cause,
    FollowedSearch,
    ImportJob,
    ImportOutcome,
    NameRing,
    Original,
    Section,
    Source,
    SourceAlias,
    Tag,
    TagAlias,
)
from articles.records import Status, to_json

RECORDS = [
    {
        "title": "The ferry is late", "body": "Ice on the water.\n\nThe crew waits.", "date": "1923-05-30",
        "source": "Gazette", "tags": ["ferry", "ice"], "sections": ["Local"], "authors": ["Ann Day"],
        "images": [{"caption": "The quay", "credit": "A. Day", "paragraph": 1}],
        "canonical_url": "https://gazette.example/1",
    },
    {"title": "وصلت العبارة", "body": "في الميناء.", "date": "1924-06", "language": "ar", "tags": ["ferry"]},
    {"title": "A draft on otters", "body": "Two of them.", "status": "draft", "sections": ["Local", "Nature"]},
    {"title": "Withheld", "body": "On the advice of a lawyer.", "status": "withheld", "date": "1930"},
    {"title": "Thrown away", "body": "By mistake.", "date": "1931", "tags": ["otters"]},
    {"title": "", "body": "   "},
]  # fmt: skip
PAGE = "The toll is free\n\nBy Ann Day\n\nMay 30, 1925\n\nNobody paid at the bridge of Port Aldery this morning.\n"


def fill() -> None:
    lines = "".join(f"{json.dumps(record)}\n" for record in RECORDS)
    ann = User.objects.create_superuser("ann", email="ann@gazette.example", password="otters-at-the-quay")
    bob = User.objects.create_user("bob", password="ferry-is-late", is_staff=True)
    bob.groups.add(Group.objects.get(name="Editors"))
    files = [jobs.Incoming("batch.jsonl", [lines.encode()]), jobs.Incoming("toll.txt", [PAGE.encode()])]
    job = jobs.enqueue(files, label="All of it", by=ann, claimed_by=jobs.worker_name())
    jobs.run(job)
    _change(ann, job)
    TagAlias.objects.create(name="Boats", key="boats", slug="boats", target=Tag.objects.get(name="ferry"))
    SourceAlias.objects.create(name="Old Gazette", key="old gazette", slug="old", target=Source.objects.get())
    NameRing.objects.create(names="ferry\nعبارة")
    FollowedSearch.objects.create(name="Ice", slug="ice", query="q=ice")
    trash.discard([Article.objects.get(title="Thrown away").pk])


def _change(user: User, job: ImportJob) -> None:
    article = Article.objects.get(title="The ferry is late")
    version = ArticleVersion.of(
        to_json(article.as_record()), article=article, number=1, ended_by=user, cause=Cause.EDITED, job=job
    )
    version.save()
    ImportOutcome.objects.filter(article=article).update(version=version)
    Article.objects.filter(pk=article.pk).update(editors_note="The \ufdd0 is as printed.", edited_at=timezone.now())
    kind = ContentType.objects.get_for_model(Article)
    LogEntry.objects.create(user=user, content_type=kind, object_id=article.pk, object_repr="x", action_flag=CHANGE)


def seen() -> dict[str, Any]:
    """What readers and staff see of the archive, by address, and the files that it keeps."""
    if search.state().status != "fresh":
        search.rebuild()
    static = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=static, ALLOWED_HOSTS=["testserver"]):
        return {address: _look(address) for address in _addresses()} | {
            original.sha256: hashlib.sha256(original.path.read_bytes()).hexdigest()
            for original in Original.objects.all()
        }


def _addresses() -> list[str]:
    articles = [article.get_absolute_url() for article in Article.objects.all()]
    kinds: tuple[Any, ...] = (Source, Section, Tag, Author)
    names = [name.get_absolute_url() for kind in kinds for name in kind.objects.all()]
    receipts = [f"/admin/articles/importjob/{job.pk}/receipt.csv" for job in ImportJob.objects.all()]
    fixed = ["/", "/articles/", "/articles.jsonl", "/coverage/", "/search.json?q=ferry", "/tag/boats/", "/source/old/"]
    return [*articles, *names, *receipts, *fixed, "/followed/ice/"]


def _look(address: str) -> list[Any]:
    client = Client()
    if address.startswith("/admin/"):
        client.force_login(User.objects.get(username="ann"))
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return [answer.status_code, answer.headers.get("Location", ""), hashlib.sha256(content).hexdigest()]


def counts() -> dict[str, int]:
    return {status: Article.objects.filter(status=status).count() for status in Status}
