"""What programs and browsers can ask of the archive, in the forms that they read: OpenAPI and OpenSearch."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import get_script_prefix
from django.views.decorators.http import require_safe

from . import citing
from .api import FORMS, MOST_NEWEST
from .completing import KINDS, OPENSEARCH
from .records import Known, LineKind, Precision, Status
from .search import FACETS, Sort
from .search.hints.completion import OFFERED
from .search.names.rings import NAMES

VERSION = "1"


@require_safe
def document(request: HttpRequest) -> JsonResponse:
    server = f"{request.scheme}://{request.get_host()}{get_script_prefix()}".rstrip("/")
    return JsonResponse(described(server), json_dumps_params={"ensure_ascii": False})


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    kind = "application/opensearchdescription+xml"
    return render(request, "opensearch.xml", {"site": f"{request.scheme}://{request.get_host()}"}, content_type=kind)


def described(server: str) -> dict[str, Any]:
    """The OpenAPI document of the archive at this address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": settings.ARCHIVE_NAME, "version": VERSION, "description": ABOUT},
        "servers": [{"url": server}],
        "paths": {
            f"{address}.{form}": {"get": _operation(name, summary, parameters, form)}
            for address, (name, summary, parameters) in ADDRESSES.items()
            for form in FORMS
        }
        | {f"/{kinds}.json": {"get": _listing(kinds)} for kinds in KINDS_OF_NAMES}
        | {"/search/complete.json": {"get": COMPLETING}}
        | citing.described(),
        "components": {"schemas": SCHEMAS, "parameters": PARAMETERS, "headers": HEADERS},
    }


def _operation(name: str, summary: str, parameters: tuple[str, ...], form: str) -> dict[str, Any]:
    return {
        "operationId": f"{name}_{form}",
        "summary": summary,
        "parameters": [{"$ref": f"#/components/parameters/{parameter}"} for parameter in parameters],
        "responses": _responses(name, form),
    }


def _listing(kinds: str) -> dict[str, Any]:
    """The list of all names of a kind, such as "tags"."""
    return {
        "operationId": f"{kinds}_json",
        "summary": f"All {kinds}",
        "parameters": [_ref("parameters", "name")],
        "responses": {
            "200": {
                "description": ANSWERS["json"],
                "content": {"application/json": {"schema": _ref("schemas", "Names")}},
                "headers": {header: _ref("headers", header) for header in HEADERS},
            },
            "405": {"description": "Only GET and HEAD are answered."},
            "503": _refusal("json", "Too many long answers are being sent; Retry-After says when to ask again."),
        },
    }


def _responses(name: str, form: str) -> dict[str, Any]:
    responses = {"200": _answer(name, form), "405": {"description": "Only GET and HEAD are answered."}}
    responses |= {"410": {"description": "It was taken down: when and why."}} if name == "article" else {}
    if name in MOVED:
        responses["301"] = {"description": MOVED[name]}
    if name != "article":
        responses["400"] = _refusal(form, "A sentence that says what to leave out.")
    if (name, form) != ("article", "json"):
        responses["503"] = _refusal(form, "Too many long answers are being sent; Retry-After says when to ask again.")
    if name not in ("all", "arrivals", "undated", "search"):
        responses["404"] = {"description": "Nothing of this name, day or number is published."}
    return responses


def _answer(name: str, form: str) -> dict[str, Any]:
    schema = _ref("schemas", SHAPES.get(name, "List")) if form == "json" else {"type": "string"}
    answer = {"description": ANSWERS[form], "content": {FORMS[form][0].partition(";")[0]: {"schema": schema}}}
    if (name, form) == ("article", "json"):
        return answer | {"description": "The article."}
    return answer | {"headers": {header: _ref("headers", header) for header in HEADERS}}


def _refusal(form: str, description: str) -> dict[str, Any]:
    kind, schema = "text/plain", {"type": "string"}
    if form in ("json", "jsonl"):
        kind, schema = "application/json", _ref("schemas", "Refusal")
    return {"description": description, "content": {kind: {"schema": schema}}}


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _text(description: str = "") -> dict[str, Any]:
    return {"type": "string", **({"description": description} if description else {})}


def _texts(description: str = "") -> dict[str, Any]:
    return {**_text(description), "type": "array", "items": {"type": "string"}}


