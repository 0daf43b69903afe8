"""Reading as of one moment holds nobody up, and sees nothing of what others write meanwhile."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connection

from articles import snapshots
from articles.models import Tag

READ = """
import sys
import django
django.setup()
from articles import snapshots
from articles.models import Tag
with snapshots.of_one_moment():
    counts = [Tag.objects.count()]
    print("reading", flush=True)
    sys.stdin.readline()
    counts.append(Tag.objects.count())
counts.append(Tag.objects.count())
Tag.objects.create(name="After")
print(*counts)
"""
WRITE = "INSERT INTO articles_tag (name, key, slug, description, published_count) VALUES ('New', 'new', 'new', '', 0)"


def test_others_write_meanwhile_and_are_seen_only_afterwards(tmp_path: Path):
    held = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    own = {"NEWSARCHIVE_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "newsarchive.settings"}
    started = {"env": {**held, **own}, "cwd": project.BASE_DIR, "text": True}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, **started)
    with subprocess.Popen(
        [sys.executable, "-c", READ], stdin=subprocess.PIPE, stdout=subprocess.PIPE, **started
    ) as reader:
        assert reader.stdout.readline() == "reading\n"
        other = sqlite3.connect(tmp_path / "archive.sqlite3", timeout=5)
        with other:
            other.execute(WRITE)
        other.close()
        said, _ = reader.communicate("go on\n", timeout=60)
    assert said == "0 0 1\n"


@pytest.mark.django_db
def test_within_a_transaction_it_changes_nothing():
    with snapshots.of_one_moment():
        Tag.objects.create(name="Inside")
    assert Tag.objects.count() == 1
    assert connection.in_atomic_block
