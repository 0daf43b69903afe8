"""The file of arrays: what goes in comes out, and whatever was done to the file is told as such."""

import json
import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest

from articles.search.engine.errors import IndexBroken, IndexOutdated
from articles.search.engine.segments.arrays import CHECK, FORMAT, HEADER, MAGIC, SPOOL, START, ArrayFile, ArrayOutput

META = {"name": "small", "count": 3}


def write(path, meta=META, **arrays):
    output = ArrayOutput(path)
    for name, array in arrays.items():
        output.append(name, array)
    return output.close(meta)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "small.seg"
    write(path, ids=np.arange(5, dtype="u4"), bytes=np.frombuffer(b"abc", "u1"), none=np.zeros(0, "i8"))
    return path


def test_what_is_written_is_read(path):
    file = ArrayFile(path)
    assert file.names == ("ids", "bytes", "none")
    assert file.meta == META
    assert file.read("ids").tolist() == [0, 1, 2, 3, 4]
    assert file.read("ids", 1, 3).tolist() == [1, 2]
    assert file.read("bytes").tobytes() == b"abc"
    assert (file.count("none"), file.read("none").tolist()) == (0, [])


@pytest.mark.parametrize("kind", ["u1", "?", "u2", "u4", "u8", "i4", "i8", "f4", "f8", ">u4"])
def test_every_kind_of_number_keeps_its_values(tmp_path, kind):
    written = np.array([0, 1, 1, 0], kind)
    write(tmp_path / "a", numbers=written)
    read = ArrayFile(tmp_path / "a").read("numbers")
    assert read.dtype == written.dtype.newbyteorder("<")
    assert read.tolist() == written.tolist()


def test_arrays_grow_in_any_order_and_beyond_memory(tmp_path):
    output = ArrayOutput(tmp_path / "a")
    large = np.arange(SPOOL, dtype="u4")
    for part in np.array_split(large, 7):
        output.append("large", part)
        output.append("few", part[:1])
    output.close({})
    file = ArrayFile(tmp_path / "a")
    assert np.array_equal(file.read("large"), large)
    assert file.count("few") == 7


def test_an_array_holds_one_kind_of_number(tmp_path):
    output = ArrayOutput(tmp_path / "a")
    output.append("numbers", np.zeros(1, "u4"))
    with pytest.raises(TypeError, match="numbers"):
        output.append("numbers", np.zeros(1, "u2"))
    output.abandon()


def test_nothing_stands_in_the_folder_before_the_end_or_after_giving_up(tmp_path):
    output = ArrayOutput(tmp_path / "a")
    output.append("large", np.zeros(SPOOL, "u4"))
    assert os.listdir(tmp_path) == []
    output.abandon()
    assert os.listdir(tmp_path) == []


def test_a_file_that_cannot_be_finished_leaves_nothing(tmp_path):
    output = ArrayOutput(tmp_path / "a")
    output.append("numbers", np.zeros(1, "u4"))
    with pytest.raises(TypeError):
        output.close({"not for JSON": object()})
    assert os.listdir(tmp_path) == []


def test_closing_tells_size_and_checksum(tmp_path):
    told = write(tmp_path / "a", numbers=np.arange(1000))
    content = (tmp_path / "a").read_bytes()
    assert told == (len(content), zlib.crc32(content))


def test_what_was_read_cannot_be_written_to(path):
    with pytest.raises(ValueError, match="read-only"):
        ArrayFile(path).read("ids")[0] = 7


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(IndexBroken, match="No such file"):
        ArrayFile(tmp_path / "missing")


def test_a_folder_in_place_of_the_file_is_told(tmp_path):
    with pytest.raises(IndexBroken):
        ArrayFile(tmp_path)


def test_a_missing_array_is_told(path):
    with pytest.raises(IndexBroken, match="nothing_such"):
        ArrayFile(path).read("nothing_such")


@pytest.mark.parametrize("bounds", [(-1, 2), (3, 2), (0, 6), (6, None)])
def test_reading_outside_an_array_is_told(path, bounds):
    with pytest.raises(IndexBroken):
        ArrayFile(path).read("ids", *bounds)


def test_a_file_cut_anywhere_is_told(path, tmp_path):
    content = path.read_bytes()
    cut = tmp_path / "cut"
    for length in range(len(content)):
        cut.write_bytes(content[:length])
        with pytest.raises(IndexBroken):
            ArrayFile(cut)


def test_a_file_that_grew_is_told(path):
    path.write_bytes(path.read_bytes() + b"\0" * 8)
    with pytest.raises(IndexBroken):
        ArrayFile(path)


