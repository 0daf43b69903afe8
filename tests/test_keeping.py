"""What is kept is proved: files, rows, books and index, each damaged in the ways that happen, and said what to do."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from articles import jobs, keeping, originals, search, trash
from articles.keeping import files
from articles.models import Article, ArticleTag, IndexBacklog, Original, Period, Source, SourceAlias, Tag
from articles.search.engine.backend import WhooshBackend

from .search.indexes import backend, bring_up_to_date, current_folder, use_index_in

pytestmark = pytest.mark.django_db

RECORDS = [
    {"title": "The ferry is late", "body": "Ice.", "date": "1923-05-30", "source": "Gazette", "tags": ["ferry", "ice"]},
    {"title": "The ferry is here", "body": "Thaw.", "date": "1923-06", "source": "Gazette", "tags": ["ferry"]},
    {"title": "Otters at the quay", "body": "Two of them.", "status": "draft", "sections": ["Local"]},
]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an archive of three articles and one original keeps its files; its index is up to date."""
    settings.ORIGINALS = tmp_path / "originals"
    use_index_in(monkeypatch, tmp_path / "index")
    bring_in("batch.jsonl", *RECORDS)
    bring_up_to_date()
    return tmp_path


def bring_in(name: str, *records: dict[str, object]) -> Original:
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    job = jobs.enqueue([jobs.Incoming(name, [lines.encode()])], label=name, claimed_by=jobs.worker_name())
    jobs.run(job)
    return job.inputs.get().original


def verify(*arguments: str) -> tuple[str, int]:
    """What the command says, and what it ends with."""
    said = io.StringIO()
    try:
        call_command("verify", *arguments, stdout=said)
    except SystemExit as ended:
        return said.getvalue(), int(str(ended.code))
    return said.getvalue(), 0


def rewrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def age(path: Path) -> None:
    os.utime(path, (0, 0))


# All of it


def test_an_archive_in_order_says_so():
    said, code = verify()
    assert said.splitlines()[-1] == "3 articles, 1 original, all agree"
    assert code == 0


def test_articles_that_were_written_here_are_counted_by_themselves():
    Article.objects.filter(title="Otters at the quay").update(original=None)
    assert "Written here, and so without an original: 1 article." in verify("--rows")[0]


def test_an_empty_archive_is_in_order():
    Article.objects.all().delete()
    Original.objects.all()[0].inputs.all().delete()
    Original.objects.all().delete()
    shutil.rmtree(search_folder().parent / "originals")
    bring_up_to_date()
    assert verify() == ("0 articles, 0 originals, all agree\n", 0)


def search_folder() -> Path:
    return Path(backend().path)


def test_one_part_alone_is_checked_and_named(folder):
    shutil.rmtree(folder / "index")
    said, code = verify("--originals", "--rows")
    assert said == "3 articles, 1 original, all agree (originals and rows alone were checked)\n"
    assert code == 0


# Files


def test_a_file_that_is_as_it_came_is_noted_as_verified():
    before = timezone.now()
    verify("--originals")
    original = Original.objects.get()
    assert original.intact is True
    assert original.verified_at > before


DAMAGE = {
    "deleted": (lambda path: path.unlink(), "the file is missing"),
    "cut": (lambda path: rewrite(path, path.read_bytes()[:-1]), "bytes, and "),
    "emptied": (lambda path: rewrite(path, b""), "the file has 0 bytes, and"),
    "grown": (lambda path: rewrite(path, path.read_bytes() + b"\n"), "bytes, and "),
    "flipped": (lambda path: rewrite(path, b"X" + path.read_bytes()[1:]), "another checksum"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "the file"),
    "a loop": (lambda path: (path.unlink(), path.symlink_to(path.name)), "cannot be read"),
}


