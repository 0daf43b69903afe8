"""Questions answered: by the engine, and from the database when the engine cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Exists, OuterRef
from haystack import connections
from haystack.query import SearchQuerySet

from ..models import Article, IndexBacklog, Period
from . import database
from .conditions import conditions
from .edge import attempt
from .engine.analysis import Row, rows
from .engine.errors import QueryRefused
from .facets import facets
from .page import Found, Hit, Page
from .question import FACETS, Question, Sort
from .snippets import marked, snippet

ORDERS = {Sort.RELEVANCE: (), Sort.NEWEST: ("-earliest",), Sort.OLDEST: ("earliest",)}
# How many articles that await indexing are looked at in a search, and how many of them it can leave out one by one.
AWAITING, WITHDRAWN = 1000, 500
AWAY = "The search index is being rebuilt. Until it is ready, this answer comes from the database: exact letters only."
LACKING = (
    "The search index is incomplete: it has {} of {} articles, and the others are not found. "
    "`manage.py reindex` builds it anew."
)


def find(question: Question) -> Page:
    """The page that answers `question`; when the index is away, the database answers and a note says so."""
    if question.is_open:
        return _page(*database.newest(question))
    with attempt("answering a search") as tried:
        question, found = _ask(question)
        lacking = _lacking()
    if tried.error is None:
        page = _page(question, found, _loaded(found))
        return replace(page, notes=(*page.notes, *lacking))
    if isinstance(tried.error, QueryRefused):
        return Page(question, notes=(*_notes(question), str(tried.error)), degraded=True)
    _report_suspicion()
    page = _page(*database.answer(question))
    return replace(page, notes=(*page.notes, AWAY), degraded=True)


def _ask(question: Question) -> tuple[Question, Found]:
    """The engine's answer; past the last page, that of the last page."""
    asked = SearchQuerySet().filter(conditions(question, _withdrawn())).order_by(*ORDERS[question.order])
    for facet in FACETS:
        # SearchQuerySet.facet() would copy the whole question each time.
        asked.query.add_field_facet(facet)
    window = question.window
    results = asked[window.start : window.stop]
    total = asked.count()
    if window.start >= total > 0:
        return _ask(question.with_(page=Page(question, total=total).pages))
    scores = {int(result.pk): float(result.score or 0.0) for result in results}
    return question, Found(scores, total, asked.facet_counts().get("fields", {}))


def _withdrawn() -> list[int]:
    """Articles that await being taken out of the index, among those that the indexer takes next.

    It takes the oldest first. So what comes in by the thousand stands behind all that can be in the index already.
    """
    # Mostly nothing awaits anything, and to ask for that takes a third of the time.
    if not IndexBacklog.objects.exists():
        return []
    following = IndexBacklog.objects.order_by("article_id").values("article_id")[:AWAITING]
    shown = Article.objects.published().filter(pk=OuterRef("article_id"))
    withdrawn = IndexBacklog.objects.filter(article_id__in=following).exclude(Exists(shown))
    return list(withdrawn.values_list("article_id", flat=True)[:WITHDRAWN])


def _lacking() -> list[str]:
    """A note where published articles are neither in the index nor await it, as after `clear_index`.

    An empty index is told of in any case.
    """
    published = Period.objects.count_of("all")
    if published <= (documents := _indexed()):
        return []
    awaiting = IndexBacklog.objects.count() if documents else 0
    # Asked again, so that what became indexed meanwhile is counted twice and not missed.
    documents = _indexed()
    return [LACKING.format(documents, published)] if published > documents + awaiting else []


def _indexed() -> int:
    return connections["default"].get_backend().store.pointer().documents


def _loaded(found: Found) -> list[Article]:
    """The articles that were found, best first. What is not published after all awaits being forgotten."""
    articles = Article.objects.published().for_listing().prefetch_related("images").in_bulk(list(found.scores))
    if missing := found.scores.keys() - articles.keys():
        with attempt("noting what to take out of the index"):
            IndexBacklog.objects.bulk_create([IndexBacklog(article_id=key) for key in missing], ignore_conflicts=True)
    return [articles[key] for key in found.scores if key in articles]


def _page(question: Question, found: Found, articles: Sequence[Article]) -> Page:
    total = max(0, found.total - len(found.scores) + len(articles)) if found.scores else found.total
    languages = {article.language for article in articles}
    wanted = [row for part in question.parsed.sought for row in rows(part.text, languages)]
    hits = tuple(_hit(article, found.scores.get(article.pk, 0.0), wanted) for article in articles)
    return Page(question, hits, total, facets(question, found.counts), _notes(question))


def _hit(article: Article, score: float, wanted: list[Row]) -> Hit:
    captions = (image.caption for image in article.images.all())
    parts = (article.standfirst, article.body_text, *captions, article.correction, article.editors_note)
    text = "\n\n".join(part for part in parts if part)
    language = article.language
    return Hit(article, marked(article.title, wanted, language), snippet(text, wanted, language), round(score, 4))


def _notes(question: Question) -> tuple[str, ...]:
    return (*question.notes, *question.parsed.notes)


def _report_suspicion() -> None:
    """Ask the indexer to look whether the index is sound."""
    with attempt("reporting trouble with the index"):
        connections["default"].get_backend().suspect()
