"""Lists, searches and articles for programs: at the addresses of their pages, with .json, .csv, .jsonl or .atom."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from itertools import chain, islice
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from . import exports, history, search, shelves
from .browsing import asked_for, asked_together, day_of_year
from .exports import Export
from .feeds import as_atom
from .forms import SearchForm
from .models import Article, Name, Period, Tag
from .paging import Listing
from .records import Refused, storable
from .views import moved, name_or_404
from .wording.archive import day_of_year_words, export_url, period_url, period_words

Writer = Callable[[Export], Iterator[str]]
FORMS: dict[str, tuple[str, Writer]] = {
    "json": ("application/json", exports.as_json),
    "csv": ("text/csv; charset=utf-8; header=present", exports.as_csv),
    "jsonl": ("application/jsonl", exports.as_jsonl),
    "atom": ("application/atom+xml; charset=utf-8", as_atom),
}
MOST_NEWEST = 500
# A header may hold so many characters of a sentence: percent-encoded, each can take twelve bytes.
TOLD = 300

# What JSON says of a value of a facet.
FACET_VALUE = ("value", "name", "count", "active", "excluded", "adds")

# What keeps words of either direction apart on a page is nothing to programs.
ISOLATES = {0x2068: None, 0x2069: None}

# So many bytes are sent at once at most: what is longer is sent while it is read.
AT_ONCE = 2 * 1024 * 1024

# So many long lists may be on their way at once: a slow reader of one keeps a thread of the server.
ROOM = threading.BoundedSemaphore(max(1, settings.THREADS // 2))
BUSY = "Other long lists are being sent just now. Please ask again in a minute, or narrow what you ask for."

View = Callable[..., HttpResponseBase]


def exported(view: View) -> View:
    """For reading only. What `view` refuses is answered with the sentence that says why."""

    @csrf_exempt
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **asked: Any) -> HttpResponseBase:
        try:
            return view(request, **asked)
        except Refused as error:
            return _refusal(asked["form"], str(error))

    return answer


@exported
def everything(request: HttpRequest, form: str) -> HttpResponseBase:
    total = Period.objects.count_of("all")
    shelf = Shelf(_("All articles"), search.Question(), reverse("articles:all"), shelves.everything(), total)
    return _list(request, form, shelf)


@exported
def undated(request: HttpRequest, form: str) -> HttpResponseBase:
    asked, page = search.Question("-has:date"), reverse("articles:undated")
    shelf = Shelf(_("Date not known"), asked, page, shelves.undated(), Period.objects.count_of("undated"))
    return _list(request, form, shelf)


@exported
def name(request: HttpRequest, form: str, kind: type[Name], slug: str) -> HttpResponseBase:
    """The articles of a source, or those filed under a section, a tag or an author."""
    shown = name_or_404(kind, slug)
    if slug != shown.slug:
        return moved(request, export_url(shown.get_absolute_url(), form))
    asked = search.Question().narrowed(str(kind._meta.model_name), shown.slug)
    listing, total = shelves.of_name(shown), shown.published_count
    return _list(request, form, Shelf(shown.name, asked, shown.get_absolute_url(), listing, total))


@exported
def together(request: HttpRequest, form: str, slugs: str) -> HttpResponseBase:
    """The articles that have all of some tags."""
    asked = asked_together(slugs)
    if asked.refused:
        return _refusal(form, asked.refused, HTTPStatus.NOT_FOUND)
    if asked.url != reverse("articles:tags_together", args=[slugs]):
        return moved(request, export_url(asked.url, form))
    question = asked_for(Tag, asked.slugs)
    listing, total = shelves.together(asked.tags), search.company(question, kinds=()).total
    return _list(request, form, Shelf(asked.title, question, asked.url, listing, total))


@exported
def names(request: HttpRequest, form: str, kind: type[Name]) -> HttpResponseBase:
    """All names of one kind that articles are filed under, or the one that is or was called `name`."""
    kinds, called = str(kind._meta.verbose_name_plural), storable(request.GET.get("name", ""))
    held, words = kind.objects.in_use(), kinds.capitalize()
    if called:
        held = held.filter(pk__in=[name.pk for name in kind.objects.known([called]).values()])
        words = _("%(names)s called “%(name)s”") % {"names": words, "name": called}
    export = _export(request, words, reverse(f"articles:{kinds}"), held.count(), ())
    written = exports.names_as_json(export, shelves.names_with_aliases(held))
    return _sent(request, form, export, written, few=export.total <= exports.CHUNK)


@exported
def period(request: HttpRequest, form: str, **numbers: str) -> HttpResponseBase:
    """The articles of a year, a month or a day."""
    shown = get_object_or_404(Period, label="-".join(numbers.values()), published_count__gt=0)
    asked = search.Question(since=shown.label, until=shown.label)
    listing, total = shelves.of_period(shown), shown.published_count
    return _list(request, form, Shelf(period_words(shown.label), asked, period_url(shown.label), listing, total))


@exported
def on_any(request: HttpRequest, form: str, month: str, day: str) -> HttpResponseBase:
    """What appeared on a day, in whatever year."""
    shown = day_of_year(month, day)
    words = _("any %(day)s") % {"day": day_of_year_words(shown)}
    total = sum(Period.objects.on_any(shown.month, shown.day).values())
    listing, page = shelves.on_any(shown.month, shown.day), reverse("articles:on_any", args=[month, day])
    return _list(request, form, Shelf(words, search.Question(), page, listing, total, words))


@exported
def arrivals(request: HttpRequest, form: str) -> HttpResponseBase:
    words, total = _("all articles, the last that came in first"), Period.objects.count_of("all")
    page = reverse("articles:arrivals")
    return _list(
        request, form, Shelf(_("New in the archive"), search.Question(), page, shelves.arrivals(), total, words)
    )


@exported
def article(request: HttpRequest, form: str, pk: int, slug: str = "") -> HttpResponseBase:
    """One article; as JSON the same object as in a list."""
    shown = exports.filled(get_object_or_404(exports.published(form), pk=pk), form)
    page = shown.get_absolute_url()
    if slug != shown.slug:
        return HttpResponsePermanentRedirect(export_url(page, form))
    if form == "json":
        told = exports.result(shown, _site(request)) | history.described(shown, _site(request))
        return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    return _answer(request, form, _export(request, shown.title, page, 1, [shown]))


@exported
def find(request: HttpRequest, form: str) -> HttpResponseBase:
    """All that /search/ finds for the same parameters, whichever page they name."""
    newest = _newest(request)
    question = SearchForm(request.GET).question()
    asked = question.with_(sort=search.Sort.NEWEST) if newest else question
    found = search.counted(asked) if request.method == "HEAD" else search.walk(asked, faceted=form == "json")
    if found.refused:
        raise Refused(found.refused)
    articles = exports.loaded(_first(found.numbers, newest), form)
    facts = {"facets": _values(found.facets)} if form == "json" else {}
    told = {"notes": found.notes, "facts": facts, "title": _words(question)}
    export = _export(request, _words(asked, newest), question.plain.url(), found.count, articles, **told)
    return _answer(request, form, export)


@dataclass(frozen=True)
class Shelf:
    """A list under its title, at the address of its page; `asked` says in full what is in it, or else `said` does."""

    title: str
    asked: search.Question
    page: str
    listing: Listing
    total: int
    said: str = ""


def _list(request: HttpRequest, form: str, shelf: Shelf) -> HttpResponseBase:
    newest = _newest(request)
    oldest = request.GET.get("order") == "oldest" and not newest
    numbers = _first(shelf.listing.keys(oldest=oldest, size=exports.CHUNK), newest)
    asked = shelf.asked.with_(sort=search.Sort.OLDEST) if oldest else shelf.asked
    page = f"{shelf.page}?order=oldest" if oldest else shelf.page
    articles = exports.loaded(numbers, form)
    export = _export(request, _words(asked, newest, shelf.said), page, shelf.total, articles, title=shelf.title)
    return _answer(request, form, export)


def _words(asked: search.Question, newest: int = 0, said: str = "") -> str:
    """All that is asked, as an English sentence; what is `said` stands for what no question can ask."""
    words = said or search.reading(asked).translate(ISOLATES)
    return f"{words}, {_('the newest %(count)s only') % {'count': newest}}" if newest else words


def _newest(request: HttpRequest) -> int:
    """How many of the newest articles are asked for; 0 stands for all."""
    given = request.GET.get("newest", "")
    if not given:
        return 0
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:9]) <= MOST_NEWEST):
        raise Refused(f"newest: write a number from 1 to {MOST_NEWEST}, such as newest=50, or leave it out for all.")
    return int(given)


def _first(numbers: Iterable[list[int]], newest: int) -> Iterable[list[int]]:
    return [list(islice(chain.from_iterable(numbers), newest))] if newest else numbers


def _export(
    request: HttpRequest, question: str, page: str, total: int, articles: Iterable[Article], **told: Any
) -> Export:
    site = _site(request)
    return Export(question, site, site + page, request.build_absolute_uri(), total, articles, **told)


def _site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _values(facets: search.Facets) -> dict[str, list[dict[str, Any]]]:
    return {facet: [_value(value) for value in values] for facet, values in facets.items()}


def _value(value: search.FacetValue) -> dict[str, Any]:
    return {name: getattr(value, name) for name in FACET_VALUE}


class Sending(StreamingHttpResponse):
    """A long list, sent while it is read. It takes a place in `ROOM`, and gives it back when it is closed."""

    def close(self) -> None:
        super().close()
        if self.place:
            self.place = False
            ROOM.release()

    place = True


def _answer(request: HttpRequest, form: str, export: Export) -> HttpResponseBase:
    few = export.total <= exports.CHUNK or _newest(request) > 0
    return _sent(request, form, export, FORMS[form][1](export), few=few)


def _sent(request: HttpRequest, form: str, export: Export, written: Iterator[str], *, few: bool) -> HttpResponseBase:
    """What is short is sent at once, and its ETag tells whether anything changed."""
    content_type = FORMS[form][0]
    if request.method == "HEAD":
        # How long the answer would be is not known before it is written.
        return _headed(StreamingHttpResponse(content_type=content_type), export)
    pieces = exports.packets(written)
    begun = _begun(pieces) if few else []
    response: HttpResponseBase
    if few and sum(map(len, begun)) < AT_ONCE:
        response = HttpResponse(b"".join(begun), content_type=content_type)
    elif ROOM.acquire(blocking=False):
        response = Sending(_joined(begun, pieces), content_type=content_type)
    else:
        return _refusal(form, BUSY, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "60"})
    return _headed(response, export)


def _begun(pieces: Iterator[bytes]) -> list[bytes]:
    """The first pieces, until they are too much to be sent at once."""
    begun, length = [], 0
    for piece in pieces:
        begun.append(piece)
        length += len(piece)
        if length >= AT_ONCE:
            break
    return begun


def _joined(begun: list[bytes], pieces: Iterator[bytes]) -> Iterator[bytes]:
    """A generator, so that whoever closes it closes the rest too."""
    yield from begun
    yield from pieces


def _headed(response: HttpResponseBase, export: Export) -> HttpResponseBase:
    response["X-Archive-Count"] = str(export.total)
    response["X-Archive-Question"] = _told(export.question)
    if export.notes:
        response["X-Archive-Notes"] = _told(" ".join(export.notes))
    return response


def _told(sentence: str) -> str:
    return quote(sentence if len(sentence) <= TOLD else f"{sentence[:TOLD]}…")


def _refusal(
    form: str, sentence: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST, headers: dict[str, str] | None = None
) -> HttpResponse:
    if form in ("json", "jsonl"):
        kept = {"ensure_ascii": False}
        return JsonResponse({"error": sentence}, status=status, headers=headers, json_dumps_params=kept)
    kind = "text/plain; charset=utf-8"
    return HttpResponse(f"{sentence}\n", status=status, headers=headers, content_type=kind)