def _moment(description: str) -> dict[str, Any]:
    return {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d$", "description": description}


def _stamp(description: str) -> dict[str, Any]:
    return {"type": "string", "format": "date-time", "description": description}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _asked(name: str, schema: dict[str, Any], description: str, place: str = "query") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema, "description": description}


def _several(name: str, description: str) -> dict[str, Any]:
    values = {"type": "array", "items": {"type": "string"}, "maxItems": 8}
    return _asked(name, values, f"{description} A minus before a value leaves out what has it.")


ABOUT = (
    "Every list, search and article at the address of its page, with .json, .csv, .jsonl or .atom behind it. "
    "An answer has all rows, in the order of the page, and is sent while it is read."
)
ANSWERS = {
    "json": "One object; `count` comes last, so that an answer that was cut short can be told.",
    "csv": "A table (RFC 4180) in UTF-8 with a byte order mark.",
    "jsonl": "One Record a line. The last line is an Ending.",
    "atom": "A feed whose opensearch:totalResults is the number of articles.",
}
SHAPES = {"article": "Article", "search": "Search"}
KINDS_OF_NAMES = ("sources", "sections", "tags", "authors")
LISTED = ("order", "newest")
SEARCHED = ("q", *FACETS, "from", "to", "stored", "exact", "not_also", "sort", "newest")
ADDRESSES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "/search": ("search", "All that a search finds", SEARCHED),
    "/articles": ("all", "All articles", LISTED),
    "/new": ("arrivals", "All articles, the last that came in first", LISTED),
    "/undated": ("undated", "Articles without a date", LISTED),
    "/source/{slug}": ("source", "The articles of a paper or site", ("slug", *LISTED)),
    "/section/{slug}": ("section", "The articles of a section", ("slug", *LISTED)),
    "/tag/{slug}": ("tag", "The articles with a tag", ("slug", *LISTED)),
    "/tag/{slugs}": ("tags_together", "The articles that have all of some tags", ("slugs", *LISTED)),
    "/author/{slug}": ("author", "The articles of an author", ("slug", *LISTED)),
    "/{in_year}": ("year", "The articles of a year", ("in_year", *LISTED)),
    "/{in_year}/{in_month}": ("month", "The articles of a month", ("in_year", "in_month", *LISTED)),
    "/{in_year}/{in_month}/{in_day}": ("day", "The articles of a day", ("in_year", "in_month", "in_day", *LISTED)),
    "/on/{month_day}": ("on_any", "The articles of a day of whatever year", ("month_day", *LISTED)),
    "/article/{id}/{title}": ("article", "One article", ("id", "title")),
}  # fmt: skip
MOVED = {
    "article": "The title has another address now.",
    **dict.fromkeys(("source", "section", "tag", "tags_together", "author"), "The name has another address now."),
}
COMPLETING = {
    "operationId": "complete",
    "summary": "What is being typed can become: names, words and titles of this archive",
    "parameters": [_ref("parameters", name) for name in (*SEARCHED, "format") if name != "newest"],
    "responses": {
        "200": {
            "description": "At most ten completions; none of what is no beginning of anything.",
            "content": {
                "application/json": {"schema": _ref("schemas", "Completions")},
                OPENSEARCH: {"schema": _ref("schemas", "Suggestions")},
            },
        },
        "405": {"description": "Only GET and HEAD are answered."},
    },
}
DATE = {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}
PARAMETERS = {
    "q": _asked("q", {"type": "string", "maxLength": 512}, "Words, as they are typed in the search box."),
    **{
        facet: _several(facet, f"The {facet} of what is found: the slug at the end of its page's address.")
        for facet in ("source", "section", "tag", "author")
    },
    "language": _several("language", "A language code, such as ar."),
    "year": _several("year", "Four digits."),
    "known": _several("known", f"How the date is known: {', '.join(Known)}."),
    "from": _asked("from", DATE, "Not before this year, month or day."),
    "to": _asked("to", DATE, "Not after this year, month or day."),
    "stored": _asked("stored", {"type": "string"}, "Only what came into the archive after this moment, in UTC."),
    "exact": _asked("exact", {"enum": ["1"]}, "Words only as they are written."),
    "not_also": _asked(
        "not_also",
        {"type": "array", "items": {"type": "string"}, "maxItems": NAMES},
        "A name that is not looked for although a name ring has it.",
    ),
    "sort": _asked("sort", {"enum": list(Sort)}, "The order; without it, relevance where words are given."),
    "order": _asked("order", {"enum": ["oldest"]}, "The oldest first; without it, the newest."),
    "newest": _asked("newest", {"type": "integer", "minimum": 1, "maximum": MOST_NEWEST}, "Only so many, the newest."),
    "name": _asked("name", {"type": "string"}, "Only what is called so, or was, in whatever case."),
    "format": _asked("format", {"enum": ["opensearch"]}, "As the search boxes of browsers read it."),
    "slug": _asked("slug", {"type": "string", "pattern": r"^[-\w]+$"}, "As in the address of the page.", "path"),
    "slugs": _asked("slugs", {"type": "string", "pattern": r"^[-\w]+(\+[-\w]+){1,4}$"}, "With a plus between.", "path"),
    "month_day": _asked("month_day", {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}, "Such as 04-13.", "path"),
    "in_year": _asked("in_year", {"type": "string", "pattern": "^[0-9]{4}$"}, "Such as 1923.", "path"),
    "in_month": _asked("in_month", {"type": "string", "pattern": "^[0-9]{2}$"}, "From 01 to 12.", "path"),
    "in_day": _asked("in_day", {"type": "string", "pattern": "^[0-9]{2}$"}, "From 01 to 31.", "path"),
    "id": _asked("id", {"type": "integer", "minimum": 1}, "The number of the article.", "path"),
    "title": _asked("title", {"type": "string", "pattern": r"^[-\w]+$"}, "Its title, as in its address.", "path"),
}
HEADERS = {
    "X-Archive-Count": {
        "schema": {"type": "integer"},
        "description": "How many articles or names the page has.",
    },
    "X-Archive-Question": {"schema": {"type": "string"}, "description": "What was asked, in words, percent-encoded."},
}
SCHEMAS: dict[str, Any] = {
    "Article": _object(
        {
            "id": {"type": "integer"},
            "url": _text("The address of its page."),
            "title": _text(),
            "date": {
                "type": ["string", "null"],
                "description": "1923, 1923-05, 1923-05-30 or 1923-05-30T18:45, as far as it is known; between two of "
                "these stands a slash, and .. is an open end. Null where nothing is known.",
            },
            "earliest": _moment("The first minute that it can be of, where it appeared."),
            "latest": _moment("The last minute that it can be of."),
            "precision": {"enum": list(Precision)},
            "known": {"enum": list(Known), "description": "Whether the date was printed or worked out."},
            "evidence": _texts("The words that tell the date."),
            "source": _text("The paper or site."),
            "sections": _texts(),
            "tags": _texts(),
            "authors": _texts(),
            "byline": _text("As printed."),
            "language": _text("Such as en or pt-BR."),
            "dateline": _text("The place that the text names at its head."),
            "kicker": _text("The line above the title."),
            "standfirst": _text(),
            "correction": _text(),
            "editors_note": _text("A note of the archive's editors."),
            "text": _text("Plain, with a blank line between paragraphs."),
            "images": {
                "type": "array",
                "items": _object({name: {"type": "string"} for name in ("caption", "credit", "alt", "url")}),
            },
            "published_at": _text("The address at which it appeared."),
            "sha256": _text("The checksum of the file that it came in."),
            "received": {**_stamp("When that file came."), "type": ["string", "null"]},
            "verified": {**_stamp("When that file was last read whole."), "type": ["string", "null"]},
            "intact": {"type": ["boolean", "null"], "description": "Whether it had its checksum then."},
            "stored": _stamp("When it came into the archive."),
            "modified": _stamp("When it last changed here."),
            "versions": {
                "type": "array",
                "description": "Of an article that readers have seen change: what it said, oldest first, the last now.",
                "items": _object(
                    {
                        "number": {"type": "integer", "minimum": 1},
                        "url": _text("Where it can be read."),
                        "since": _stamp("When it began to hold."),
                        "until": {**_stamp("When it ended; null for what holds now."), "type": ["string", "null"]},
                    }
                ),
            },
        },
        ("versions",),
    ),
    "FacetValue": _object(
        {
            "value": _text("What the parameter of this name takes."),
            "name": _text("As the page shows it."),
            "count": {
                "type": "integer",
                "description": "How many articles are found where it is chosen; where it adds, how many more.",
            },
            "active": {"type": "boolean", "description": "It is chosen: so many of the results have it."},
            "excluded": {"type": "boolean", "description": "It is left out, and no result has it."},
            "adds": {"type": "boolean", "description": "No result has it: to choose it finds so many more."},
        }
    ),
    "Completions": {
        "type": "array",
        "maxItems": OFFERED,
        "items": _object(
            {
                "kind": {"enum": list(KINDS)},
                "kind_words": _text("The kind, as the page shows it."),
                "words": _text("What is shown."),
                "text": _text("What the search box would hold."),
                "count": {"type": "integer", "minimum": 1, "description": "How many articles are behind `url`."},
                "url": _text("Where it leads on this site."),
            }
        ),
    },
    "Suggestions": {
        "type": "array",
        "description": "What was typed; and of each completion its text, what it is, and its address.",
        "items": {"type": ["string", "array"], "items": {"type": "string"}},
        "minItems": 4,
        "maxItems": 4,
    },
    "Refusal": _object({"error": _text()}),
    "Ending": _object(
        {
            "export": _object(
                {"count": {"type": "integer"}, "question": _text(), "url": _text(), "notes": _texts()}, ("notes",)
            )
        }
    ),
}
LIST = {
    "question": _text("What was asked, in words."),
    "url": _text("The page that shows the same."),
    "total": {"type": "integer", "description": "How many articles that page tells of."},
    "notes": _texts("Sentences on what could not be done as asked."),
    "facets": {
        "type": "object",
        "additionalProperties": {"type": "array", "items": _ref("schemas", "FacetValue")},
    },
    "results": {"type": "array", "items": _ref("schemas", "Article")},
    "count": {"type": "integer", "description": "How many results there are here."},
}
SCHEMAS["Search"] = _object(LIST)
SCHEMAS["Name"] = _object(
    {
        "name": _text(),
        "slug": _text("What stands for it in addresses and in searches."),
        "url": _text("The address of its page; its articles are at the same with .json and its like."),
        "count": {"type": "integer", "minimum": 1, "description": "How many articles are filed under it."},
        "description": _text(),
        "aliases": {
            "type": "array",
            "description": "Former names and other spellings. Their slugs lead to this name.",
            "items": _object({"name": _text(), "slug": _text()}),
        },
        "homepage": _text("Of a paper or site."),
    },
    ("homepage",),
)
NAMES_LISTED = {
    **{name: LIST[name] for name in ("question", "url", "notes", "count")},
    "total": {"type": "integer", "description": "How many names there are."},
    "results": {"type": "array", "items": _ref("schemas", "Name")},
}
SCHEMAS["Names"] = _object(NAMES_LISTED)
SCHEMAS["List"] = _object({name: schema for name, schema in LIST.items() if name != "facets"})
DATING = _object(
    {
        "earliest": _text("Such as 1923-05-30T00:00."),
        "latest": _text(),
        "precision": {"enum": list(Precision)},
        "known": {"enum": list(Known)},
        "evidence": _texts(),
    },
    ("earliest", "latest", "precision", "known", "evidence"),
)
RECORD = {
    **{
        name: _text()
        for name in (
            "title", "body", "received", "kicker", "standfirst", "byline", "source", "dateline", "language",
            "canonical_url", "correction", "editors_note",
        )
    },
    "body_type": {"enum": ["text/plain", "text/html"]},
    "page": {"type": "array", "items": {"type": "array", "prefixItems": [{"enum": list(LineKind)}, _text()]}},
    "authors": _texts(),
    "sections": _texts(),
    "tags": _texts(),
    "date": DATING,
    "captured": _text("When a web archive fetched the page, in UTC, such as 2019-07-11T10:00."),
    "status": {"enum": list(Status)},
    "images": {
        "type": "array",
        "items": _object(
            {**{name: _text() for name in ("url", "caption", "credit", "alt")}, "paragraph": {"type": "integer"}},
            ("url", "caption", "credit", "alt", "paragraph"),
        ),
    },
}  # fmt: skip
SCHEMAS["Record"] = _object(RECORD, tuple(name for name in RECORD if name != "title"))
