"""What tells that two articles are printings of one story."""

from __future__ import annotations

from django.db import models

from .article import Article


class Sketch(models.Model):
    """The MinHash of an article's text: see articles/sketches.py for what the bytes mean."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="sketch")
    hashes = models.BinaryField()

    def __str__(self) -> str:
        return f"sketch of {self.article_id}"


class SketchKey(models.Model):
    """One of the least hashes of an article: articles that have one in common may be alike."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="sketch_keys")
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["key", "article"], name="sketch_key")]

    def __str__(self) -> str:
        return f"key of {self.article_id}"
