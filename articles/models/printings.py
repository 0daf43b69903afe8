"""What tells that two articles are printings of one story."""

from __future__ import annotations

from django.db import models

from .article import Article


class Sketch(models.Model):
    """The MinHash of an article's text: see articles/printings.py for what the bytes mean."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="sketch")
    hashes = models.BinaryField()

    def __str__(self) -> str:
        return f"sketch of {self.article_id}"


class SketchBand(models.Model):
    """Some of the hashes of an article as one number: articles that share one may be alike."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="sketch_bands")
    band = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["key", "band", "article"], name="sketch_band")]

    def __str__(self) -> str:
        return f"band {self.band} of {self.article_id}"
