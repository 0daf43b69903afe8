"""An index that is away or damaged: searches are answered all the same, and the indexer puts it right."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from articles import search
from articles.models import Article, IndexBacklog
from articles.search import Question, Sort, find, indexing
from articles.search.engine import files, store
from articles.search.engine.errors import EngineError, IndexBroken, IndexBusy, IndexMissing, IndexOutdated, NoRoom

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
    return index_path


FERRIES = [f"Ferry of {year}" for year in range(1911, 1916)]


def biggest(folder: Path, ending: str) -> Path:
    return max(folder.glob(f"*{ending}"), key=lambda path: path.stat().st_size)


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
    "the postings are gone": lambda path: biggest(current_folder(path), ".pst").unlink(),
    "the postings are cut short": lambda path: cut_short(biggest(current_folder(path), ".pst")),
    "the postings are garbage": lambda path: garble(biggest(current_folder(path), ".pst")),
    "the terms are gone": lambda path: biggest(current_folder(path), ".trm").unlink(),
    "the terms are cut short": lambda path: cut_short(biggest(current_folder(path), ".trm")),
    "the terms are garbage": lambda path: garble(biggest(current_folder(path), ".trm")),
    "a column is cut short": lambda path: cut_short(biggest(current_folder(path), "earliest.col")),
    "the contents are gone": lambda path: biggest(current_folder(path), ".toc").unlink(),
    "the contents are garbage": lambda path: garble(biggest(current_folder(path), ".toc")),
    "the contents are empty": lambda path: biggest(current_folder(path), ".toc").write_bytes(b""),
    "the list of files is gone": lambda path: next(current_folder(path).glob("files-*")).unlink(),
    "the list of files is another": lambda path: next(current_folder(path).glob("files-*")).write_text("{}"),
    "everything is gone": lambda path: [empty_folder(current_folder(path)), (path / "CURRENT").unlink()],
}


@pytest.mark.parametrize("warm", [True, False], ids=["while it is in use", "before it is opened"])
@pytest.mark.parametrize("damage", list(DAMAGE))
def test_whatever_happens_to_the_index_searches_are_answered_and_it_heals(ferries, damage, warm, monkeypatch):
    monkeypatch.setattr(indexing, "LOOK", 0.0)
    if warm:
        assert titles("ferry") == FERRIES
    else:
        backend().store._opened = None
        backend().store._sound.clear()
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
    kinds = {"the pointer is gone": IndexMissing, "the postings are garbage": IndexBroken}
    for damage, kind in kinds.items():
        search.rebuild()
        backend().store._sound.clear()
        DAMAGE[damage](ferries)
        with pytest.raises(kind):
            backend().store.snapshot()


def test_an_index_of_another_version_is_outdated_and_rebuilt(ferries):
    backend().store.fingerprint = "another"
    with pytest.raises(IndexOutdated):
        backend().store.snapshot()
    assert search.state().status == "outdated"
    page = find(Question("ferry"))
    assert page.degraded
    assert page.total == 5
    search.keep_up(Turns(1))
    assert not find(Question("ferry")).degraded


def test_the_fingerprint_tells_fields_and_ways_to_read_text_apart(ferries, monkeypatch):
    schema = backend().store.schema
    before = store.fingerprint(schema)
    monkeypatch.setattr("articles.search.engine.analysis.VERSION", 999)
    assert store.fingerprint(schema) != before


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


def test_an_open_question_needs_no_index(index_path):
    make_article("Ferry")
    page = find(Question())
    assert not page.degraded
    assert page.total == 1


def test_a_check_of_every_byte_follows_a_search_that_met_trouble(ferries, monkeypatch):
    keeper = indexing.Keeper(Turns(9))
    keeper.turn()
    garble(biggest(current_folder(ferries), ".pst"))
    backend().store._opened = None
    backend().store._sound.clear()
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
        "articles.search.engine.writer.Writer.add_document",
        "articles.search.engine.writer.Writer._finalize_segment",
        "articles.search.engine.writer.TOC.write",
        "articles.search.engine.files.checked",
        "articles.search.engine.files.replace",
        "articles.search.engine.files.write_pointer",
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


class Disk:
    """A disk on which so many bytes are free."""

    def __init__(self, free: int) -> None:
        self.free = free

    def spend(self, length: int) -> None:
        self.free -= length
        if self.free < 0:
            full()


class Limited:
    """A file on such a disk."""

    def __init__(self, file, disk: Disk) -> None:
        self.file, self.disk = file, disk

    def write(self, content) -> int:
        self.disk.spend(len(content))
        return self.file.write(content)

    def __getattr__(self, name: str):
        return getattr(self.file, name)


def test_a_disk_that_is_full_at_any_byte_leaves_the_index_as_it_was(ferries, monkeypatch):
    written = files.FileStorage.create_file
    changed = Article.objects.get(title="Bridge")
    outcomes = set()
    for free in (0, 1, 40, 100, 300, 700, 1500, 3000, 5000, 8000, 12_000, 1_000_000):
        Article.objects.filter(pk=changed.pk).update(title=f"Bridge {free}")
        disk = Disk(free)

        def limited(self, name, disk=disk, **options):
            file = written(self, name, **options)
            file.file = Limited(file.file, disk)
            file.is_real = False
            return file

        with monkeypatch.context() as nearly_full:
            nearly_full.setattr(files.FileStorage, "create_file", limited)
            nearly_full.setattr(indexing, "TROUBLE", (0.0, 0.0))
            search.keep_up(Turns(1))
        assert titles("ferry") == FERRIES
        stored = titles(f"title:{free}") == [f"Bridge {free}"]
        assert stored != IndexBacklog.objects.exists()
        outcomes.add(stored)
    assert outcomes == {False, True}
    search.keep_up(Turns(1))
    assert titles("bridge") == [f"Bridge {free}"]


def test_a_rebuild_without_room_is_not_begun(ferries, monkeypatch):
    before = backend().generation()
    monkeypatch.setattr(store.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    with pytest.raises(NoRoom, match="MB of free space"):
        search.rebuild()
    assert backend().generation() == before
    assert titles("ferry") == FERRIES


def test_one_writer_waits_for_another_and_gives_up_in_time(ferries, monkeypatch):
    make_article("Ferry of 1999", date="1999")
    monkeypatch.setattr(backend().store, "timeout", 0.2)
    with files.locked(ferries, 1), pytest.raises(IndexBusy):
        search.drain()
    with files.locked(ferries, 1):
        search.keep_up(Turns(1))
    assert IndexBacklog.objects.count() == 1
    search.keep_up(Turns(1))
    assert titles("ferry") == [*FERRIES, "Ferry of 1999"]


def test_an_unfinished_write_is_swept_away(ferries):
    folder = current_folder(ferries)
    (folder / "MAIN_0123456789abcdef.pst").write_bytes(b"half")
    (folder / "_MAIN_77.toc").write_bytes(b"half")
    (folder / "MAIN.tmp").mkdir(exist_ok=True)
    assert titles("ferry") == FERRIES
    make_article("Ferry of 1999", date="1999")
    bring_up_to_date()
    assert titles("ferry") == [*FERRIES, "Ferry of 1999"]
    assert not (folder / "MAIN_0123456789abcdef.pst").exists()
    assert not (folder / "_MAIN_77.toc").exists()


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
    monkeypatch.setattr(store.Store._sweep, "__defaults__", (0.0,))
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
    backend().store._opened = None
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
    assert sum(leaf.frequency("text", b"ferri") for leaf in snapshot.leaves) == 5
    assert len(snapshot.leaves[0].documents("text", b"ferri")) == 5


def test_a_reader_that_finds_files_gone_under_its_hands_looks_again(ferries, monkeypatch):
    pointer = backend().store.pointer()
    for year in (1990, 1991, 1992):
        make_article(f"Ferry of {year}", date=str(year))
        bring_up_to_date()
    backend().store._opened = None
    backend().store._sound.clear()
    snapshot = backend().store._open(pointer)
    assert snapshot.documents == 9


def test_an_unreadable_folder_is_an_error_of_the_engine(ferries, monkeypatch):
    def denied(self: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(EngineError, match="cannot be read"):
        backend().store.snapshot()
