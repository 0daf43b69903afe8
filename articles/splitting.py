"""A section whose name is several names run together becomes those: its articles are filed under each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone

from .attempts import repeated
from .models import Article, ArticleSection, Section

# So many articles are filed otherwise in one transaction: less than a second's work.
PORTION = 1000


def split(section: Section, names: Sequence[str]) -> int:
    """File under these names what is filed under the section, which is gone then; how many articles there were.

    No address leads on from it: what comes in under the old name is to be looked at again.
    """
    done = 0
    while some := repeated(partial(_file_portion, section, names)):
        done += some
    repeated(partial(_remove, section))
    return done


@transaction.atomic
def _file_portion(section: Section, names: Sequence[str]) -> int:
    links = list(ArticleSection.objects.filter(section=section).order_by("pk")[:PORTION])
    if links:
        _file(links, list(dict.fromkeys(Section.objects.secured(names).values())))
    return len(links)


def _file(links: list[ArticleSection], sections: list[Section]) -> None:
    articles = [link.article_id for link in links]
    ArticleSection.objects.filter(pk__in=[link.pk for link in links]).delete()
    fresh = [
        ArticleSection(article_id=link.article_id, section=section, position=link.position)
        for link in links
        for section in sections
    ]
    # An article may have been filed under one of them already.
    ArticleSection.objects.bulk_create(fresh, ignore_conflicts=True)
    Article.objects.filter(pk__in=articles).update(modified_at=timezone.now())


@transaction.atomic
def _remove(section: Section) -> None:
    """Unless somebody filed something under it meanwhile."""
    if not ArticleSection.objects.filter(section=section).exists():
        Section.objects.filter(pk=section.pk).delete()
