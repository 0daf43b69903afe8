"""What the page of an article says of where it comes from. Nothing of it can be changed."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..models import Article
from ..wording.archive import moment_time
from .originals import verified

MOST_RECEIPTS = 10


def original_file(article: Article) -> str:
    original = article.original
    if not original:
        return "None: the article was written here."
    return format_html(
        '<a href="{}">{}</a>{} · <a href="{}">download</a><br>SHA-256 <code>{}</code><br>Came {} by {}.',
        reverse("admin:articles_original_change", args=[original.pk]),
        original.name or "without a name",
        f", {article.place}" if article.place else "",
        reverse("admin:articles_original_download", args=[original.pk]),
        original.sha256,
        moment_time(original.received_at),
        original.received_by or "the command line",
    )


def original_verified(article: Article) -> str:
    return verified(article.original) if article.original else "There is no original."


def receipts(article: Article) -> str:
    outcomes = article.outcomes.select_related("job").order_by("pk")[:MOST_RECEIPTS]
    links = [
        (outcome.job.get_absolute_url(), outcome.job.label, moment_time(outcome.job.created_at)) for outcome in outcomes
    ]
    return format_html_join(SafeString("<br>"), '<a href="{}">{}</a>, {}', links) or "None."


def digest(article: Article) -> str:
    return format_html("<code>{}</code>", article.content_digest)


def times(article: Article) -> str:
    edited = format_html("edited {}", moment_time(article.edited_at)) if article.edited_at else "never edited here"
    stored, changed = moment_time(article.created_at), moment_time(article.modified_at)
    return format_html("Stored {}; changed {}; {}.", stored, changed, edited)


FACTS = {
    "Original": original_file,
    "Last verified": original_verified,
    "Receipts": receipts,
    "Times": times,
    "Digest of the content": digest,
}


def facts(article: Article) -> list[tuple[str, str]]:
    """Each with its name."""
    return [(name, said(article)) for name, said in FACTS.items()]
