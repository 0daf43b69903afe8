"""Originals are kept under their checksum, once, read-only, and can be proved."""

from __future__ import annotations

import hashlib
import stat

import pytest

from articles import originals
from articles.models import Original

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ORIGINALS = tmp_path / "originals"
    return settings.ORIGINALS


def everything_in(folder) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_its_checksum_and_read_only():
    original = originals.keep([b"one ", b"two"], name="page.txt", media_type="text/plain")
    assert original.sha256 == hashlib.sha256(b"one two").hexdigest()
    assert original.size == 7
    assert original.path.read_bytes() == b"one two"
    assert stat.S_IMODE(original.path.stat().st_mode) == 0o444


def test_the_same_bytes_again_are_the_same_original_and_the_file_is_not_touched(folder):
    first = originals.keep([b"one"], name="a.txt")
    before = first.path.stat()
    second = originals.keep([b"o", b"ne"], name="b.txt")
    assert second == first
    assert second.name == "a.txt"
    assert first.path.stat().st_mtime_ns == before.st_mtime_ns
    assert everything_in(folder) == [first.sha256]


def test_a_damaged_file_is_replaced_when_the_whole_one_comes_again():
    original = originals.keep([b"one"], name="a.txt")
    original.path.chmod(0o644)
    original.path.write_bytes(b"on")
    originals.keep([b"one"], name="a.txt")
    assert originals.is_intact(original)


def test_a_file_over_the_limit_is_refused_and_leaves_nothing_behind(folder):
    with pytest.raises(originals.TooLarge, match="1 MB"):
        originals.keep([b"x" * originals.CHUNK, b"x"], name="big.txt", most=originals.CHUNK)
    assert everything_in(folder) == []
    assert not Original.objects.exists()


def test_a_failing_disk_leaves_neither_a_row_nor_half_a_file(folder):
    def chunks():
        yield b"one"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        originals.keep(chunks(), name="a.txt")
    assert everything_in(folder) == []
    assert not Original.objects.exists()


def test_what_a_killed_process_left_half_written_goes_unless_a_file_is_on_its_way_in(folder):
    incoming = folder / "incoming"
    incoming.mkdir(parents=True)
    (incoming / "half").write_bytes(b"half")

    def chunks():
        originals.sweep()
        yield b"whole"

    kept = originals.keep(chunks(), name="a.txt")
    assert originals.is_intact(kept)
    assert (incoming / "half").exists()
    originals.sweep()
    assert everything_in(incoming) == []


def test_a_changed_or_missing_file_is_not_intact():
    original = originals.keep([b"one"], name="a.txt")
    assert originals.is_intact(original)
    original.path.chmod(0o644)
    original.path.write_bytes(b"two")
    assert not originals.is_intact(original)
    original.path.unlink()
    assert not originals.is_intact(original)
