"""Keeping the index up to date: what awaits indexing is rows of the database, and one process at a time drains them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

import whoosh
from django.db import close_old_connections, transaction
from django.db.models import Max
from haystack import connections

from ..models import Article, IndexBacklog, Period
from . import agreeing
from .agreeing import Differences
from .edge import attempt
from .engine.errors import EngineError, IndexBroken, IndexOutdated

log = logging.getLogger(__name__)

BATCH = 200
# Seconds: between looks at the backlog, between looks at the files, and after trouble, growing from one to the other.
POLL, LOOK, TROUBLE = 0.4, 5.0, (1.0, 15.0)
# Seconds that the end of the indexer waits for a merge. One that is cut short has changed nothing.
PATIENCE = 10.0

Progress = Callable[[int], Any]


class Stop(Protocol):
    """What an event is to the loop of the indexer."""

    def is_set(self) -> bool: ...

    def wait(self, timeout: float | None = None) -> Any: ...


class Stopped(Exception):
    """The indexer was told to end in the middle of a rebuild."""


@dataclass(frozen=True)
class IndexState:
    """`status` is fresh, missing, broken or outdated; `backlog` is how many articles await indexing."""

    status: str
    documents: int
    generation: str
    backlog: int
    reason: str = ""


def state() -> IndexState:
    backend = _backend()
    found, backlog = backend.state(), IndexBacklog.objects.count()
    with suppress(EngineError):
        if found.status == "fresh" and not agreeing.belongs(backend):
            return IndexState("outdated", 0, "", backlog, agreeing.FOREIGN)
    return IndexState(found.status, found.documents, found.generation, backlog, found.reason)


def engine_version() -> tuple[str, str]:
    return "Whoosh", whoosh.versionstring()


def generation() -> str:
    """A name that changes with every change of the index; "" while there is none that can be read."""
    with suppress(EngineError, OSError):
        return str(_backend().generation())
    return ""


def damage() -> str:
    """What is wrong with the index, as a sentence, or "": every byte of it is read."""
    try:
        _backend().check(thorough=True)
        return "" if agreeing.belongs(_backend()) else agreeing.FOREIGN
    except (EngineError, OSError) as error:
        return str(error)


def differences() -> Differences:
    """What the index holds otherwise than the database says, but for what waits to be indexed."""
    return agreeing.differences(_backend())


def index(keys: Iterable[int]) -> None:
    """Bring the index up to date with these articles, by primary key; those that are not published leave it."""
    backend = _backend()
    with backend.batch():
        _bring(backend, list(keys))


def forget(keys: Iterable[int]) -> None:
    backend = _backend()
    with backend.batch():
        for key in keys:
            backend.remove(_identifier(key))


def drain(limit: int = BATCH) -> int:
    """Take up to `limit` articles from the backlog into the index or out of it; returns how many.

    What changes meanwhile keeps its row: a row is deleted only as it was read, and only after the index has the change.
    """
    if not IndexBacklog.objects.exists():
        return 0
    backend = _backend()
    with backend.batch() as writer:
        writer.token = agreeing.renew(writer.token)
        rows = list(IndexBacklog.objects.order_by("article_id").values_list("article_id", "seq")[:limit])
        _bring(backend, [key for key, _ in rows])
    _settle(backend, rows)
    return len(rows)


def tidy() -> None:
    """Put small parts of the index together until no more are worth it."""
    while _backend().merge():
        continue


def rebuild(progress: Progress | None = None) -> int:
    """Index all published articles anew beside the live index, then let it take its place; returns how many.

    `progress` is called with the number of articles read since the last call.
    """
    awaiting = list(IndexBacklog.objects.values_list("article_id", "seq"))
    backend = _backend()
    count = backend.rebuild(_index(), _published(progress or (lambda number: None)), agreeing.replace)
    for start in range(0, max(1, len(awaiting)), BATCH):
        _settle(backend, awaiting[start : start + BATCH])
    return count


def keep_up(stop: Stop) -> None:
    """The indexer: until `stop` is set, drain the backlog as it fills and rebuild the index when it needs it."""
    keeper, pause = Keeper(stop), TROUBLE[0]
    while not stop.is_set():
        with attempt("keeping the search index up to date") as tried:
            keeper.turn()
        close_old_connections()
        if isinstance(tried.error, IndexBroken):
            _backend().suspect()
        pause = min(2 * pause, TROUBLE[1]) if tried.error else TROUBLE[0]
        stop.wait(pause if tried.error else POLL)
    keeper.rest()


@dataclass
class Keeper:
    """One indexer at work: when it last looked at the files of the index, how many articles it had when it was last
    compared with the database, and the thread that tidies up behind it.
    """

    stop: Stop
    looked: float | None = None
    compared: tuple[int, int] | None = None
    merging: threading.Thread | None = None

    def turn(self) -> None:
        if self._needs_rebuild():
            self._rebuild()
        while not self.stop.is_set() and drain():
            self._merge()

    def rest(self) -> None:
        if self.merging:
            self.merging.join(PATIENCE)

    def _merge(self) -> None:
        """In a thread of its own: what is saved while small segments are put together is found as soon as ever."""
        if self.merging is None or not self.merging.is_alive():
            self.merging = threading.Thread(target=_put_together, args=(_backend(), self.stop), daemon=True)
            self.merging.start()

    def _needs_rebuild(self) -> bool:
        """The pointer is read at every turn, the sizes of files now and then, all bytes at first and on suspicion."""
        backend, now = _backend(), time.monotonic()
        if self.looked is not None and now < self.looked + LOOK and backend.usable():
            return False
        try:
            backend.check(thorough=self.looked is None or backend.suspected())
            _require(backend)
        except EngineError as error:
            log.warning("%s It is built anew.", error)
            return True
        self.looked = now
        self._mend(backend)
        return False

    def _mend(self, backend: Any) -> None:
        """Compare article by article at first, and whenever the numbers say that there is something to find."""
        counts = (backend.state().documents, Period.objects.count_of("all"))
        differ = abs(counts[0] - counts[1]) > IndexBacklog.objects.count()
        if self.compared is not None and (not differ or self.compared == counts):
            return
        self.compared = counts
        if number := agreeing.mend(backend):
            log.warning("The search index had %s articles otherwise than the database. They are indexed anew.", number)

    def _rebuild(self) -> None:
        try:
            count = rebuild(self._go_on)
        except Stopped:
            log.info("The rebuild of the search index was cut short; it begins again at the next start.")
        else:
            log.info("The search index was built anew: %s articles.", count)

    def _go_on(self, number: int) -> None:
        if self.stop.is_set():
            raise Stopped


def _require(backend: Any) -> None:
    """Raises `IndexOutdated` unless the index is of this database. Then nobody is answered from it any more."""
    if not agreeing.belongs(backend):
        backend.disown()
        raise IndexOutdated(agreeing.FOREIGN)


def _put_together(backend: Any, stop: Stop) -> None:
    with attempt("putting small parts of the search index together") as tried:
        while not stop.is_set() and backend.merge():
            continue
    if isinstance(tried.error, IndexBroken):
        backend.suspect()


def _backend() -> Any:
    return connections["default"].get_backend()


def _index() -> Any:
    return connections["default"].get_unified_index().get_index(Article)


def _identifier(key: int) -> str:
    return f"{Article._meta.label_lower}.{key}"


def _bring(backend: Any, keys: list[int]) -> None:
    index = _index()
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        articles = list(index.index_queryset().filter(pk__in=some))
        backend.update(index, articles)
        for key in set(some) - {article.pk for article in articles}:
            backend.remove(_identifier(key))


@transaction.atomic
def _settle(backend: Any, rows: list[tuple[int, int]]) -> None:
    """Take these rows off the backlog, unless they changed since they were read."""
    agreeing.confirm(backend.token())
    for seq, same in groupby(sorted(rows, key=itemgetter(1)), key=itemgetter(1)):
        IndexBacklog.objects.filter(seq=seq, article_id__in=[key for key, _ in same]).delete()


def _published(progress: Progress) -> Iterator[Article]:
    """All published articles by primary key, some at a time. Those that come meanwhile await indexing by themselves."""
    last, newest = 0, Article.objects.aggregate(Max("pk"))["pk__max"] or 0
    published = _index().index_queryset().filter(pk__lte=newest).order_by("pk")
    while some := list(published.filter(pk__gt=last)[:BATCH]):
        yield from some
        last = some[-1].pk
        progress(len(some))
