import errno
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsarchive import settings

ROOT = settings.BASE_DIR


@pytest.mark.parametrize("name", settings.SETTING_NAMES)
def test_each_setting_has_a_row_in_the_readme(name):
    assert re.search(rf"^\| `{name}` \|", (ROOT / "README.md").read_text(), re.MULTILINE)


def test_each_setting_that_is_read_is_a_known_name():
    source = Path(settings.__file__).read_text()
    assert set(re.findall(r"from_environment\(\"\w+\", \"(\w+)\"", source)) == set(settings.SETTING_NAMES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "80x"),
        ("PORT", "70000"),
        ("NEWSARCHIVE_DEBUG", "perhaps"),
        ("NEWSARCHIVE_THREADS", "0"),
        ("DATABASE_URL", "somewhere"),
    ],
)
def test_a_misspelt_value_stops_the_start_with_its_name(name, value):
    assert re.fullmatch(rf"The setting {name} cannot be used: .+\n", complaint({name: value}))


def test_a_misspelt_name_stops_the_start_with_the_right_one():
    assert "no setting NEWSARCHIVE_DATTA. Did you mean NEWSARCHIVE_DATA?" in complaint({"NEWSARCHIVE_DATTA": "/srv"})


def test_a_data_folder_that_cannot_be_made_stops_the_start(tmp_path):
    (tmp_path / "file").touch()
    said = complaint({"NEWSARCHIVE_DATA": str(tmp_path / "file" / "folder")})
    assert re.fullmatch(r"The data folder .+ cannot be written to \(Not a directory\): .+\n", said)


def test_the_data_folder_and_the_secret_are_their_owners_alone(tmp_path):
    folder = settings.kept_folder(tmp_path / "a" / "data")
    key = settings.kept_secret(folder / "secret.key")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600
    assert len(key) > 50


def test_the_secret_stays_the_same(tmp_path):
    assert settings.kept_secret(tmp_path / "key") == settings.kept_secret(tmp_path / "key")


def test_an_empty_secret_is_refused(tmp_path):
    (tmp_path / "key").touch()
    with pytest.raises(ImproperlyConfigured, match="delete the file"):
        settings.kept_secret(tmp_path / "key")


def test_a_full_disk_leaves_no_empty_secret(tmp_path, monkeypatch):
    def full(length):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(secrets, "token_urlsafe", full)
    with pytest.raises(ImproperlyConfigured, match="No space left"):
        settings.kept_secret(tmp_path / "key")
    assert not (tmp_path / "key").exists()


def complaint(environment):
    """What the command line says in this environment; it must not start."""
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "newsarchive.settings", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1, ended
    return ended.stderr
