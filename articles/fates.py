"""What becomes of each article when a batch is undone, read off the outcomes of all batches.

The database works it out, for a few articles or for all of a large batch: nothing is held of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.db import connection

from .models import Article, ImportJob


class Fate(StrEnum):
    """What becomes of an article when the batch is undone. The last four stay as they are."""

    REMOVED = "removed"
    RESTORED = "restored"
    EDITED = "edited"
    SHARED = "shared"
    UNKEPT = "unkept"
    TAKEN = "taken"


CHANGED = (Fate.REMOVED, Fate.RESTORED)

# The outcomes of articles that the batch brought or met, each article at the first of them; without those that were
# put back before undoing was cut off. The plus signs keep the database from looking through the whole batch for each.
_TOUCHED = """
    SELECT outcome.id, outcome.article_id FROM articles_importoutcome outcome
    WHERE outcome.job_id = %(job)s AND outcome.article_id IS NOT NULL AND outcome.id > %(after)s
    AND outcome.result IN ('created', 'updated', 'duplicate')
    AND NOT EXISTS (
        SELECT 1 FROM articles_importoutcome first WHERE first.article_id = outcome.article_id
        AND +first.job_id = %(job)s AND first.id < outcome.id AND first.result IN ('created', 'updated', 'duplicate')
    )
    AND NOT EXISTS (
        SELECT 1 FROM articles_articleversion back WHERE back.article_id = outcome.article_id
        AND +back.job_id = %(job)s AND back.cause = 'undone'
    )
    ORDER BY outcome.id LIMIT %(most)s
"""

# `dead`: the batch of the outcome is undone, or is being undone, or is this one. A record that a file told before, and
# that was met again in the same file, counts where it was told `once`, at first. `last` is the last outcome that
# stands, 0 where none does; all imports since `ended`, the first update behind it, are undone, and what its version
# says is to be put back.
# Nothing is put back without this batch: `stood` is the last outcome that stands with it. Where undoing another batch
# was what changed the article last, `back` is the update that ended what the article says since: of the batches that
# `was_dead` by then the first behind `was_last`, which is the last outcome that stood, of those that `was_there`.
_FATES = """
    WITH chosen AS MATERIALIZED ({articles}), told AS MATERIALIZED (
        SELECT outcome.id, outcome.article_id, outcome.result, outcome.job_id = %(job)s AS own,
            outcome.job_id = %(job)s OR job.undone_at IS NOT NULL OR job.undo_asked_at IS NOT NULL AS dead,
            job.undone_at IS NOT NULL AND job.undone_at <= undoing.undone_at AS was_dead,
            outcome.id <= (
                SELECT MAX(of_that.id) FROM articles_importoutcome of_that
                WHERE of_that.article_id = outcome.article_id AND +of_that.job_id = undoing.id
            ) AS was_there,
            CASE WHEN outcome.result = 'duplicate' AND input.original_id IS NOT NULL THEN MIN(outcome.id)
                OVER (PARTITION BY outcome.article_id, input.original_id, outcome.number) ELSE outcome.id END AS once
        FROM chosen JOIN articles_importoutcome outcome ON outcome.article_id = chosen.article_id
        JOIN articles_importinput input ON input.id = outcome.input_id
        JOIN articles_importjob job ON job.id = outcome.job_id
        LEFT JOIN articles_articleversion newest ON newest.article_id = outcome.article_id
            AND newest.cause = 'undone' AND newest.number = (
                SELECT MAX(number) FROM articles_articleversion every WHERE every.article_id = outcome.article_id
            )
        LEFT JOIN articles_importjob undoing ON undoing.id = newest.job_id
        WHERE outcome.result IN ('created', 'updated', 'duplicate')
    ), seen AS (
        SELECT told.*, MAX(CASE WHEN dead THEN 0 ELSE once END) OVER (PARTITION BY article_id) AS last,
            MAX(CASE WHEN dead AND NOT own THEN 0 ELSE once END) OVER (PARTITION BY article_id) AS stood,
            MAX(CASE WHEN was_there AND NOT was_dead THEN once ELSE 0 END) OVER (PARTITION BY article_id) AS was_last
        FROM told
    ), summed AS (
        SELECT article_id, MAX(last) AS last,
            MAX(CASE WHEN dead AND result = 'created' THEN 1 ELSE 0 END) AS made,
            MAX(CASE WHEN own AND result <> 'duplicate' THEN 1 ELSE 0 END) AS did,
            MIN(CASE WHEN dead AND result = 'updated' AND id > last AND id <= stood THEN id END) AS ended,
            MIN(CASE WHEN was_dead AND result = 'updated' AND id > was_last THEN id END) AS back
        FROM seen GROUP BY article_id
    ), decided AS (
        SELECT article.id, before.version_id, CASE
            WHEN summed.made = 1 AND summed.last = 0 AND article.edited_at IS NULL
                AND article.access NOT IN ('staff', 'tombstone') THEN 'removed'
            WHEN summed.made = 1 AND summed.last = 0 THEN 'edited'
            WHEN (summed.ended IS NULL OR summed.ended = summed.back) AND summed.did = 1 THEN 'shared'
            WHEN summed.ended IS NULL OR summed.ended = summed.back THEN NULL
            WHEN article.edited_at IS NOT NULL OR article.trashed_at IS NOT NULL
                OR article.access IN ('staff', 'tombstone') THEN 'edited'
            WHEN before.version_id IS NULL THEN 'unkept'
            ELSE 'restored' END AS fate
        FROM summed JOIN articles_article article ON article.id = summed.article_id
        LEFT JOIN articles_importoutcome before ON before.id = summed.ended
    )
    {asked}