@pytest.mark.parametrize(("damage", "words"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_named_with_what_to_do(damage, words):
    original = Original.objects.get()
    damage(original.path)
    said, code = verify()
    assert code == 1
    (line,) = [line for line in said.splitlines() if line.startswith(f"Original {original.pk} (batch.jsonl):")]
    assert words in line
    assert f"Copy it from a backup to originals/{original.sha256[:2]}/{original.sha256[2:4]}/{original.sha256}" in line
    assert "1 problem, as told above" in said
    original.refresh_from_db()
    assert original.intact is False


def test_a_file_that_may_not_be_read_is_named(monkeypatch):
    def refuse(path: Path) -> Iterator[bytes]:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(originals, "chunks_of", refuse)
    said, code = verify("--originals")
    assert "the file cannot be read (Permission denied)" in said
    assert code == 1


def test_a_damaged_file_is_whole_again_once_the_same_bytes_came_again():
    original = Original.objects.get()
    content = original.path.read_bytes()
    rewrite(original.path, b"rot")
    assert verify("--originals")[1] == 1
    originals.keep([content], name="again.jsonl")
    assert verify("--originals")[1] == 0
    original.refresh_from_db()
    assert original.intact is True


def test_a_sample_is_what_was_not_looked_at_for_the_longest_time():
    for number in range(4):
        original = bring_in(f"{number}.jsonl", {"title": f"Number {number}", "body": "Text."})
        Original.objects.filter(pk=original.pk).update(verified_at=f"202{number}-01-01T00:00Z")
    said, _ = verify("--originals", "--sample", "2")
    assert "5 originals (2 of them read), all agree" in said
    fresh = Original.objects.filter(verified_at__year__gte=2025)
    assert set(fresh.values_list("name", flat=True)) == {"batch.jsonl", "0.jsonl"}


def test_a_file_that_no_row_knows_is_named_once_it_cannot_be_coming_in_any_more(folder):
    stray = folder / "originals" / "ab" / "cd" / "stray"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"?")
    coming = folder / "originals" / "incoming" / "half"
    coming.write_bytes(b"half")
    age(coming)
    assert verify("--originals")[1] == 0
    age(stray)
    said, code = verify("--originals")
    assert "originals/ab/cd/stray belongs to no original. Import it with" in said
    assert code == 1


def test_the_right_name_in_the_wrong_folder_is_no_original(folder):
    original = Original.objects.get()
    copy = folder / "originals" / original.sha256
    shutil.copyfile(original.path, copy)
    age(copy)
    assert "belongs to no original" in verify("--originals")[0]


def test_of_very_many_flaws_the_first_are_told_and_the_others_counted(folder, monkeypatch):
    monkeypatch.setattr("articles.management.commands.verify.SHOWN", 3)
    for number in range(5):
        stray = folder / "originals" / f"stray {number}"
        stray.write_bytes(b"?")
        age(stray)
    said, _ = verify("--originals")
    assert said.count("belongs to no original") == 3
    assert "And 2 more of this kind." in said
    assert "5 problems, as told above" in said


# Rows


@pytest.mark.parametrize(
    "change",
    [{"title": "The ferry sank"}, {"body_text": "Nothing."}, {"earliest": "1922-05-30T00:00Z"}, {"source": None}],
    ids=lambda change: next(iter(change)),
)
def test_a_row_that_was_changed_behind_our_back_is_named(change):
    article = Article.objects.get(title="The ferry is late")
    Article.objects.filter(pk=article.pk).update(**change)
    said, code = verify("--rows")
    assert code == 1
    assert f"Article {article.pk} (" in said
    assert "was changed in the database itself" in said


def test_an_article_may_be_filed_under_a_former_name_of_its_source():
    source = Source.objects.get()
    SourceAlias.objects.create(name="Gazette", key="gazette", slug="former", target=source)
    Source.objects.filter(pk=source.pk).update(name="Harbour Gazette", key="harbour gazette")
    assert verify("--rows")[1] == 0


def test_bounds_of_a_date_in_the_wrong_order_do_not_stop_the_check():
    Article.objects.update(precision="unknown", known="printed", earliest=None, latest=None)
    said, code = verify("--rows")
    assert said.count("was changed in the database itself") == 2
    assert code == 1


def test_a_row_whose_neighbour_is_gone_is_named():
    original = Original.objects.get()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # PostgreSQL waits for the end of the transaction by itself.
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("DELETE FROM articles_original WHERE id = %s", [original.pk])
    said = "\n".join(map(str, keeping.check_links()))
    Original.objects.bulk_create([original])
    numbers = ", ".join(map(str, Article.objects.order_by("pk").values_list("pk", flat=True)))
    assert f"Article {numbers}: the original that the row names is not there." in said


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda: Tag.objects.filter(name="ferry").update(published_count=7), "The tag ferry is counted as 7"),
        (lambda: Source.objects.update(published_count=0), "The source Gazette is counted as 0"),
        (lambda: Period.objects.filter(label="1923").update(published_count=9), "The period 1923 is counted as 9"),
        (lambda: Period.objects.filter(label="all").delete(), "The period all is counted as 0"),
        (lambda: Period.objects.create(label="1850", kind="year", published_count=1), "and has 0."),
        (lambda: ArticleTag.objects.filter(tag__name="ice").update(earliest=None), "Of 1 link to a tag"),
    ],
)  # fmt: skip
def test_wrong_counts_are_named_and_can_be_counted_anew(spoil, words):
    spoil()
    said, code = verify("--rows")
    assert code == 1
    assert words in said
    assert "manage.py verify --rows --mend" in said
    said, code = verify("--rows", "--mend")
    assert "Counted anew: 1 number." in said
    assert code == 0


