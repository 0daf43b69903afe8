"""The books that the database keeps by itself: counts, sort keys beside names, and what awaits indexing.

They are triggers, because a count that any writer can forget is wrong one day, and because what awaits indexing must be
written in the same transaction as the change, whoever makes it. `lift` takes them away before a migration, and
`install` puts them in place after it. The rows are `models.Period`, `models.IndexBacklog`, `models.Edition`, the
`published_count` of each name, and `status` and `earliest` of each link.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

LINKS = ("section", "tag", "author")
EDITION = "_edition_"
WHOLE = ("INSERT", "UPDATE", "DELETE")
# What readers see of each table, as the changes that make a new edition. A name that comes or goes does so with its
# articles; when a file was verified is as true a moment later.
SEEN = {
    "article": WHOLE,
    **{f"article{name}": ("INSERT", f"UPDATE OF {name}_id, position", "DELETE") for name in LINKS},
    **{name: ("UPDATE OF name, slug, description",) for name in LINKS},
    "source": ("UPDATE OF name, slug, description, homepage",),
    **{f"{name}alias": WHOLE for name in ("source", *LINKS)},
    "image": WHOLE,
    "articleversion": WHOLE,
    "original": ("UPDATE OF intact",),
    "takedown": WHOLE,
    "namering": WHOLE,
    "followedsearch": WHOLE,
}


@dataclass(frozen=True)
class Trigger:
    name: str
    event: str
    table: str
    body: str
    # At the end of the transaction, in a database where several write at once: they wait for each other no longer.
    last: bool = False


@dataclass(frozen=True)
class Dialect:
    """How a database writes a time as a day, a new edition, a trigger as statements, and what tells one trigger from
    another.
    """

    day: str
    edition: str
    write: Callable[[Trigger], list[str]]
    mark: Callable[[Trigger], str]
    standing: str
    drop: str


def stands(connection: BaseDatabaseWrapper) -> bool:
    """Whether the triggers are in place as they are written here."""
    mark = DIALECTS[connection.vendor].mark
    return _standing(connection) == {f"ledger_{trigger.name}": mark(trigger) for trigger in _wanted(connection)}


def _wanted(connection: BaseDatabaseWrapper) -> list[Trigger]:
    dialect = DIALECTS[connection.vendor]
    return [*triggers(dialect.day), *editions(dialect.edition)]


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, in one transaction, unless they stand."""
    if stands(connection):
        return
    dialect, wanted = DIALECTS[connection.vendor], _wanted(connection)
    # At an early migration some tables are still to come.
    tables = {*connection.introspection.table_names()}
    has_editions = "articles_edition" in tables
    possible = [each for each in wanted if each.table in tables and (has_editions or not each.last)]
    with transaction.atomic(using=connection.alias):
        _clear(connection)
        with connection.cursor() as cursor:
            for statement in chain.from_iterable(map(dialect.write, possible)):
                cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away while tables change: SQLite rebuilds no table that a trigger of another one names.

    PostgreSQL has no such rule, and keeps them, but for those of editions: their table may be among those that go.
    """
    _clear(connection, "" if connection.vendor == "sqlite" else EDITION)


def _standing(connection: BaseDatabaseWrapper) -> dict[str, str | None]:
    """The triggers of ours that are in the database, also those of other versions, and how each is marked."""
    with connection.cursor() as cursor:
        cursor.execute(DIALECTS[connection.vendor].standing)
        return dict(cursor.fetchall())


def _clear(connection: BaseDatabaseWrapper, named: str = "") -> None:
    """Those triggers of ours that have this in their names; all of them, if nothing is said."""
    with connection.cursor() as cursor:
        for name in _standing(connection):
            if named in name:
                cursor.execute(DIALECTS[connection.vendor].drop.format(name))


def refresh_statistics(connection: BaseDatabaseWrapper) -> None:
    """Let SQLite look at the tables as they have grown: without, it may read every published article to find thirty.

    A bounded look, of some hundredths of a second at any size. PostgreSQL does it by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 400")
            cursor.execute("ANALYZE")


