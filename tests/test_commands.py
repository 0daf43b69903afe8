"""The command line: what goes in comes out, and each file is accounted for."""

from __future__ import annotations

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from articles.models import Article, ImportJob, Tag
from articles.records import Status

from .makers import make_article

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).parent.parent / "articles" / "demo"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ORIGINALS = tmp_path / "originals"


@pytest.fixture
def two(tmp_path: Path) -> Path:
    file = tmp_path / "two.jsonl"
    file.write_text('{"title": "One", "body": "Text."}\n{"title": 2, "body": "Text."}\n')
    return file


def import_articles(*arguments: str) -> list[str]:
    """What the command prints; a failed record makes it exit with 1, and nothing else does."""
    out = StringIO()
    with suppress(SystemExit):
        call_command("import_articles", *arguments, stdout=out)
    return out.getvalue().splitlines()


def export(**options: str) -> str:
    file = options.pop("file")
    call_command("export_articles", output=Path(file), stderr=StringIO(), **options)
    return Path(file).read_text(encoding="utf-8")


def test_out_and_in_again_is_identical(tmp_path: Path):
    import_articles(str(DEMO))
    first = export(file=f"{tmp_path}/first.jsonl")
    assert len(first.splitlines()) == Article.objects.count() > 60
    Article.objects.all().delete()
    Tag.objects.all().delete()
    import_articles(f"{tmp_path}/first.jsonl")
    assert export(file=f"{tmp_path}/second.jsonl") == first


def test_importing_twice_changes_nothing():
    import_articles(str(DEMO))
    before = list(Article.objects.order_by("pk").values())
    again = import_articles(str(DEMO))
    assert list(Article.objects.order_by("pk").values()) == before
    assert all("duplicate of /article/" in line for line in again[:-1])
    assert again[-1] == f"{len(before)} duplicate"


def test_an_export_brought_back_into_the_same_archive_is_all_duplicates(tmp_path: Path):
    import_articles(str(DEMO))
    export(file=f"{tmp_path}/all.jsonl")
    assert import_articles(f"{tmp_path}/all.jsonl")[-1] == f"{Article.objects.count()} duplicate"


def test_each_record_gets_a_line_that_says_what_became_of_it_and_where(two: Path):
    created, failed, total = import_articles(str(two))
    assert created.startswith("two.jsonl, line 1: created: /article/")
    assert failed.startswith("two.jsonl, line 2: failed: title: expected text")
    assert total == "1 created, 1 failed"


def test_a_failed_record_makes_the_command_fail(two: Path):
    with pytest.raises(SystemExit, match="1"):
        call_command("import_articles", str(two), stdout=StringIO())


def test_json_lines_say_the_same_to_programs(two: Path):
    rows = [json.loads(line) for line in import_articles(str(two), "--json")]
    assert [row["result"] for row in rows] == ["created", "failed"]
    assert rows[0]["url"] == Article.objects.get().get_absolute_url()


def test_a_dry_run_reads_and_stores_nothing(two: Path):
    lines = import_articles(str(two), "--dry-run")
    assert lines[-1] == "1 failed, 1 readable"
    assert not Article.objects.exists()
    assert not ImportJob.objects.exists()


@pytest.fixture
def misspelt(tmp_path: Path) -> Path:
    file = tmp_path / "misspelt.jsonl"
    file.write_text('{"titel": "Four", "body": "Text.", "tagz": ["a"]}\n{"titel": "Five", "body": "Text."}\n')
    return file


SAID = "misspelt.jsonl: columns left out: tagz; columns taken by their names: titel as title"


def test_a_misspelt_key_is_said_once_for_each_file(misspelt: Path, two: Path):
    lines = import_articles(str(misspelt), str(two))
    assert lines[0] == SAID
    assert lines[1].startswith("misspelt.jsonl, line 1: created")
    assert sum("columns" in line for line in lines) == 1
    assert lines[-1] == "3 created, 1 failed"


def test_a_dry_run_says_it_too(misspelt: Path):
    assert import_articles(str(misspelt), "--dry-run") == [
        SAID,
        "misspelt.jsonl, line 1: readable: Four",
        "misspelt.jsonl, line 2: readable: Five",
        "2 readable",
    ]


def test_programs_are_told_of_columns_in_a_line_of_its_own(misspelt: Path):
    first, *rest = [json.loads(line) for line in import_articles(str(misspelt), "--json")]
    assert (first["result"], first["left_out"], first["guessed"]) == ("columns", ["tagz"], [["titel", "title"]])
    assert [row["result"] for row in rest] == ["created", "created"]


def test_a_column_that_was_decided_is_no_guess(misspelt: Path):
    lines = import_articles(str(misspelt), "--column", "titel=title", "--column", "tagz=tags")
    assert "columns" not in lines[0]
    assert Article.objects.filter(tags__name="a").count() == 1


def test_a_source_is_given_to_articles_that_name_none(two: Path):
    import_articles(str(two), "--source", "The Gazette")
    assert Article.objects.get().source.name == "The Gazette"


def test_standard_input_is_read(two: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("articles.management.commands.import_articles.STANDARD_INPUT", two)
    assert import_articles("-")[0].startswith("standard input, line 1: created")


def test_a_missing_path_stores_nothing_and_says_so(two: Path):
    with pytest.raises(CommandError, match="there is no such file"):
        call_command("import_articles", str(two), "no/such/file.txt")
    assert not Article.objects.exists()


def test_hidden_files_of_a_folder_are_passed_over(tmp_path: Path, two: Path):
    (tmp_path / ".hidden.jsonl").write_text("x")
    assert import_articles(str(tmp_path))[-1] == "1 created, 1 failed, 1 skipped"


def test_an_export_can_be_narrowed_to_a_source_or_a_status(tmp_path: Path):
    make_article("One", source="The Gazette")
    make_article("Two", source="The Mail", status=Status.WITHHELD)
    assert '"title":"One"' in export(file=f"{tmp_path}/a.jsonl", source="the gazette")
    assert '"title":"Two"' in export(file=f"{tmp_path}/b.jsonl", status="withheld")
    with pytest.raises(CommandError, match="no source"):
        export(file=f"{tmp_path}/c.jsonl", source="The Post")
