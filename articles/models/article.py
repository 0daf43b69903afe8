"""An article and what belongs to it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self
from urllib.parse import quote

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify

from ..addresses import around
from ..records import ArticleRecord, Dating, ImageRecord, Known, LineKind, Precision, Status, last_of_month
from .monthday import MonthDay
from .names import Author, Section, Source, Tag
from .takedown import HIDDEN, Access

TITLE_LENGTH = 500
URL_LENGTH = 2000
# What an article's address may end in that is not the article itself, so that no title can take it.
PAGES_BESIDE = {"cite", "printings", "versions"}
web_address = URLValidator(schemes=["http", "https"], message="Enter an address that begins with http or https.")


def choices(kind: type[Status] | type[Precision] | type[Known] | type[Access]) -> list[tuple[str, str]]:
    return [(item.value, item.value.capitalize()) for item in kind]


def civil(moment: dt.datetime) -> dt.datetime:
    """A civil time as the database carries it: labelled UTC and shifted by nothing."""
    return moment.replace(tzinfo=dt.UTC)


class ArticleQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def for_crawlers(self) -> Self:
        """Those that search engines may show too."""
        return self.published().filter(access=Access.PUBLIC)

    def hidden(self) -> Self:
        """Those that a takedown keeps from readers."""
        return self.filter(status=Status.WITHHELD, access__in=HIDDEN)

    def changeable(self) -> Self:
        """Those that may be published and withheld: a takedown hides none of them."""
        return self.exclude(access__in=HIDDEN)

    def trashed(self) -> Self:
        return self.filter(trashed_at__isnull=False)

    def undated(self) -> Self:
        return self.filter(earliest__isnull=True)

    def in_year(self, year: int) -> Self:
        return self._from(dt.date(year, 1, 1), dt.date(year, 12, 31))

    def in_month(self, year: int, month: int) -> Self:
        first = dt.date(year, month, 1)
        exact = [Precision.MINUTE, Precision.DAY, Precision.MONTH]
        return self._from(first, last_of_month(first)).filter(precision__in=exact)

    def on(self, day: dt.date) -> Self:
        return self._from(day, day).filter(precision__in=[Precision.MINUTE, Precision.DAY])

    def on_any(self, month: int, day: int) -> Self:
        """Known to be of this day, in whatever year."""
        exact = [Precision.MINUTE, Precision.DAY]
        return self.alias(month_day=MonthDay("earliest")).filter(month_day=100 * month + day, precision__in=exact)

    def _from(self, first: dt.date, last: dt.date) -> Self:
        start, end = dt.datetime.combine(first, dt.time.min), dt.datetime.combine(last, dt.time.max)
        return self.filter(earliest__gte=civil(start), earliest__lte=civil(end))

    def newest(self) -> Self:
        """By the earliest bound, latest first; undated articles last."""
        return self.order_by(F("earliest").desc(nulls_last=True), "-id")

    def for_listing(self) -> Self:
        """With all that a line of a list shows, and without the long columns."""
        return self.select_related("source").defer(*LONG_COLUMNS)

    def for_mention(self) -> Self:
        """With what a link to an article says of it: headline, source and date."""
        return self.select_related("source").only(*MENTIONED, "source__name")

    def with_names(self) -> Self:
        """With everything that `as_record` reads, in a number of queries that does not grow."""
        links = ("section_links__section", "tag_links__tag", "author_links__author", "images")
        return self.select_related("source").prefetch_related(*links)


class Article(models.Model):
    """An article, its text in four states: as it came, as edited, as safe HTML to show, as plain text to search.

    The publication date is an interval: `earliest` and `latest` are inclusive civil times, either may be open.
    """

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="articles", db_index=False
    )
    title = models.CharField(max_length=TITLE_LENGTH)
    kicker = models.CharField(max_length=TITLE_LENGTH, blank=True)
    standfirst = models.TextField(blank=True)
    byline = models.CharField(max_length=TITLE_LENGTH, blank=True, help_text="As printed; authors are filed below.")
    dateline = models.CharField(max_length=200, blank=True, help_text="The place that the text names at its head.")
    language = models.CharField(max_length=35, blank=True, help_text="Such as en, ar or pt-BR.")
    canonical_url = models.CharField(max_length=URL_LENGTH, blank=True, validators=[web_address])
    status = models.CharField(max_length=10, choices=choices(Status), default=Status.PUBLISHED)
    correction = models.TextField(blank=True)
    editors_note = models.TextField(blank=True)

    earliest = models.DateTimeField(null=True, blank=True)
    latest = models.DateTimeField(null=True, blank=True)
    precision = models.CharField(max_length=8, choices=choices(Precision), default=Precision.UNKNOWN)
    known = models.CharField(max_length=8, choices=choices(Known), default=Known.UNKNOWN)
    evidence = models.JSONField(default=list, blank=True)

    body = models.TextField(blank=True, help_text="Cleaned before it is shown.")
    body_type = models.CharField(max_length=20, default="text/plain")
    received = models.TextField(blank=True, editable=False, help_text="The body as it came, where `body` is not.")
    page = models.JSONField(default=list, editable=False, help_text="Runs of lines of a saved page, with their kind.")
    body_html = models.TextField(blank=True, editable=False)
    body_text = models.TextField(blank=True, editable=False)
    cleaner_version = models.PositiveSmallIntegerField(default=0, editable=False)

    sections = models.ManyToManyField(Section, through="ArticleSection", related_name="articles")
    tags = models.ManyToManyField(Tag, through="ArticleTag", related_name="articles")
    authors = models.ManyToManyField(Author, through="ArticleAuthor", related_name="articles")

    original = models.ForeignKey(
        "articles.Original",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        editable=False,
        db_index=False,
    )
    place = models.CharField(max_length=500, blank=True, editable=False, help_text="Where in the original it stands.")
    captured_at = models.DateTimeField(null=True, editable=False, help_text="When a web archive fetched the page.")
    # The number of one of the articles that print the same story; empty where no other does (see printings.py).
    story = models.BigIntegerField(null=True, editable=False)
    # What the text says, and what the record said as a whole: the first finds copies, the second finds changes.
    content_digest = models.CharField(max_length=64, unique=True, editable=False)
    record_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Who typed or uploaded it; nobody, where it came by the command line. Whose draft it is hangs on this.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
    )
    modified_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False, help_text="When an editor last changed it by hand.")
    # In the trash an article is withheld, and it is known what it was before.
    trashed_at = models.DateTimeField(null=True, editable=False)
    trashed_from = models.CharField(max_length=10, choices=choices(Status), blank=True, editable=False)
    # How far it is shown (see ladder.py); what a takedown hides is withheld too.
    access = models.CharField(max_length=10, choices=choices(Access), default=Access.PUBLIC, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="article_date_in_order",
                condition=Q(earliest=None) | Q(latest=None) | Q(earliest__lte=F("latest")),
                violation_error_message="The earliest date is after the latest.",
            ),
            models.CheckConstraint(name="article_status_known", condition=Q(status__in=list(Status))),
            models.CheckConstraint(name="article_precision_known", condition=Q(precision__in=list(Precision))),
            models.CheckConstraint(name="article_known_known", condition=Q(known__in=list(Known))),
            models.CheckConstraint(
                name="article_trash_withheld", condition=Q(trashed_at=None) | Q(status=Status.WITHHELD)
            ),
            models.CheckConstraint(name="article_access_known", condition=Q(access__in=list(Access))),
            models.CheckConstraint(
                name="article_hidden_withheld", condition=~Q(access__in=HIDDEN) | Q(status=Status.WITHHELD)
            ),
            models.UniqueConstraint(
                name="article_canonical_url",
                fields=["canonical_url"],
                condition=~Q(canonical_url=""),
                violation_error_message="Another article has this address.",
            ),
        ]
        # Each list page is one walk along one of these.
        indexes = [
            models.Index(fields=["status", "earliest", "id", "precision"], name="article_shelf"),
            models.Index(fields=["source", "status", "earliest", "id"], name="article_source_shelf"),
            models.Index("status", MonthDay("earliest"), "earliest", "id", "precision", name="article_day_shelf"),
            models.Index(fields=["status", "id"], name="article_arrival"),
            models.Index(fields=["original", "place"], name="article_origin"),
            models.Index(fields=["story"], name="article_story", condition=Q(story__isnull=False)),
            models.Index(fields=["created_by", "id"], name="article_drafts", condition=Q(status=Status.DRAFT)),
            models.Index(fields=["trashed_at"], name="article_trash", condition=Q(trashed_at__isnull=False)),
        ]
        permissions = [
            ("upload_article", "Can upload articles"),
            ("publish_article", "Can publish what they upload"),
            ("view_health", "Can see the health of the archive"),
            ("takedown_article", "Can take articles down and bring them back"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        before, between, behind = around("articles:article", 0, "slug")
        return f"{before}{self.pk}{between}{quote(self.slug)}{behind}"

    @property
    def slug(self) -> str:
        words = slugify(self.title, allow_unicode=True)[:80].strip("-")
        return words if words and words not in PAGES_BESIDE else "article"

    @property
    def is_hidden(self) -> bool:
        return self.access in HIDDEN

    @property
    def body_as_received(self) -> str:
        return self.received or self.body

    @property
    def dating(self) -> Dating:
        return Dating(
            earliest=self.earliest and self.earliest.replace(tzinfo=None),
            latest=self.latest and self.latest.replace(tzinfo=None),
            precision=Precision(self.precision),
            known=Known(self.known),
            evidence=tuple(self.evidence),
        )

    @dating.setter
    def dating(self, dating: Dating) -> None:
        self.earliest = dating.earliest and civil(dating.earliest)
        self.latest = dating.latest and civil(dating.latest)
        self.precision, self.known = dating.precision, dating.known
        self.evidence = list(dating.evidence)

    def as_record(self) -> ArticleRecord:
        """The article in the shape that it came in, as it is now."""
        return ArticleRecord(
            **{name: getattr(self, name) for name in PLAIN_FIELDS},
            page=tuple((LineKind(kind), text) for kind, text in self.page),
            source=self.source.name if self.source else "",
            status=Status(self.status),
            date=self.dating,
            sections=tuple(link.section.name for link in self.section_links.all()),
            tags=tuple(link.tag.name for link in self.tag_links.all()),
            authors=tuple(link.author.name for link in self.author_links.all()),
            images=tuple(image.as_record() for image in self.images.all()),
            captured=self.captured_at and self.captured_at.replace(tzinfo=None),
            place=self.place,
        )

    @property
    def paragraphs(self) -> list[str]:
        return self.body_text.split("\n\n") if self.body_text else []


# What article and record have in common, word for word.
PLAIN_FIELDS = (
    "title", "kicker", "standfirst", "byline", "dateline", "language", "canonical_url", "correction", "editors_note",
    "body", "body_type", "received",
)  # fmt: skip
MENTIONED = ("title", "language", "earliest", "latest", "precision", "known", "status", "story", "source")
LONG_COLUMNS = ("body", "received", "page", "body_html", "evidence", "record_digest", "content_digest")


class LinkQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)


class Link(models.Model):
    """One article filed under one name, with the article's sort key beside the name.

    `status` and `earliest` are the article's, copied by the database itself (see ledger.py).
    """

    position = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, default="", editable=False)
    earliest = models.DateTimeField(null=True, editable=False)

    objects = LinkQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "id"]


def shelf(name: str) -> dict[str, Any]:
    """The constraint and the index of a link to `name`."""
    return {
        "constraints": [models.UniqueConstraint(fields=["article", name], name=f"article_{name}_once")],
        "indexes": [models.Index(fields=[name, "status", "earliest", "article"], name=f"{name}_shelf")],
    }


class ArticleSection(Link):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="section_links")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="links", db_index=False)

    class Meta(Link.Meta):
        constraints = shelf("section")["constraints"]
        indexes = shelf("section")["indexes"]


class ArticleTag(Link):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="tag_links")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="links", db_index=False)

    class Meta(Link.Meta):
        constraints = shelf("tag")["constraints"]
        indexes = shelf("tag")["indexes"]


class ArticleAuthor(Link):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="author_links")
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="links", db_index=False)

    class Meta(Link.Meta):
        constraints = shelf("author")["constraints"]
        indexes = shelf("author")["indexes"]


class Image(models.Model):
    """A picture that an article had, by its caption. `url` is where it was; the archive never loads it from there."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="images")
    position = models.PositiveSmallIntegerField(default=0)
    url = models.CharField(max_length=URL_LENGTH, blank=True)
    caption = models.TextField(blank=True)
    credit = models.CharField(max_length=TITLE_LENGTH, blank=True)
    alt = models.TextField(blank=True)
    paragraph = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.caption or self.url

    def as_record(self) -> ImageRecord:
        return ImageRecord(
            url=self.url, caption=self.caption, credit=self.credit, alt=self.alt, paragraph=self.paragraph
        )
