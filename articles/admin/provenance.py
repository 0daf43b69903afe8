"""What the page of an article says of where it comes from. Nothing of it can be changed."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..models import Article
from ..records import LineKind
from ..wording.archive import moment_time
from .originals import verified

MOST_RECEIPTS = 10
KINDS = {
    LineKind.BODY: "Body",
    LineKind.METADATA: "Metadata that was read",
    LineKind.FURNITURE: "Furniture that was set aside",
}


@admin.display(description="Original")
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


@admin.display(description="Last verified")
def original_verified(article: Article) -> str:
    return verified(article.original) if article.original else "There is no original."


@admin.display(description="Receipts")
def receipts(article: Article) -> str:
    outcomes = article.outcomes.select_related("job").order_by("pk")[:MOST_RECEIPTS]
    links = [
        (outcome.job.get_absolute_url(), outcome.job.label, moment_time(outcome.job.created_at)) for outcome in outcomes
    ]
    return format_html_join(SafeString("<br>"), '<a href="{}">{}</a>, {}', links) or "None."


@admin.display(description="The saved page")
def page_lines(article: Article) -> str:
    """Every line of the page that the article was saved from, in the shade of its kind."""
    if not article.page:
        return "The article did not come as the text of a page."
    key = format_html_join(" ", '<span class="{}">{}</span>', KINDS.items())
    runs = format_html_join("", '<span class="{}">{}</span>', article.page)
    summary = f"{sum(text.count(chr(10)) + 1 for _, text in article.page):,} lines"
    return format_html('<details><summary>{}</summary><p>{}</p><pre dir="auto">{}</pre></details>', summary, key, runs)


@admin.display(description="Body as it came")
def body_as_it_came(article: Article) -> str:
    if not article.received:
        return "As above."
    words = f"{len(article.received):,} characters"
    return format_html('<details><summary>{}</summary><pre dir="auto">{}</pre></details>', words, article.received)


@admin.display(description="Digest of the content")
def digest(article: Article) -> str:
    return format_html("<code>{}</code>", article.content_digest)


@admin.display(description="Times")
def times(article: Article) -> str:
    edited = format_html("edited {}", moment_time(article.edited_at)) if article.edited_at else "never edited here"
    stored, changed = moment_time(article.created_at), moment_time(article.modified_at)
    return format_html("Stored {}; changed {}; {}.", stored, changed, edited)


FIELDS = (original_file, original_verified, receipts, page_lines, body_as_it_came, digest, times)
