"""A folder in a real browser: chosen or dropped, its files come with their paths."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from articles.models import ImportJob

from .test_admin import UPLOAD, boss  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "harbour"
    for year in ("2019", "2020"):
        (top / year).mkdir(parents=True)
        (top / year / "ferry.txt").write_text(
            f"The ferry of {year}\n\nIt did not sail on Tuesday, because of otters.\n"
        )
    (top / ".hidden.txt").write_text("x")
    return top


def names() -> list[str]:
    return list(ImportJob.objects.latest("pk").inputs.values_list("name", flat=True))


def test_files_of_a_folder_that_is_chosen_have_their_paths(page: Page, boss, folder: Path):  # noqa: F811
    page.goto(UPLOAD)
    page.get_by_label("Or a whole folder").set_input_files(folder)
    expect(page.locator("#chosen")).to_contain_text("harbour/2019/ferry.txt")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="harbour/2020/ferry.txt")).to_be_visible()
    assert names() == ["harbour/.hidden.txt", "harbour/2019/ferry.txt", "harbour/2020/ferry.txt"]


def test_files_of_a_folder_that_is_dropped_have_their_paths(page: Page, boss, folder: Path):  # noqa: F811
    page.goto(UPLOAD)
    browser = page.context.new_cdp_session(page)
    dragged = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": dragged})
    expect(page.locator("#chosen")).to_contain_text("hidden, and left out: 1")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="harbour/2020/ferry.txt")).to_be_visible()
    assert names() == ["harbour/2019/ferry.txt", "harbour/2020/ferry.txt"]
