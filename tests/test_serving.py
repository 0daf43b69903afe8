"""The real product, started in processes of its own over a data folder and a port of its own."""

import fcntl
import os
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from contextlib import closing

import pytest

from newsarchive import checks, desk, preparing
from newsarchive.settings import BASE_DIR

PATIENCE = 180


class Archive:
    """One run of `manage.py serve`."""

    def __init__(self, data, port):
        self.data, self.port, self.said = data, port, ""
        self.process = subprocess.Popen(
            [sys.executable, str(BASE_DIR / "manage.py"), "serve"],
            env={
                # A database of its own, whichever one the tests have.
                **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
                "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
                "NEWSARCHIVE_DATA": str(data),
                "PORT": str(port),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )

    def read(self):
        """What it says next; nothing at its end, which is the end of the last process that it started, too."""
        assert select.select([self.process.stdout], [], [], PATIENCE)[0], self.said
        text = os.read(self.process.stdout.fileno(), 65536).decode()
        self.said += text
        return text

    def until(self, words):
        while words not in self.said:
            assert self.read(), self.said
        return self.said

    def rest(self):
        while self.read():
            continue
        return self.process.wait(PATIENCE)

    def end(self):
        self.process.kill()
        self.rest()
        self.process.stdout.close()

    def open(self, path, form=None, browser=None):
        body = urllib.parse.urlencode(form).encode() if form else None
        opener = browser or urllib.request.build_opener()
        with opener.open(f"http://127.0.0.1:{self.port}{path}", body, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def count(self, table):
        with closing(sqlite3.connect(self.data / "archive.sqlite3")) as database:
            return database.execute(f"select count(*) from {table}").fetchone()[0]


@pytest.fixture
def start(tmp_path):
    """Starts the archive, by default over the same folder each time; what still runs afterwards is ended."""
    started = []

    def starter(data=tmp_path / "data", port=None):
        started.append(Archive(data, port or free_port()))
        return started[-1]

    yield starter
    for archive in started:
        archive.end()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def demo_records():
    texts = [(file.suffix, file.read_text()) for file in preparing.DEMO.iterdir()]
    return sum(text.count("\n") if kind == ".jsonl" else 1 for kind, text in texts)


def password_in(said):
    return re.search(r"Password: (\S+)", said)[1]


def test_a_first_start_fills_the_archive_and_the_second_keeps_it(start):
    first = start()
    first.until("Ctrl-C ends it")
    assert first.count("articles_article") == demo_records()
    assert "<title>" in first.open("/")
    assert "Log out" in log_in(first, password_in(first.said))
    secret = (first.data / "secret.key").read_text()
    # As a terminal's Ctrl-C does it: to all processes of the group.
    os.killpg(first.process.pid, signal.SIGINT)
    assert first.rest() == 0
    assert "Traceback" not in first.said
    assert first.data.stat().st_mode & 0o777 == 0o700

    second = start()
    second.until("Ctrl-C ends it")
    assert "Password" not in second.said
    assert "..." not in second.said
    assert second.count("auth_user") == 1
    assert second.count("articles_article") == demo_records()
    assert (second.data / "secret.key").read_text() == secret
    second.process.terminate()
    assert second.rest() == 0
    assert "Traceback" not in second.said


def log_in(archive, password):
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = archive.open("/admin/login/", browser=browser)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    fields = {"csrfmiddlewaretoken": token, "username": "admin", "password": password, "next": "/admin/"}
    return archive.open("/admin/login/", fields, browser)


def test_a_kill_in_the_middle_of_the_first_start_leaves_no_half_of_it(start):
    killed = start()
    killed.until("Filling the archive")
    killed.process.kill()
    killed.rest()
    archive = start()
    archive.until("Ctrl-C ends it")
    assert archive.count("articles_article") == demo_records()
    assert archive.count("auth_user") == 1
    assert password_in(archive.said)
    # And a kill while it serves leaves no process behind: the end of what they say would not come.
    archive.process.kill()
    assert archive.rest() == -signal.SIGKILL


def test_a_port_in_use_is_told_in_one_sentence(start):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        archive = start(port=port)
        assert archive.rest() == 1
    assert archive.said == f"Port {port} is in use: end the program that uses it, or say PORT=8001 python3 start.py.\n"


def test_a_data_folder_in_use_is_told_in_one_sentence(start, tmp_path):
    with open(tmp_path / "serving.lock", "w") as lock:
        lock.write("http://127.0.0.1:8765")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        archive = start(tmp_path)
        assert archive.rest() == 1
    assert archive.said == (
        f"The data folder {tmp_path} is in use by the archive at http://127.0.0.1:8765: "
        "end that one first, or name another folder with NEWSARCHIVE_DATA.\n"
    )


def test_a_full_disk_is_told_with_what_is_needed(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "NEEDED_BYTES", 2**62)
    assert re.fullmatch(r"The disk of the data folder .+ is full \(\d+ MB left\): free .+", told(tmp_path))


def test_a_folder_that_cannot_be_entered_is_told(tmp_path):
    assert "cannot be written to" in told(tmp_path / "nowhere")


def told(folder):
    return checks.data_folder_problem(folder)


def test_what_died_is_started_again_and_ended_at_the_end(monkeypatch, tmp_path):
    monkeypatch.setattr(desk, "PAUSE", 0)
    trace = tmp_path / "trace"
    script = f"import os, time; open({str(trace)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(600)"
    ending = threading.Event()
    keeper = threading.Thread(target=desk.keep_running, args=([sys.executable, "-c", script], ending))
    keeper.start()
    os.kill(nth_line(trace, 0), signal.SIGKILL)
    second = nth_line(trace, 1)
    ending.set()
    keeper.join(PATIENCE)
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def nth_line(file, n):
    """The number in a line of the file, as soon as it is there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        lines = file.read_text().splitlines(keepends=True) if file.exists() else []
        if len(lines) > n and lines[n].endswith("\n"):
            return int(lines[n])
        time.sleep(0.05)
    raise TimeoutError