"""
_HOW_MANY = "SELECT COUNT(*) FROM ({articles}) AS touched"
_SOME = "SELECT id AS article_id FROM articles_article WHERE id IN ({articles})"
_OF_SOME = _FATES.format(articles=_SOME, asked="SELECT id, fate, version_id FROM decided WHERE fate IS NOT NULL")
_COUNTED = _FATES.format(
    articles=_TOUCHED, asked="SELECT fate, COUNT(*) FROM decided WHERE fate IS NOT NULL GROUP BY fate"
)
_STAYING = _FATES.format(
    articles=_TOUCHED,
    asked="SELECT id, fate FROM decided WHERE fate NOT IN ('removed', 'restored') ORDER BY id LIMIT %(named)s",
)


def touched(job: ImportJob, after: int, most: int) -> list[tuple[int, int]]:
    """Articles that the batch brought or met, each with the number of its outcome, up to `most` beyond `after`."""
    return _rows(_TOUCHED, {"job": job.pk, "after": after, "most": most})


def count(job: ImportJob, most: int) -> int:
    """How many articles the batch brought or met, up to `most`."""
    ((found,),) = _rows(_HOW_MANY.format(articles=_TOUCHED), {"job": job.pk, "after": 0, "most": most})
    return int(found)


def decided(job: ImportJob, articles: Sequence[int]) -> dict[int, tuple[Fate, int | None]]:
    """What becomes of these articles, of each that the batch has to do with, and the version to put back."""
    if not articles:
        return {}
    marks = {f"a{place}": number for place, number in enumerate(articles)}
    listed = ", ".join(f"%({mark})s" for mark in marks)
    rows = _rows(_OF_SOME.replace("{articles}", listed), {"job": job.pk, **marks})
    return {number: (Fate(fate), version) for number, fate, version in rows}


def counted(job: ImportJob, most: int) -> Counter[Fate]:
    """How many have which fate, of the first `most` articles that the batch has to do with."""
    rows = _rows(_COUNTED, {"job": job.pk, "after": 0, "most": most})
    return Counter({Fate(fate): count for fate, count in rows})


def staying(job: ImportJob, most: int, named: int) -> tuple[tuple[Article, Fate], ...]:
    """Of the same articles those that stay as they are, the first `named`."""
    rows = _rows(_STAYING, {"job": job.pk, "after": 0, "most": most, "named": named})
    articles = Article.objects.only("title", "status", "edited_at", "trashed_at").in_bulk([row[0] for row in rows])
    return tuple((articles[number], Fate(fate)) for number, fate in rows if number in articles)


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
