"""Rows of numbers keep their values, one by one and by the range, and take no more room than they need."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.search.engine.errors import IndexBroken
from articles.search.engine.segments import packed
from articles.search.engine.segments.arrays import ArrayFile, ArrayOutput
from articles.search.engine.segments.packed import Packed

NUMBERS = st.one_of(st.just(0), st.integers(0, 255), st.integers(0, 65_535), st.integers(0, (1 << 32) - 1))
ROWS = st.lists(st.lists(NUMBERS, max_size=5), max_size=12)


def flat(rows, kind="i8"):
    values = np.array([number for row in rows for number in row], kind)
    return values, np.array([len(row) for row in rows], "u4")


def write(path, *parts):
    output = ArrayOutput(path)
    for rows in parts:
        packed.write(output, "rows", *flat(rows))
    output.close({})
    return ArrayFile(path)


def stored(tmp_path, rows):
    return Packed(write(tmp_path / "rows", rows), "rows", flat(rows)[1])


@settings(max_examples=150, deadline=None)
@given(ROWS, ROWS, st.data())
def test_rows_come_back_as_they_were(first, second, data):
    rows = first + second
    start = data.draw(st.integers(0, len(rows)))
    stop = data.draw(st.integers(start, len(rows)))
    with tempfile.TemporaryDirectory() as folder:
        read = Packed(write(Path(folder) / "rows", first, second), "rows", flat(rows)[1])
        assert [read.row(number).tolist() for number in range(len(rows))] == rows
        assert read.rows(start, stop).tolist() == flat(rows[start:stop])[0].tolist()
        assert [read.is_zero(number) for number in range(len(rows))] == [not any(row) for row in rows]


ROW_OF_WIDTH = [([0, 0], 0), ([], 0), ([255, 0], 1), ([256, 0], 2), ([65_535], 2), ([65_536], 4), ([(1 << 32) - 1], 4)]


@pytest.mark.parametrize(("row", "width"), ROW_OF_WIDTH)
def test_a_row_takes_the_width_of_its_largest_number(tmp_path, row, width):
    file = write(tmp_path / "rows", [row])
    taken = [file.kind(f"rows.{kind}").itemsize * file.count(f"rows.{kind}") for kind in packed.WIDTHS]
    assert sum(taken) == width * len(row)


@pytest.mark.parametrize("number", [-1, 1 << 32])
def test_numbers_out_of_bounds_are_refused(tmp_path, number):
    output = ArrayOutput(tmp_path / "rows")
    with pytest.raises(ValueError, match="rows"):
        packed.write(output, "rows", np.array([number]), np.array([1]))
    output.abandon()


def test_no_rows_are_no_numbers(tmp_path):
    assert stored(tmp_path, []).rows(0, 0).tolist() == []


@pytest.mark.parametrize("counts", [[1, 2], [2, 1, 1], [3, 2], [2, 2, 0]])
def test_counts_that_do_not_fit_are_told(tmp_path, counts):
    file = write(tmp_path / "rows", [[1, 2], [3, 4]])
    with pytest.raises(IndexBroken, match="rows"):
        Packed(file, "rows", np.array(counts, "u4"))


def test_a_width_that_does_not_exist_is_told(tmp_path):
    output = ArrayOutput(tmp_path / "rows")
    output.append("rows.kinds", np.array([4], "u1"))
    for kind, width in packed.WIDTHS.items():
        output.append(f"rows.{kind}", np.zeros(0, width))
    output.close({})
    with pytest.raises(IndexBroken):
        Packed(ArrayFile(tmp_path / "rows"), "rows", np.array([1], "u4"))


def test_an_array_of_another_width_is_told(tmp_path):
    output = ArrayOutput(tmp_path / "rows")
    output.append("rows.kinds", np.array([1], "u1"))
    for kind in packed.WIDTHS:
        output.append(f"rows.{kind}", np.zeros(int(kind == 1), "f8"))
    output.close({})
    with pytest.raises(IndexBroken):
        Packed(ArrayFile(tmp_path / "rows"), "rows", np.array([1], "u4"))
