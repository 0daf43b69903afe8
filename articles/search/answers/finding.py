"""Questions answered: by the engine, and from the database when the engine cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext_lazy

from ...addresses import around
from ...models import Article, Image, IndexBacklog, Period, Source, Statement
from ...records import Status
from .. import asking
from ..asking import Read
from ..edge import attempt
from ..engine.errors import QueryRefused
from ..hints.widening import widening
from ..names.naming import names_in
from ..names.rings import Also
from ..passages.marking import Told, passage, rows_of
from ..passages.snippets import PARAGRAPH, marked, shares
from ..question import Question, Window
from ..question.sentence import chips, sentence
from . import database
from .facets import Answered, Find, facets, names_of
from .page import Addition, Facets, Hit, Link, Page
from .times import times

AWAY = gettext_lazy(
    "The search index is being rebuilt. Until it is ready, this answer comes from the database: exact letters only."
)
LACKING = gettext_lazy(
    "The search index is incomplete: it has %(found)s of %(all)s articles, and the others are not found. "
    "`manage.py reindex` builds it anew."
)
# What a line of results is made of, as from_db takes it: in the order of the model's fields.
COLUMNS = (
    "id", "source_id", "title", "standfirst", "language", "correction", "editors_note", "earliest", "latest",
    "precision", "known", "body_text", "story", "created_at",
)  # fmt: skip
# Asked by their keys alone: asked for those that are published, SQLite may read all of them.
HELD = Statement(lambda keys: Article.objects.filter(pk__in=keys).values_list("status", "source__name", *COLUMNS), int)
CAPTIONS = Statement(
    lambda keys: Image.objects.filter(article__in=keys).exclude(caption="").values_list("article_id", "caption"), int
)


def find(question: Question) -> Page:
    """The page that answers `question`; when the index is away, the database answers and a note says so."""
    with attempt("answering a search") as tried:
        return _from_index(question)
    if isinstance(tried.error, QueryRefused):
        return _refused(question, tried.error)
    _report_suspicion()
    page = _page(question, database.Desk(question).find)
    return replace(page, notes=(*page.notes, str(AWAY)), degraded=True)


def _from_index(question: Question) -> Page:
    asker = asking.Asker()
    page = _page(question, asker.find)
    return replace(page, notes=(*page.notes, *lacking()), widened=str(widening(question, asker)))


def _page(question: Question, find: Find) -> Page:
    answer = find(question)
    window = answer.window(question)
    question, articles = window.question, _loaded(list(window.scores))
    gone = len(window.scores) - len(articles)
    found, cut = facets_of(question, answer, find)
    names = names_of(found) or names_in(question)
    return Page(
        question,
        _hits(window, articles, answer.read),
        max(0, answer.total - gone),
        max(0, window.listed - gone),
        found,
        cut,
        times(question, answer, find),
        chips(question, names),
        sentence(question, names),
        also=additions(question, answer.read),
        notes=(*question.told, *answer.read.notes),
    )


def facets_of(question: Question, answer: Answered, find: Find) -> tuple[Facets, frozenset[str]]:
    """As `facets.facets`; of more than can be counted there are none."""
    return ({}, frozenset()) if isinstance(answer, database.Many) else facets(question, answer, find)


def _refused(question: Question, error: QueryRefused) -> Page:
    names = names_in(question)
    notes = (*question.told, str(error))
    return Page(question, chips=chips(question, names), sentence=sentence(question, names), notes=notes, refused=True)


def reading(question: Question) -> str:
    """A question as an English sentence."""
    return sentence(question, names_in(question))


def additions(question: Question, read: Read) -> tuple[Addition, ...]:
    return tuple(_addition(question, also) for also in read.also)


def _addition(question: Question, also: Also) -> Addition:
    kept = question.not_also
    links = (Link(name, question.with_(not_also=(*kept, name)).url()) for name in also.others)
    return Addition(also.name, tuple(links))


def _loaded(keys: list[int]) -> list[Article]:
    """The articles of these keys. What is not published after all awaits being forgotten."""
    rows = HELD.rows(keys)
    articles = {
        columns[0]: _article(source, columns) for status, source, *columns in rows if status == Status.PUBLISHED
    }
    if missing := set(keys) - articles.keys():
        with attempt("noting what to take out of the index"):
            gone = [IndexBacklog(article_id=key, withdrawn=True) for key in missing]
            IndexBacklog.objects.bulk_create(gone, ignore_conflicts=True)
    return [articles[key] for key in keys if key in articles]


def _article(source: str, columns: list[Any]) -> Article:
    article = Article.from_db(DEFAULT_DB_ALIAS, COLUMNS, columns)
    if article.source_id:
        article.source = Source.from_db(DEFAULT_DB_ALIAS, ("id", "name"), (article.source_id, source))
    return article


def _hits(window: Window, articles: Sequence[Article], read: Read) -> tuple[Hit, ...]:
    question = window.question
    wanted = rows_of(read.expression, {article.language for article in articles}, question.exact)
    asked, listed = question.plain.querystring(), question.listing.querystring()
    before, behind = around("articles:why", 0)
    titles = wanted.of("title")
    captions = _captions([article.pk for article in articles])
    texts = [_texts(article, captions[article.pk]) for article in articles]
    lengths = [sum(len(told.text) + len(PARAGRAPH) for told in of_article) for of_article in texts]
    passages = [
        passage(of_article, wanted, article.language, share)
        for article, of_article, share in zip(articles, texts, shares(lengths), strict=True)
    ]
    return tuple(
        Hit(
            article,
            marked(article.title, titles, article.language),
            shown,
            round(window.scores[article.pk], 4),
            article.get_absolute_url() + (f"?{listed}&at={number}" if asked else ""),
            f"{before}{article.pk}{behind}?{asked}" if asked else "",
        )
        for number, article, shown in zip(count(question.window.start + 1), articles, passages, strict=False)
    )


def _captions(keys: list[int]) -> dict[int, list[str]]:
    held: dict[int, list[str]] = {key: [] for key in keys}
    for key, caption in CAPTIONS.rows(keys):
        held[key].append(caption)
    return held


def _texts(article: Article, captions: list[str]) -> list[Told]:
    """What a passage is shown of."""
    first, last = (article.standfirst, article.body_text), (article.correction, article.editors_note)
    told = [("body", first), ("caption", captions), ("body", last)]
    return [Told(field, text) for field, texts in told for text in texts if text]


def lacking() -> list[str]:
    """A note where published articles are neither in the index nor await it, as after `clear_index`.

    An empty index is told of in any case.
    """
    published = Period.objects.count_of("all")
    if published <= (documents := asking.indexed()):
        return []
    awaiting = IndexBacklog.objects.count() if documents else 0
    # Asked again, so that what became indexed meanwhile is counted twice and not missed.
    documents = asking.indexed()
    return [LACKING % {"found": documents, "all": published}] if published > documents + awaiting else []


def _report_suspicion() -> None:
    """Ask the indexer to look whether the index is sound."""
    with attempt("reporting trouble with the index"):
        asking.engine().suspect()
