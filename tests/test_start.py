import ast
import os
import sys
from pathlib import Path

import pytest

import start

SCRIPT = Path(start.__file__)


def test_an_old_python_can_read_the_script():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 8))


def test_the_script_needs_the_standard_library_alone():
    tree = ast.parse(SCRIPT.read_text())
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names


def test_an_old_python_is_told_what_is_needed(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(start.Stop, match=r"^This is Python 3\.8, and the archive needs 3\.11 or newer: install"):
        start.refuse_old_python((3, 8))


def test_an_old_python_names_a_newer_one_that_is_there(monkeypatch, tmp_path):
    program(tmp_path / "python3.12")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(start.Stop, match=r"start it with python3\.12 start\.py"):
        start.refuse_old_python((3, 9))


def test_an_unknown_word_is_answered_with_the_known_ones():
    with pytest.raises(start.Stop, match=r"python3 start\.py test"):
        start.act(["tset"])


@pytest.fixture
def venv(monkeypatch, tmp_path):
    """A folder that looks like a finished .venv."""
    monkeypatch.setattr(start, "VENV", tmp_path)
    monkeypatch.setattr(start, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(start, "UNFINISHED", tmp_path / "unfinished")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {sys.version_info[0]}.{sys.version_info[1]}.1\n")
    return tmp_path


def test_a_finished_venv_is_used(venv):
    assert start.usable()


def test_a_half_made_venv_is_made_again(venv):
    start.UNFINISHED.touch()
    assert not start.usable()


def test_a_venv_whose_python_is_gone_is_made_again(venv):
    start.PYTHON.unlink()
    start.PYTHON.symlink_to(venv / "nowhere")
    assert not start.usable()


def test_a_venv_of_another_python_is_made_again(venv):
    (venv / "pyvenv.cfg").write_text("version_info = 3.10.2\n")
    assert not start.usable()


def test_packages_are_installed_once_for_each_change_of_the_lists(venv, monkeypatch):
    commands = []
    monkeypatch.setattr(start, "run", lambda title, command, number=0: commands.append(command))
    start.get_ready(start.TO_RUN)
    assert commands[-1][-2:] == ["-r", str(start.ROOT / "requirements.txt")]
    assert "--require-hashes" in commands[-1]
    commands.clear()
    start.get_ready(start.TO_RUN)
    assert commands == []
    start.stamp("requirements.txt").write_text("of another list")
    start.get_ready(start.TO_RUN)
    assert commands


def test_whoosh3_is_installed_beside_whoosh_and_once(venv, monkeypatch):
    commands = []
    monkeypatch.setattr(start, "run", lambda title, command, number=0: commands.append(command))
    monkeypatch.setattr(start, "WHOOSH3", venv / "whoosh3")
    start.install_whoosh3()
    assert commands[-1][-4:] == ["--target", str(venv / "whoosh3"), "-r", str(start.ROOT / start.WHOOSH3_LIST)]
    assert "--require-hashes" in commands[-1]
    commands.clear()
    start.install_whoosh3()
    assert commands == []


def test_the_tests_that_run_on_whoosh3_are_there():
    named = {f"test_{name}.py" for name in start.WHOOSH3_TESTS}
    assert named <= {path.name for path in (start.ROOT / "tests/search/engine").iterdir()}


def test_no_venv_to_be_had_says_which_package_to_install(monkeypatch):
    monkeypatch.setattr(start, "succeeds", lambda command: False)
    monkeypatch.setattr(start, "can_apt", lambda: False)
    with pytest.raises(start.Stop, match="apt-get install python3"):
        start.ensure_ensurepip(sys.executable)


def test_the_words_of_a_program_are_shown_when_it_fails(capsys):
    start.run("Trying", [sys.executable, "-c", "print('hidden')"])
    with pytest.raises(start.Stop, match="for the reason above"):
        start.run("Trying", [sys.executable, "-c", "raise SystemExit('the reason')"])
    shown = capsys.readouterr().out
    assert "hidden" not in shown
    assert "the reason" in shown


def test_a_browser_that_does_not_run_is_not_found(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    program(tmp_path / "chromium-browser", "exit 1")
    assert start.find_browser() is None
    program(tmp_path / "google-chrome", "exit 0")
    assert start.find_browser() == str(tmp_path / "google-chrome")


def test_no_browser_to_be_had_says_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(start, "find_browser", lambda: None)
    monkeypatch.setattr(start, "can_apt", lambda: False)
    monkeypatch.setattr(start, "PYTHON", tmp_path / "python")
    program(start.PYTHON, "exit 1")
    with pytest.raises(start.Stop, match="install one"):
        start.install_browser()


def program(path, body="exit 0"):
    path.write_text(f"#!/bin/sh\n{body}\n")
    os.chmod(path, 0o755)
