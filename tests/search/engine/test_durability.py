"""When the power fails: whatever the pointer names is on the disk before the pointer is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from articles.search.engine.keeping import files, tiers

from .stores import built, change, document, documents, generation


class Disk:
    """What has been waited for: the content of files, and the names in folders."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.content: set[int] = set()
        self.named: dict[int, set[str]] = {}
        self.pointers: list[Path] = []
        self._fsync, self._replace = os.fsync, os.replace
        monkeypatch.setattr(os, "fsync", self.fsync)
        monkeypatch.setattr(os, "replace", self.replace)

    def fsync(self, descriptor: int) -> None:
        self._fsync(descriptor)
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        inode = os.fstat(descriptor).st_ino
        if path.is_dir():
            self.named[inode] = set(os.listdir(path))
        else:
            self.content.add(inode)

    def replace(self, source: Path, target: Path) -> None:
        if Path(target).name == files.POINTER:
            self.require(Path(target).parent, files._pointer(Path(source).read_bytes()))
            assert os.stat(source).st_ino in self.content
            self.pointers.append(Path(target))
        self._replace(source, target)

    def require(self, path: Path, pointer: files.Pointer) -> None:
        folder = path / pointer.folder
        assert pointer.folder in self.named[path.stat().st_ino]
        names = files.names_of(folder, pointer.commit)
        assert len(names) > 1
        assert names <= self.named[folder.stat().st_ino]
        assert {(folder / name).stat().st_ino for name in names} <= self.content


def test_everything_is_on_the_disk_before_the_pointer_names_it_and_then_the_pointer_is(tmp_path, monkeypatch):
    monkeypatch.setattr(tiers, "FANOUT", 3)
    disk = Disk(monkeypatch)
    store = built(tmp_path / "index")
    change(store, document(3, 1), removed=[5])
    change(store, document(4, 1))
    assert store.merge()

    def meanwhile():
        change(store, document(5, 1))
        yield from documents(range(20))

    store.rebuild(meanwhile())
    assert len(disk.pointers) == 6
    assert files.POINTER in disk.named[store.path.stat().st_ino]
    assert len(list(generation(store).glob("*.seg"))) == 2