def test_any_changed_bit_of_header_or_directory_is_told(path, tmp_path):
    content = path.read_bytes()
    directory = struct.unpack_from("<Q", content, 16)[0]
    changed = tmp_path / "changed"
    for at in [*range(START), *range(len(content) - directory, len(content))]:
        for bit in range(8):
            flipped = bytearray(content)
            flipped[at] ^= 1 << bit
            changed.write_bytes(flipped)
            with pytest.raises(IndexBroken):
                ArrayFile(changed)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7" + b"x" * 500, b"\0" * 500, b"{}"])
def test_a_foreign_file_is_told(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(IndexBroken):
        ArrayFile(tmp_path / "a")


def lying(path, directory: bytes, version=FORMAT):
    """A file whose checksums are right and whose directory says what it likes."""
    body = bytes(16)
    size = START + len(body) + len(directory)
    header = HEADER.pack(MAGIC, version, zlib.crc32(directory), len(directory), size)
    path.write_bytes(header + CHECK.pack(zlib.crc32(header)) + body + directory)
    return path


def test_a_newer_version_is_told_as_such(tmp_path):
    with pytest.raises(IndexOutdated, match=str(FORMAT + 1)):
        ArrayFile(lying(tmp_path / "a", b"{}", FORMAT + 1))


PLACES = [
    ["<u4", START, 5],
    ["<u4", START + 16, 1],
    ["<u4", START + 8, -1],
    ["<u4", START + 4, 1],
    ["<u4", 0, 1],
    ["<u4", -8, 1],
    ["<u4", START, 1 << 70],
    ["<u4", START, 1.0],
    ["<u4", "64", 1],
    ["<u4", START, True],
    ["O", START, 1],
    [["<u4"], START, 1],
    ["<u4", START],
    [],
    None,
    7,
]


@pytest.mark.parametrize("place", PLACES)
def test_a_directory_that_lies_about_a_place_is_told(tmp_path, place):
    directory = json.dumps({"arrays": {"numbers": place}, "meta": {}}).encode()
    with pytest.raises(IndexBroken):
        ArrayFile(lying(tmp_path / "a", directory))


SHAPES = [b"", b"{", b"[]", b"7", b"{}", b'{"arrays": {}}', b'{"arrays": [], "meta": {}}', b'{"arrays": {}, "meta": 7}']


@pytest.mark.parametrize(
    "directory", [*SHAPES, b"\xff\xfe", b"[" * 100_000], ids=lambda content: content[:30].decode(errors="replace")
)
def test_a_directory_of_another_shape_is_told(tmp_path, directory):
    with pytest.raises(IndexBroken):
        ArrayFile(lying(tmp_path / "a", directory))


def test_a_file_cut_short_under_a_reader_is_told(path):
    file = ArrayFile(path)
    os.truncate(path, START + 4)
    assert not file.is_untouched()
    with pytest.raises(IndexBroken, match="ends before"):
        file.read("ids")


def test_a_file_written_to_is_noticed(path):
    file = ArrayFile(path)
    assert file.is_untouched()
    os.utime(path, ns=(1, 1))
    assert not file.is_untouched()


def test_a_file_removed_under_a_reader_can_still_be_read(path):
    file = ArrayFile(path)
    path.unlink()
    assert file.read("ids").tolist() == [0, 1, 2, 3, 4]


def test_the_file_is_let_go_of_with_its_object(path):
    file = ArrayFile(path)
    descriptor = file._descriptor
    del file
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_threads_read_at_once(tmp_path):
    numbers = np.arange(100_000, dtype="u4")
    write(tmp_path / "a", numbers=numbers)
    file = ArrayFile(tmp_path / "a")
    bounds = [(start, start + 500) for start in range(0, 99_500, 100)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda bound: file.read("numbers", *bound), bounds))
    assert all(np.array_equal(got, numbers[slice(*bound)]) for got, bound in zip(found, bounds, strict=True))


def test_whatever_bytes_change_nothing_but_our_errors_is_raised(path, tmp_path):
    content, changed = path.read_bytes(), tmp_path / "changed"
    random = np.random.default_rng(5)
    for _ in range(300):
        flipped = bytearray(content)
        for at in random.integers(0, len(content), 3):
            flipped[at] = random.integers(256)
        changed.write_bytes(flipped[: random.integers(len(content) + 1)])
        with suppress(IndexBroken):
            file = ArrayFile(changed)
            for name in file.names:
                file.read(name)
