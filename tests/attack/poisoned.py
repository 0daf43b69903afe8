"""An archive with payloads in every field that reaches a page, come by every way in, and the pages that show them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice
from urllib.parse import quote, urlencode

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db.models import F

from articles import jobs, ladder, trash, versions
from articles.models import (
    Access,
    Article,
    Author,
    Cause,
    FollowedSearch,
    FruitlessSearch,
    Image,
    ImportJob,
    JobState,
    NameRing,
    Original,
    Reason,
    Section,
    Source,
    Tag,
    Takedown,
)

from ..importers.packing import warc_record, zip_of

# So many bodies stand on one page of an article: each was cleaned by itself, as it came.
ON_A_PAGE = 60
PAGE = "<!doctype html><html><head><title>{0}</title><meta name=author content='{1}'></head><body><h1>{0}</h1>"
PAGE += "<p>{0} {2}</p><p>Some words of the river, so that this is long enough for an article.</p></body></html>"
TEXT = "{}\nBy {}\nMay 5, 1923\n\n{} Some words of the river, so that it is long enough.\n\nAnd a second paragraph.\n"
ITEM = "<item><title>{0}</title><link>https://news.example/{1}</link><dc:creator>{0}</dc:creator>"
ITEM += "<category>{0}</category><content:encoded>{0}</content:encoded><wp:post_type>post</wp:post_type></item>"
FEED = "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' {}"
FEED += "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:wp='{}'>"
FEED += "<channel><title>River</title>{}</channel></rss>"
NAMES = (Tag, Section, Source, Author)
# As long as lists are followed.
MOST = 1000
OF_AN_ARTICLE = ("", "cite/", "versions/", "versions/differences/", "versions/1/", "printings/")
OF_AN_ARTICLE_HERE = ("change", "preview", "versions", "takedown", "history", "delete")
LISTS = (
    "", "health/", "articles/article/copies/", "articles/article/trash/", "articles/article/suggested-tags/",
    "articles/article/found/?q=alert", "articles/importjob/upload/", "articles/importjob/", "articles/tag/",
    "articles/source/", "articles/author/", "articles/section/", "articles/namering/", "articles/followedsearch/",
    "articles/fruitlesssearch/", "articles/original/", "articles/draft/", "auth/user/", "admin/logentry/",
)  # fmt: skip
WXR = "http://wordpress.org/export/1.2/"


def records(payloads: Sequence[str]) -> Iterator[dict[str, object]]:
    for number, text in enumerate(payloads):
        line = text[:400]
        name = f"{line[:190]} {number}"
        yield {
            "title": line, "kicker": line, "standfirst": text, "byline": line, "dateline": line[:200],
            "source": name, "sections": [name], "tags": [name], "authors": [name], "language": "en",
            "canonical_url": f"https://news.example/{line}", "correction": text, "editors_note": text,
            "body": f"<p>{number}</p>{text}", "body_type": "text/html", "date": "1923-05-05", "place": line,
            "images": [{"url": line, "caption": text, "credit": line, "alt": text, "paragraph": 1}],
        }  # fmt: skip


def files(payloads: Sequence[str]) -> dict[str, bytes]:
    """The payloads in files of each kind, by their names."""
    own = "\n".join(json.dumps(record) for record in records(payloads))
    # These name the payload as their address, which is told back where it is refused.
    told = "\n".join(json.dumps({"title": text, "body": "x", "canonical_url": text}) for text in payloads)
    return {
        "own.jsonl": own.encode(), "refused.jsonl": told.encode(), "<img src=x onerror=alert(1)>.csv": table(payloads),
        "pages.zip": zip_of({named(text, number, "html"): page(text) for number, text in enumerate(payloads)}),
        "texts.zip": zip_of({named(text, number, "txt"): plain(text) for number, text in enumerate(payloads)}),
        "feed.xml": feed(payloads, ""), "posts.xml": feed(payloads, f"xmlns:wp='{WXR}'"),
        "pages.warc": b"".join(warc_record(f"https://news.example/{number}",
    page(text)) for number, text in enumerate(payloads)),
    }  # fmt: skip


def page(text: str) -> bytes:
    return PAGE.format(text, escape(text), escape(text)).encode("utf-8", "replace")


def plain(text: str) -> bytes:
    return TEXT.format(*[" ".join(text.split())] * 3).encode("utf-8", "replace")


def named(text: str, number: int, ending: str) -> str:
    return f"{number} {text.replace('/', '∕').replace(chr(0), '')[:80]}.{ending}"


def table(payloads: Sequence[str]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["title", "body", "author", "tags", "section", "date", "source"])
    writer.writerows([text[:400], text, *[text[:190]] * 3, "1923-05-06", text[:190]] for text in payloads)
    return written.getvalue().encode("utf-8", "replace")


def feed(payloads: Sequence[str], space: str) -> bytes:
    """Escaped, as XML wants it: what is read of it is the payload."""
    signs = ("".join(sign for sign in text if sign >= " ") for text in payloads)
    items = "".join(ITEM.format(escape(text), number) for number, text in enumerate(signs))
    return FEED.format("", WXR if space else "urn:none", items).encode("utf-8", "replace")


def upload(content: dict[str, bytes], label: str, state: JobState = JobState.QUEUED) -> ImportJob:
    job = jobs.enqueue([jobs.Incoming(name, [data]) for name, data in content.items()], label=label, state=state)
    if state == JobState.QUEUED:
        assert jobs.claim(job, jobs.worker_name())
        jobs.run(job)
    return job


def fill(payloads: Sequence[str]) -> None:
    upload(files(payloads), payloads[0][:200])
    upload(
        {"few.jsonl": "\n".join(json.dumps(record) for record in records(payloads[:3])).encode()},
        "a preview",
        JobState.PROPOSED,
    )
    change(payloads)
    put_on_pages()
    for number, text in enumerate(payloads[:40]):
        FollowedSearch.objects.create(
            name=text[:200], slug=f"followed-{number}", query=urlencode({"q": text[:300]}), description=text
        )
        NameRing.objects.create(names=f"{text}\nBoat {number}")
        FruitlessSearch.objects.create(query=urlencode({"q": text[:200], "n": number})[:500], words=text[:300])
        User.objects.create(
            username=f"{number} {text[:100]}", first_name=text[:100], last_name=text[:100], email=text[:200]
        )


def change(payloads: Sequence[str]) -> None:
    """Versions, takedowns, the trash, what is said of names, entries of the log."""
    articles = list(Article.objects.order_by("pk")[: len(payloads)])
    few = articles[:8]
    before = versions.told_of([article.pk for article in few])
    for article in few:
        Article.objects.filter(pk=article.pk).update(body_text=F("body_text") + payloads[-1], title=payloads[-1][:400])
    versions.keep_changed(before, Cause.EDITED)
    for article, text in zip(articles[8:48], payloads, strict=False):
        words = {"words": text, "headline": text[:500], "note": text}
        ladder.move([article.pk], ladder.Step(Access.TOMBSTONE, Reason.OTHER, **words))
    trash.discard([article.pk for article in articles[-8:]])
    for kind in NAMES:
        for name, text in zip(kind.objects.order_by("pk")[:40], payloads, strict=False):
            kind.objects.filter(pk=name.pk).update(description=text)
    user = User.objects.create(username="logged")
    for article, text in zip(articles, payloads[:100], strict=False):
        LogEntry.objects.log_actions(user.pk, [article], CHANGE, text)


def put_on_pages() -> None:
    """Articles that have the cleaned bodies of many others in theirs."""
    bodies = (
        Article.objects.exclude(body_html="").order_by("pk").values_list("body_html", flat=True).distinct().iterator()
    )
    for number, part in enumerate(iter(lambda: list(islice(bodies, ON_A_PAGE)), [])):
        whole = "".join(f"<div>{body}</div>" for body in part)
        held = {"title": f"Page {number}", "body_html": whole, "body": "x", "content_digest": f"page {number}"}
        article = Article.objects.create(record_digest="", source=Source.objects.first(), **held)
        Image.objects.create(article=article, caption=f"{number}")


def reading() -> dict[str, int]:
    """The pages of readers, each with how many pages of its list are looked at."""
    names = [kind.objects.in_use().order_by("pk").first().get_absolute_url() for kind in NAMES]
    whole = ["/articles/", *(f"/{kind._meta.verbose_name_plural}/" for kind in NAMES)]
    begun = ["/new/", "/undated/", "/1923/", "/1923/05/", "/1923/05/05/", "/takedowns/", "/search/?q=alert"]
    begun += ["/search/?q=script+OR+river&view=lines"]
    one = [
        "/",
        "/on/05-05/",
        "/followed/",
        "/followed/followed-0/",
        "/followed/followed-1/",
        "/search/help/",
        "/coverage/",
    ]
    one += [
        names[2].replace("source", "coverage", 1),
        "/tags/by-count/",
        "/tags/letter/0/",
        "/search/?q=alert&more=tag",
    ]
    return dict.fromkeys(whole, MOST) | dict.fromkeys(begun, 2) | dict.fromkeys((*names, *one), 1)


def articles() -> list[str]:
    """The pages that hold the bodies, and all pages of a few articles."""
    albums = [album.get_absolute_url() for album in Article.objects.filter(title__startswith="Page ").order_by("pk")]
    told = [f"/article/{row.article_id}/x/" for row in Takedown.objects.tombstones().order_by("pk")[:12]]
    few = Article.objects.published().order_by("pk")[:3]
    return albums + told + [f"/article/{article.pk}/{end}" for article in few for end in OF_AN_ARTICLE]


def desk() -> dict[str, int]:
    """The pages of the desk, likewise."""
    few = [*Article.objects.order_by("pk")[:2], *Article.objects.filter(access=Access.TOMBSTONE)[:2]]
    one = [f"articles/article/{article.pk}/{end}/" for article in few for end in OF_AN_ARTICLE_HERE]
    for kind in (*NAMES, NameRing, FollowedSearch, User, Original):
        last = kind.objects.order_by("-pk")[:3]
        one += [f"{kind._meta.app_label}/{kind._meta.model_name}/{row.pk}/change/" for row in last]
    tags = ",".join(str(row.pk) for row in Tag.objects.order_by("pk")[:20])
    done = ImportJob.objects.exclude(state=JobState.PROPOSED).earliest("pk").pk
    proposed = ImportJob.objects.get(state=JobState.PROPOSED).pk
    one += [f"articles/tag/merge/?names={tags}", f"articles/importjob/{proposed}/preview/"]
    one += [
        f"articles/importjob/{done}/undo/",
        *(f"articles/importjob/{done}/receipt/?page={page}" for page in (2, 5, 9)),
    ]
    pages = [f"articles/article/?p={page}" for page in range(1, 1 + min(Article.objects.count() // 50, MOST))]
    return {f"/admin/{place}": 1 for place in (*LISTS, *pages, *one)}


PARAMETERS = (
    "q", "source", "section", "tag", "author", "language", "year", "known", "from", "to", "stored", "sort", "page",
    "bars",
    "view", "lines", "more", "not_also", "quote", "at", "order", "before", "after", "layout", "next",
)  # fmt: skip
STEP = 20
ASKED = ("/search/", "/article/{}/", "/search/why/{}/", "/nowhere/", "/articles/", "/admin/login/")


def asked(payloads: Sequence[str]) -> list[str]:
    """Addresses with payloads in every parameter, and in the address itself; each has every payload."""
    number = Article.objects.published().earliest("pk").pk
    found = []
    for turn in range(0, len(payloads), STEP):
        few = [payloads[(turn + place) % len(payloads)][:400] for place in range(len(PARAMETERS))]
        query = urlencode(dict(zip(PARAMETERS, few, strict=True)), errors="replace")
        # The search box says all of it back.
        many = urlencode({"q": " ".join(few)[:1500], "not_also": few[0]}, errors="replace")
        found += [f"{place.format(number)}?{query}" for place in ASKED]
        found += [
            f"/search/?{many}",
            f"/admin/articles/article/?{many}",
            f"/nowhere/{quote(few[0], safe='', errors='replace')}/",
        ]
    return found
