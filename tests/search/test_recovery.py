"""An index that is away or damaged: searches are answered all the same, and the indexer puts it right."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from articles import search
from articles.models import Article, IndexBacklog
from articles.search import Question, Sort, find, indexing
from articles.search.engine.errors import EngineError, IndexBroken, IndexBusy, IndexMissing, IndexOutdated, NoRoom
from articles.search.engine.keeping import commits, files, rebuilding
from articles.search.engine.schema import fingerprint

from ..makers import make_article
from .indexes import backend, bring_up_to_date, current_folder

pytestmark = pytest.mark.django_db


class Turns:
    """Lets the indexer take so many turns."""

    def __init__(self, number: int) -> None:
        self.left = number

    def is_set(self) -> bool:
        return self.left <= 0

    def wait(self, timeout: float | None = None) -> None:
        self.left -= 1


def titles(text: str, **asked) -> list[str]:
    return [hit.article.title for hit in find(Question(text, Sort.OLDEST, **asked)).hits]


@pytest.fixture
def ferries(index_path: Path) -> Path:
    for year in range(1911, 1916):
        make_article(f"Ferry of {year}", text="A ferry crossed the water.", date=str(year), tags=("sea",))
    make_article("Bridge", text="A bridge.", date="1950")
    bring_up_to_date()
    # A second segment, and a mask of the first.
    Article.objects.filter(title="Bridge").update(kicker="Traffic")
    bring_up_to_date()
    return index_path


FERRIES = [f"Ferry of {year}" for year in range(1911, 1916)]


def biggest(folder: Path, ending: str) -> Path:
    return max(folder.glob(f"*{ending}"), key=lambda path: path.stat().st_size)


def contents(path: Path) -> Path:
    return current_folder(path) / files.contents_name(backend().store.pointer().commit)


def garble(path: Path) -> None:
    """Other bytes in the place of those that were there, and as many."""
    path.write_bytes(b"\x81garbage" * (path.stat().st_size // 8) + b"x" * (path.stat().st_size % 8))


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty_folder(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


DAMAGE = {
    "the pointer is gone": lambda path: (path / "CURRENT").unlink(),
    "the pointer is empty": lambda path: (path / "CURRENT").write_text(""),
    "the pointer is garbage": lambda path: (path / "CURRENT").write_bytes(os.urandom(200)),
    "the pointer is no object": lambda path: (path / "CURRENT").write_text("[" * 100_000),
    "the pointer leads outside": lambda path: (path / "CURRENT").write_text(
        '{"folder": "../x", "commit": 1, "fingerprint": "x", "documents": 1, "checksum": 1}'
    ),
    "the folder is empty": lambda path: empty_folder(current_folder(path)),
    "the segment is gone": lambda path: biggest(current_folder(path), ".seg").unlink(),
    "the segment is cut short": lambda path: cut_short(biggest(current_folder(path), ".seg")),
    "the segment is garbage": lambda path: garble(biggest(current_folder(path), ".seg")),
    "the segment is empty": lambda path: biggest(current_folder(path), ".seg").write_bytes(b""),
    "the mask is gone": lambda path: biggest(current_folder(path), ".del").unlink(),
    "the mask is cut short": lambda path: cut_short(biggest(current_folder(path), ".del")),
    "the mask is garbage": lambda path: garble(biggest(current_folder(path), ".del")),
    "the contents are gone": lambda path: contents(path).unlink(),
    "the contents are garbage": lambda path: garble(contents(path)),
    "the contents are empty": lambda path: contents(path).write_bytes(b""),
    "the contents are others": lambda path: contents(path).write_text("{}"),
    "everything is gone": lambda path: [empty_folder(current_folder(path)), (path / "CURRENT").unlink()],
}


@pytest.mark.parametrize("warm", [True, False], ids=["while it is in use", "before it is opened"])
@pytest.mark.parametrize("damage", list(DAMAGE))
def test_whatever_happens_to_the_index_searches_are_answered_and_it_heals(ferries, damage, warm, monkeypatch):
    monkeypatch.setattr(indexing, "LOOK", 0.0)
    if warm:
        assert titles("ferry") == FERRIES
    else:
        backend().store.forget()
    DAMAGE[damage](ferries)
    page = find(Question("ferry", Sort.OLDEST))
    assert [hit.article.title for hit in page.hits] == FERRIES
    assert page.total == 5
    if not warm:
        assert page.degraded
        assert any("rebuilt" in note for note in page.notes)
    search.keep_up(Turns(2))
    healed = find(Question("ferry", Sort.OLDEST))
    assert [hit.article.title for hit in healed.hits] == FERRIES
    assert not healed.degraded
    assert search.state().status == "fresh"
    assert not backend().suspected()


def test_damage_raises_errors_of_the_engine_and_says_which_kind(ferries):
    kinds = {"the pointer is gone": IndexMissing, "the segment is garbage": IndexBroken}
    for damage, kind in kinds.items():
        search.rebuild()
        backend().store.forget()
        DAMAGE[damage](ferries)
        with pytest.raises(kind):
            backend().store.snapshot()


def test_an_index_of_another_version_is_outdated_and_rebuilt(ferries):
    backend().store.commits.fingerprint = "another"
    with pytest.raises(IndexOutdated):
        backend().store.snapshot()
    assert search.state().status == "outdated"
    page = find(Question("ferry"))
    assert page.degraded
    assert page.total == 5
    search.keep_up(Turns(1))
    assert not find(Question("ferry")).degraded


def test_haystacks_rebuild_begins_with_an_index_that_cannot_be_read_too(ferries):
    backend().store.commits.fingerprint = "another"
    call_command("rebuild_index", interactive=False, verbosity=0)
    assert titles("ferry") == FERRIES
    os.truncate(next(current_folder(ferries).glob("*.seg")), 100)
    call_command("clear_index", interactive=False, verbosity=0)
    assert search.state().documents == 0
    assert search.state().status == "fresh"


def test_the_fingerprint_tells_fields_and_ways_to_read_text_apart(ferries, monkeypatch):
    schema = backend().store.schema
    before = fingerprint(schema)
    monkeypatch.setattr("articles.search.engine.analysis.VERSION", 999)
    assert fingerprint(schema) != before


def test_without_an_index_the_database_answers_filters_facets_and_pages_too(index_path):
    for number in range(5):
        make_article(f"Ferry {number}", date=f"191{number}", tags=("sea", "ice") if number else ("sea",), language="en")
    make_article("Ferry unseen", status="withheld", tags=("sea",))
    asked = Question("ferry", Sort.OLDEST, size=2, filters=(("tag", "sea"),))
    pages = [find(asked.with_(page=number)) for number in (1, 2, 3)]
    assert all(page.degraded and page.total == 5 for page in pages)
    assert [hit.article.title for page in pages for hit in page.hits] == [f"Ferry {number}" for number in range(5)]
    assert {value.value: value.count for value in pages[0].facets["tag"]} == {"sea": 5, "ice": 4}
    assert {value.value: value.count for value in pages[0].facets["year"]} == {f"191{number}": 1 for number in range(5)}
    assert titles("ferry", filters=(("tag", "ice"), ("year", "1912"))) == ["Ferry 2"]
    assert titles('ferry -tag:"ice"') == ["Ferry 0"]
    assert titles("ferry before:1912 OR after:1913") == ["Ferry 0", "Ferry 1", "Ferry 4"]
    assert titles("title:ferry -caption:x -source:y by:nobody") == []
    assert titles("-ferry") == []
    assert titles("ferry", since="1913") == ["Ferry 3", "Ferry 4"]
    assert titles("ferry", filters=(("year", "12x"),)) == []


def test_an_open_question_is_answered_without_an_index_too(index_path):
    make_article("Ferry", tags=("sea",))
    page = find(Question())
    assert page.degraded
    assert (page.total, [hit.article.title for hit in page.hits]) == (1, ["Ferry"])
    assert [value.count for value in page.facets["tag"]] == [1]


def test_a_check_of_every_byte_follows_a_search_that_met_trouble(ferries, monkeypatch):
    keeper = indexing.Keeper(Turns(9))
    keeper.turn()
    garble(biggest(current_folder(ferries), ".seg"))
    backend().store.forget()
    assert find(Question("ferry")).degraded
    assert backend().suspected()
    monkeypatch.setattr(indexing, "LOOK", 0.0)
    keeper.turn()
    assert not find(Question("ferry")).degraded


def test_trouble_that_is_not_the_indexs_does_not_rebuild_it(ferries, monkeypatch):
    before = backend().generation()
    backend().suspect()
    search.keep_up(Turns(1))
    assert backend().generation() == before
    assert not backend().suspected()


# Writing


def full(*args: object, **options: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    "where",
    [
        "articles.search.engine.building.builder.SegmentBuilder.add",
        "articles.search.engine.building.builder.SegmentBuilder.write",
        "articles.search.engine.segments.arrays.ArrayOutput.close",
        "articles.search.engine.keeping.files.write_contents",
        "articles.search.engine.keeping.files.replace",
        "articles.search.engine.keeping.files.write_pointer",
    ],
)
def test_a_write_that_fails_anywhere_loses_nothing_and_holds_nothing(ferries, where, monkeypatch):
    make_article("Ferry of 1999", date="1999")
    backlog = set(IndexBacklog.objects.values_list())
    with monkeypatch.context() as broken:
        broken.setattr(where, full)
        with pytest.raises(OSError, match="No space"):
            search.drain()
        with pytest.raises(OSError, match="No space"):
            search.rebuild()
    assert set(IndexBacklog.objects.values_list()) == backlog
    assert titles("ferry") == FERRIES
    assert search.drain() == 1
    assert titles("ferry") == [*FERRIES, "Ferry of 1999"]
    search.rebuild()
    assert titles("ferry") == [*FERRIES, "Ferry of 1999"]


@contextlib.contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """The system lets no file grow beyond this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_no_more_at_any_byte_leaves_the_index_as_it_was(ferries):
    changed = Article.objects.get(title="Bridge")
    outcomes = set()
    for room in (0, 1, 40, 100, 300, 700, 1500, 3000, 6000, 12_000, 1_000_000):
        # The index alone is short of room: the database has its row already.
        document = {**backend().document(indexing._index(), changed), "title": f"Bridge {room}"}
        stored = put_with_room(document, room)
        assert titles("ferry") == FERRIES
        assert (titles(f"title:{room}") == ["Bridge"]) == stored
        outcomes.add(stored)
    assert outcomes == {False, True}


