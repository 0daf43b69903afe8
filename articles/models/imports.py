"""What came in, how, and what became of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from ..records import Status
from .article import Article, choices
from .names import Source


class Original(models.Model):
    """A file as it came, kept under its checksum and never rewritten."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    # When the file was last read whole, and whether it had its checksum then.
    verified_at = models.DateTimeField(null=True)
    intact = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index(fields=["intact"], name="original_damaged", condition=models.Q(intact=False))]

    def __str__(self) -> str:
        return self.name or self.sha256

    @property
    def path(self) -> Path:
        return settings.ORIGINALS / self.sha256[:2] / self.sha256[2:4] / self.sha256


class JobState(models.TextChoices):
    """A proposed job waits until a person has seen its preview; a cancelled one keeps what it had stored by then."""

    PROPOSED = "proposed"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ImportJob(models.Model):
    """One batch: the files of one upload or one command, and what to give the articles in them."""

    label = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=choices(Status), blank=True)
    tags = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # The lease: who runs the job, and when it last said so.
    worker = models.CharField(max_length=200, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    bytes_total = models.PositiveBigIntegerField(default=0)
    bytes_done = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    # When undoing it began, or was asked for: from then on it counts as undone, whoever's account is deleted meanwhile.
    undo_asked_at = models.DateTimeField(null=True)
    # How many articles undoing has removed by now, and how many it has put back.
    removed = models.PositiveBigIntegerField(default=0)
    put_back = models.PositiveBigIntegerField(default=0)
    # When somebody said that what was refused needs nothing more.
    settled_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="job_queue")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Its preview as long as it is proposed, then its receipt."""
        page = "preview" if self.state == JobState.PROPOSED else "receipt"
        return reverse(f"admin:articles_importjob_{page}", args=[self.pk])

    def counts(self) -> Counter[str]:
        """How many outcomes of each kind."""
        rows = self.outcomes.order_by().values_list("result").annotate(Count("id"))
        return Counter(dict(rows))


class ImportInput(models.Model):
    """One file of a batch, under the name it came with. `original` is missing when the file was refused unread.

    `guidance` is what a person decided of it: its format, columns, sections, whether text is mended; and what an import
    noted of its columns for the receipt: `left_out`, `left_out_more`, `guessed`. An import that was cut off goes on at
    the part `part` of the file, which has `before` records before it.
    """

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="inputs")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=500)
    original = models.ForeignKey(Original, on_delete=models.PROTECT, null=True, blank=True, related_name="inputs")
    guidance = models.JSONField(default=dict, blank=True)
    part = models.PositiveIntegerField(default=0)
    before = models.PositiveIntegerField(default=0)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["job", "position"], name="input_once")]

    def __str__(self) -> str:
        return self.name


class Result(models.TextChoices):
    CREATED = "created"
    UPDATED = "updated"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    FAILED = "failed"


class ImportOutcome(models.Model):
    """What became of one record of one file. `number` counts records from 1; 0 stands for the file as a whole."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="outcomes")
    input = models.ForeignKey(ImportInput, on_delete=models.CASCADE, related_name="outcomes")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=500, blank=True)
    result = models.CharField(max_length=10, choices=Result.choices)
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="outcomes")
    # The version of the article that an update put an end to; undoing the update brings it back.
    version = models.ForeignKey(
        "articles.ArticleVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=500, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["input__position", "number"]
        # A job that is run again after a crash goes on behind the outcomes that stand.
        constraints = [models.UniqueConstraint(fields=["input", "number"], name="outcome_once")]
        indexes = [models.Index(fields=["job", "result"], name="outcome_tally")]

    def __str__(self) -> str:
        return f"{self.result}: {self.title or self.reason}"