def triggers(day: str) -> Iterator[Trigger]:
    """Every trigger; `day` is the database's way to write a time as YYYY-MM-DD."""
    article, moved = "articles_article", "UPDATE OF status, source_id, earliest, precision"
    yield Trigger("article_filed", "INSERT", article, _count("NEW", "+ 1", day) + _await("NEW.id"))
    yield Trigger("article_changed", "UPDATE", article, _decide("NEW.id", "NEW.status <> 'published'"))
    yield Trigger("article_moved", moved, article, _count("OLD", "- 1", day) + _count("NEW", "+ 1", day) + _carry())
    yield Trigger("article_removed", "DELETE", article, _count("OLD", "- 1", day) + _decide("OLD.id", "true"))
    yield Trigger("article_lost", "DELETE", article, _release())
    for name in LINKS:
        yield from _link_triggers(name)
    yield Trigger("source_renamed", "UPDATE OF name", "articles_source", _await_all(article, "id", "source_id"))
    for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        yield Trigger(f"image_{event.lower()}", event, "articles_image", _await(f"{row}.article_id"))


def editions(words: str) -> Iterator[Trigger]:
    """Every change that readers see makes a new edition; `words` is how the database does so."""
    for table, events in SEEN.items():
        for event in events:
            yield Trigger(f"{table}{EDITION}{event.split()[0].lower()}", event, f"articles_{table}", words, last=True)


def _link_triggers(name: str) -> Iterator[Trigger]:
    table, names = f"articles_article{name}", f"articles_{name}"
    copy = (
        f"UPDATE {table} SET status = (SELECT status FROM articles_article WHERE id = NEW.article_id),"
        " earliest = (SELECT earliest FROM articles_article WHERE id = NEW.article_id) WHERE id = NEW.id;"
    )
    step = f"UPDATE {names} SET published_count = published_count"
    more = f"{step} + 1 WHERE id = NEW.{name}_id AND NEW.status = 'published';"
    less = f"{step} - 1 WHERE id = OLD.{name}_id AND OLD.status = 'published';"
    yield Trigger(f"{name}_linked", "INSERT", table, copy + _await("NEW.article_id"))
    yield Trigger(f"{name}_flipped", f"UPDATE OF status, {name}_id", table, less + more)
    yield Trigger(f"{name}_unlinked", "DELETE", table, less + _await("OLD.article_id"))
    yield Trigger(f"{name}_renamed", "UPDATE OF name", names, _await_all(table, "article_id", f"{name}_id"))


def _count(row: str, step: str, day: str) -> str:
    """Count an article in or out of its source and its periods, if it is published."""
    published = f"{row}.status = 'published'"
    date = day.format(f"{row}.earliest")
    dated = f"{published} AND {row}.earliest IS NOT NULL"
    periods = (
        ("all", "'all'", published),
        ("undated", "'undated'", f"{published} AND {row}.earliest IS NULL"),
        ("year", f"substr({date}, 1, 4)", dated),
        ("month", f"substr({date}, 1, 7)", f"{dated} AND {row}.precision IN ('minute', 'day', 'month')"),
        ("day", date, f"{dated} AND {row}.precision IN ('minute', 'day')"),
    )
    source = f"UPDATE articles_source SET published_count = published_count {step} WHERE id = {row}.source_id"
    return f"{source} AND {published};" + "".join(_count_period(*period, step) for period in periods)


def _count_period(kind: str, label: str, condition: str, step: str) -> str:
    ensure = (
        f"INSERT INTO articles_period (label, kind, published_count) SELECT {label}, '{kind}', 0 WHERE {condition}"
        " ON CONFLICT (label) DO NOTHING;"
        if step == "+ 1"
        else ""
    )
    return (
        f"{ensure}UPDATE articles_period SET published_count = published_count {step}"
        f" WHERE label = {label} AND {condition};"
    )


def _carry() -> str:
    """Carry an article's status and date to its links."""
    return "".join(
        f"UPDATE articles_article{name} SET status = NEW.status, earliest = NEW.earliest WHERE article_id = NEW.id;"
        for name in LINKS
    )


