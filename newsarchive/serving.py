"""What runs when the archive runs: the web server, and beside it the desk that imports and indexes."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from .checks import data_folder_problem, others_may_enter
from .desk import GRACE, keep_running
from .preparing import Say, add_first_admin, prepare
from .web import load_application


class CannotServe(Exception):
    """The text is one sentence that says what is wrong and what to do."""


def serve(say: Say) -> None:
    """Serves until SIGINT, SIGTERM or the closing of its terminal."""
    with told_in_a_sentence():
        host = refuse_bad_host()
        refuse_bad_folder(settings.DATA)
        with held(settings.DATA):
            refuse_taken_port(host, settings.PORT)
            call_command("check", stdout=io.StringIO())
            prepare(say)
            add_first_admin(say, f"{site()}/admin/")
            run(host, say)


def site() -> str:
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return f"http://{host}:{settings.PORT}"


# What can stand in the way


def refuse_bad_host() -> str:
    """The address to listen on, in digits."""
    try:
        found = socket.getaddrinfo(settings.HOST, settings.PORT, type=socket.SOCK_STREAM)
    except socket.gaierror:
        raise CannotServe(no_address()) from None
    return str(found[0][4][0])


def no_address() -> str:
    return f"HOST is {settings.HOST}, which is no address of this machine: leave it out, or set HOST=0.0.0.0 for all."


def refuse_bad_folder(folder: Path) -> None:
    problem = data_folder_problem(folder)
    if problem:
        raise CannotServe(problem)
    if others_may_enter(folder):
        try:
            folder.chmod(0o700)
        except PermissionError:
            return  # It is somebody else's to close; the system check says so.


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Two archives over one data folder would work against each other."""
    with open(folder / "serving.lock", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotServe(
                f"The data folder {folder} is in use by the archive at {file.read().strip()}: "
                "end that one first, or name another folder with NEWSARCHIVE_DATA."
            ) from None
        file.truncate(0)
        file.write(site())
        file.flush()
        yield


def running(folder: Path) -> str:
    """Where the archive over this data folder is served; "" where none is."""
    if not (folder / "serving.lock").exists():
        return ""
    with open(folder / "serving.lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip()
    return ""


def refuse_taken_port(host: str, port: int) -> None:
    """The server itself would share the port with another one of the same account, and each would get some visitors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServe(port_problem(error, port)) from None


def port_problem(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = 8001 if port != 8001 else 8002
        return f"Port {port} is in use: end the program that uses it, or say PORT={other} python3 start.py."
    if error.errno == errno.EACCES:
        return f"Port {port} is not for this account: choose one above 1023, for instance PORT=8000 python3 start.py."
    return no_address()


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """Failures of the disk or the database that no look beforehand can exclude."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        if getattr(error, "errno", 0) == errno.ENOSPC or "disk is full" in str(error):
            raise CannotServe(f"The disk of the data folder {settings.DATA} is full: free some space first.") from error
        if isinstance(error, OSError):
            raise CannotServe(f"{error.filename or settings.DATA} cannot be used: {error.strerror}.") from error
        raise CannotServe(
            f"The database cannot be used: {str(error).strip()}. Check DATABASE_URL, or restore a backup."
        ) from error


# Running


def run(host: str, say: Say) -> None:
    # The server makes its process by forking, and a database connection must not be shared by two.
    connections.close_all()
    server = Granian(
        "newsarchive.wsgi:application",
        address=host,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        blocking_threads=settings.THREADS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
    )
    server.on_startup(end_with_terminal(server.signal_handler_interrupt))
    ending = threading.Event()
    beside = threading.Thread(target=beside_the_server, args=(ending, say))
    beside.start()
    try:
        server.serve(target_loader=load_application, wrap_loader=False)
    finally:
        ending.set()
        beside.join()


def end_with_terminal(end: Callable[..., None]) -> Callable[[], None]:
    """The server takes SIGHUP as a wish for new processes; here it ends the archive, unless nohup asked otherwise."""
    wanted = signal.SIG_IGN if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else end

    def hook() -> None:
        signal.signal(signal.SIGHUP, wanted)

    return hook


def beside_the_server(ending: threading.Event, say: Say) -> None:
    if not answers(ending):
        return
    say(f"\nNews Archive is at {site()}\nArticles are added at {site()}/admin/. Ctrl-C ends it.\n")
    if settings.BACKGROUND:
        # The number, because this process may be gone before that one can ask who started it.
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work", "--parent", str(os.getpid())]
        keep_running(command, ending)


def answers(ending: threading.Event) -> bool:
    """Waits for the server; False when it ends before it answers."""
    while not ending.wait(0.05):
        try:
            socket.create_connection((settings.HOST, settings.PORT), timeout=1).close()
        except OSError:
            continue
        return True
    return False
