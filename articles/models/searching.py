"""What editors keep for those who search: names that belong together, and searches to follow."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone


class NameRing(models.Model):
    """Names of one thing: whoever looks for one of them is offered the others."""

    names = models.TextField(help_text="One name a line, such as Daesh, ISIS, Islamic State, داعش.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return ", ".join(self.listed)

    @property
    def listed(self) -> list[str]:
        """The names, each once, in the order of the editor."""
        return list(dict.fromkeys(name for line in self.names.splitlines() if (name := " ".join(line.split()))))


class FollowedSearch(models.Model):
    """A search with a name and a page of its own. `query` is the query string of its address."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    query = models.CharField(max_length=4000)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "followed searches"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:followed", args=[self.slug])
