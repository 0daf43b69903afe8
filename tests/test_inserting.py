"""Many rows at once are what they would be one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.forms.models import model_to_dict

from articles.models import Article, ArticleTag, Tag, inserting
from articles.models.inserting import insert, insert_rows
from articles.records import Known, Precision, Status

pytestmark = pytest.mark.django_db

WHEN = dt.datetime(1923, 5, 30, 18, 45, tzinfo=dt.UTC)


def article(number: int, **values: object) -> Article:
    return Article(title=f"Ferry {number}", content_digest=f"{number}", record_digest=f"{number}", **values)


def everything(row: Article) -> dict[str, object]:
    """All that the row says, but what tells it apart from its copy."""
    fields = [field.name for field in Article._meta.concrete_fields]
    values = {name: getattr(row, f"{name}_id" if name in ("source", "original") else name) for name in fields}
    return {name: value for name, value in values.items() if name not in ("id", "content_digest")}


def test_a_row_says_what_one_that_was_saved_by_itself_says():
    said = {
        "body": "“Überfahrt” — 渡し船 \U0001f9a6",
        "evidence": ["Port Aldery, 30 May", 'a "quote"'],
        "page": [["body", "One line"]],
        "earliest": WHEN,
        "latest": WHEN,
        "precision": Precision.MINUTE,
        "known": Known.PRINTED,
        "status": Status.DRAFT,
        "created_at": WHEN,
        "modified_at": WHEN,
    }
    alone = article(1, **said)
    alone.save()
    many = [article(2, **said)]
    many[0].title, many[0].record_digest = alone.title, alone.record_digest
    insert(many)
    assert everything(Article.objects.get(pk=many[0].pk)) == everything(Article.objects.get(pk=alone.pk))


def test_each_object_is_told_its_own_key(monkeypatch):
    monkeypatch.setattr(inserting, "MOST_VALUES", 2 * len(Article._meta.concrete_fields))
    many = [article(number) for number in range(7)]
    insert(many)
    assert dict(Article.objects.values_list("pk", "title")) == {row.pk: row.title for row in many}
    many[3].title = "Otters"
    many[3].save()
    assert Article.objects.count() == 7


def test_no_objects_are_no_rows():
    insert([])
    insert_rows(ArticleTag, ("article_id", "tag_id", "position", "status", "earliest"), [])
    assert not ArticleTag.objects.exists()


def test_rows_need_no_objects():
    filed, tag = article(1, status=Status.PUBLISHED, earliest=WHEN), Tag.objects.create(name="Otters")
    filed.save()
    insert_rows(
        ArticleTag, ("article_id", "tag_id", "position", "status", "earliest"), [(filed.pk, tag.pk, 3, "", None)]
    )
    (link,) = ArticleTag.objects.all()
    assert model_to_dict(link, exclude=["id"]) == {"article": filed.pk, "tag": tag.pk, "position": 3}
    assert (link.status, link.earliest) == (Status.PUBLISHED, WHEN)