def test_a_link_with_the_wrong_status_is_counted_out_and_in_again():
    ArticleTag.objects.filter(tag__name="ice").update(status="draft")
    assert verify("--rows")[1] == 1
    assert verify("--rows", "--mend")[1] == 0
    assert Tag.objects.get(name="ice").published_count == 1


def test_what_moves_in_and_out_of_the_trash_stays_in_order():
    trash.discard(list(Article.objects.values_list("pk", flat=True)[:2]))
    bring_up_to_date()
    assert verify()[1] == 0


# The index


def test_an_index_that_is_away_is_named_and_all_else_is_checked(folder):
    shutil.rmtree(folder / "index")
    said, code = verify()
    assert "reindex" in said
    assert "1 problem, as told above" in said
    assert code == 1


def test_a_flipped_byte_in_the_index_is_found(folder):
    largest = max(current_folder(folder / "index").rglob("*"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 0xFF
    rewrite(largest, bytes(content))
    assert verify("--index")[1] == 1


def test_an_article_that_the_index_lacks_is_named_unless_it_waits():
    article = Article.objects.published().first()
    search.forget([article.pk])
    assert f"1 article published, and neither in the index nor waiting for it: {article.pk}." in verify("--index")[0]
    IndexBacklog.objects.create(article_id=article.pk)
    said, code = verify("--index")
    assert "Waiting for the index: 1 article." in said
    assert code == 0


def test_an_article_that_the_index_should_not_have_is_named():
    article = Article.objects.published().first()
    Article.objects.filter(pk=article.pk).update(status="withheld")
    assert verify("--index")[1] == 0
    IndexBacklog.objects.all().delete()
    assert f"1 article in the index, and not published: {article.pk}." in verify("--index")[0]


def test_what_is_indexed_between_the_look_at_the_index_and_at_the_rows_is_no_flaw(monkeypatch):
    numbers = WhooshBackend.numbers
    bring_in("more.jsonl", {"title": "News", "body": "Of the minute."})

    def then_indexed(backend):
        found = numbers(backend)
        bring_up_to_date()
        return found

    monkeypatch.setattr(WhooshBackend, "numbers", then_indexed)
    assert verify("--index")[1] == 0


# One original


def test_one_original_is_verified_and_what_was_found_is_kept():
    original = Original.objects.get()
    assert keeping.verify(original) == ""
    assert Original.objects.get().intact is True
    original.path.unlink()
    assert keeping.verify(original) == "the file is missing"
    assert Original.objects.get().intact is False


def test_a_file_that_goes_while_the_folder_is_listed_does_not_stop_the_check(folder, monkeypatch):
    monkeypatch.setattr(files.os, "walk", lambda top: [(str(folder), [], ["gone"])])
    assert list(keeping.check_folder()) == []