def _release() -> str:
    """Of a story of which one printing is left that one has no other any more."""
    rest = "SELECT 1 FROM articles_article WHERE story = OLD.story LIMIT 2"
    return (
        "UPDATE articles_article SET story = NULL"
        f" WHERE story = OLD.story AND (SELECT count(*) FROM ({rest}) AS rest) = 1;"
    )


_AGAIN = "ON CONFLICT (article_id) DO UPDATE SET seq = articles_indexbacklog.seq + 1;"


def _await(article: str) -> str:
    """A change beside the article: whether it is withdrawn stays as it is."""
    return f"INSERT INTO articles_indexbacklog (article_id, seq) VALUES ({article}, 1) {_AGAIN}"


def _decide(article: str, withdrawn: str) -> str:
    """What awaits indexing, and whether answers must leave it out until then."""
    return (
        f"INSERT INTO articles_indexbacklog (article_id, seq, withdrawn) VALUES ({article}, 1, {withdrawn})"
        f" {_AGAIN.removesuffix(';')}, withdrawn = excluded.withdrawn;"
    )


def _await_all(table: str, article: str, column: str) -> str:
    chosen = f"SELECT {article}, 1 FROM {table} WHERE {column} = NEW.id"
    return f"INSERT INTO articles_indexbacklog (article_id, seq) {chosen} {_AGAIN}"


def _sqlite(trigger: Trigger) -> list[str]:
    return [_sqlite_trigger(trigger)]


def _sqlite_trigger(trigger: Trigger) -> str:
    return f"CREATE TRIGGER ledger_{trigger.name} AFTER {trigger.event} ON {trigger.table} BEGIN {trigger.body} END"


def _postgresql(trigger: Trigger) -> list[str]:
    mark = f"COMMENT ON TRIGGER ledger_{trigger.name} ON {trigger.table} IS '{_digest(trigger)}'"
    return [*_postgresql_trigger(trigger), mark]


def _postgresql_trigger(trigger: Trigger) -> tuple[str, str]:
    kind, when = ("CONSTRAINT TRIGGER", " DEFERRABLE INITIALLY DEFERRED") if trigger.last else ("TRIGGER", "")
    return (
        f"CREATE FUNCTION ledger_{trigger.name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {trigger.body} RETURN NULL; END $$",
        f"CREATE {kind} ledger_{trigger.name} AFTER {trigger.event} ON {trigger.table}{when} FOR EACH ROW "
        f"EXECUTE FUNCTION ledger_{trigger.name}()",
    )


def _digest(trigger: Trigger) -> str:
    return hashlib.sha256("".join(_postgresql_trigger(trigger)).encode()).hexdigest()


# SQLite keeps a trigger in the words that made it. PostgreSQL keeps words of its own, so there a comment tells.
DIALECTS = {
    "sqlite": Dialect(
        day="substr({}, 1, 10)",
        edition="INSERT INTO articles_edition (id, number, changed_at)"
        " VALUES (1, 1, strftime('%Y-%m-%d %H:%M:%f', 'now'))"
        " ON CONFLICT (id) DO UPDATE SET number = number + 1, changed_at = excluded.changed_at;",
        write=_sqlite,
        mark=_sqlite_trigger,
        standing="SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%'",
        drop="DROP TRIGGER {}",
    ),
    "postgresql": Dialect(
        day="to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        edition="INSERT INTO articles_edition (id, number, changed_at, writer)"
        " VALUES (1, 1, clock_timestamp(), txid_current()) ON CONFLICT (id) DO UPDATE SET"
        " number = articles_edition.number + 1, changed_at = excluded.changed_at, writer = excluded.writer"
        " WHERE articles_edition.writer <> excluded.writer;",
        write=_postgresql,
        mark=_digest,
        standing="SELECT proname, obj_description(pg_trigger.oid, 'pg_trigger') FROM pg_proc"
        " LEFT JOIN pg_trigger ON tgfoid = pg_proc.oid AND tgenabled <> 'D'"
        " WHERE proname LIKE 'ledger%' AND pronamespace = current_schema()::regnamespace",
        drop="DROP FUNCTION {}() CASCADE",
    ),
}