def put_with_room(document: dict, room: int) -> bool:
    try:
        with files_up_to(room), backend().store.writing() as writer:
            writer.put(document)
    except OSError:
        return False
    return True


def test_a_rebuild_without_room_is_not_begun(ferries, monkeypatch):
    before = backend().generation()
    monkeypatch.setattr(rebuilding.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    with pytest.raises(NoRoom, match="MB of free space"):
        search.rebuild()
    assert backend().generation() == before
    assert titles("ferry") == FERRIES


def test_one_writer_waits_for_another_and_gives_up_in_time(ferries, monkeypatch):
    make_article("Ferry of 1999", date="1999")
    monkeypatch.setattr(backend().store.commits, "timeout", 0.2)
    with files.locked(ferries, 1), pytest.raises(IndexBusy):
        search.drain()
    with files.locked(ferries, 1):
        search.keep_up(Turns(1))
    assert IndexBacklog.objects.count() == 1
    search.keep_up(Turns(1))
    assert titles("ferry") == [*FERRIES, "Ferry of 1999"]


def test_an_unfinished_write_is_swept_away(ferries):
    folder = current_folder(ferries)
    (folder / "0123456789abcdef.seg").write_bytes(b"half")
    (folder / "contents-77.json").write_bytes(b"half")
    (folder / "half").mkdir()
    assert titles("ferry") == FERRIES
    make_article("Ferry of 1999", date="1999")
    bring_up_to_date()
    assert titles("ferry") == [*FERRIES, "Ferry of 1999"]
    assert not any((folder / name).exists() for name in ("0123456789abcdef.seg", "contents-77.json", "half"))


def test_a_rebuild_that_is_told_to_stop_leaves_the_index_in_use(ferries):
    def stop(number: int) -> None:
        raise search.Stopped

    before = backend().generation()
    with pytest.raises(search.Stopped):
        search.rebuild(stop)
    assert backend().generation() == before
    assert sum(path.is_dir() for path in ferries.iterdir()) == 1
    assert titles("ferry") == FERRIES


def test_a_generation_that_was_replaced_stays_until_no_reader_can_need_it(ferries, monkeypatch):
    old = current_folder(ferries)
    search.rebuild()
    assert old.exists()
    make_article("Ferry of 1999", date="1999")
    bring_up_to_date()
    assert old.exists()
    monkeypatch.setattr(commits, "GRACE", 0.0)
    make_article("Ferry of 2000", date="2000")
    bring_up_to_date()
    assert not old.exists()


# Reading

opened_to_write: list[str] = []
watched: list[str] = []


def _note(event: str, arguments: tuple) -> None:
    if watched and event == "open" and str(arguments[0]).startswith(watched[0]):
        flags = arguments[2] if isinstance(arguments[2], int) else 0
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or set(str(arguments[1] or "")) & set("wax+"):
            opened_to_write.append(str(arguments[0]))


@pytest.fixture(scope="module")
def audited():
    sys.addaudithook(_note)


def test_searching_writes_nothing(ferries, audited):
    for path in [ferries, *ferries.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    backend().store.forget()
    before = sorted((str(path), path.stat().st_mtime_ns) for path in ferries.rglob("*"))
    watched.append(str(ferries))
    try:
        assert titles("ferry") == FERRIES
        assert not find(Question("ferry OR bridge")).degraded
        search.similar(Article.objects.first())
        search.state()
    finally:
        watched.clear()
        for path in [ferries, *ferries.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert opened_to_write == []
    assert sorted((str(path), path.stat().st_mtime_ns) for path in ferries.rglob("*")) == before


def test_only_the_owner_may_look_into_the_index(ferries):
    assert ferries.stat().st_mode & 0o77 == 0
    assert current_folder(ferries).stat().st_mode & 0o77 == 0


def test_a_reader_in_the_middle_of_an_answer_is_not_disturbed_by_commits(ferries):
    snapshot = backend().store.snapshot()
    for year in range(1990, 2010):
        make_article(f"Ferry of {year}", date=str(year))
        bring_up_to_date()
    search.rebuild()
    assert snapshot.frequency("text", b"ferri") == len(snapshot.ids("text", b"ferri")) == 5


def test_an_unreadable_folder_is_an_error_of_the_engine(ferries, monkeypatch):
    def denied(self: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(EngineError, match="cannot be read"):
        backend().store.snapshot()
