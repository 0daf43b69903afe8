"""Starts the archive, its tests or its lint on a machine that has Python 3.11 or newer and nothing else.

    python3 start.py               the archive, on http://127.0.0.1:8000
    python3 start.py test [...]    all tests; what follows "test" goes to pytest
    python3 start.py doctor        what is wrong with the archive, and what to do
    python3 start.py lint          ruff and mypy
    python3 start.py whoosh3       the tests of the search engine, on whoosh3 in place of whoosh

Standard library only, and in the syntax of Python 3.8, so that an old Python can be told that it is too old.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NEEDED = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Stands in .venv while packages are put into it: after a kill it tells the next start to begin again.
UNFINISHED = VENV / "unfinished"

TO_RUN = ("requirements.txt",)
TO_DEVELOP = ("requirements.txt", "requirements-dev.txt")
# Both own the import name whoosh, so this one has a folder of its own, which a run on it looks into first.
WHOOSH3_LIST, WHOOSH3 = "requirements-whoosh3.txt", VENV / "whoosh3"
WHOOSH3_TESTS = ("against_whoosh", "codec", "executor", "limits", "querystring", "results", "segment", "which_whoosh")
# They hold that Whoosh 2.7.4 is wrong somewhere, and there whoosh3 is right, or wrong in another way.
OF_WHOOSH2 = "test_whoosh_scores_a_family or test_whoosh_excludes_what or (test_the_best_ten and Require)"
# The first line of a package in a lock, unless it is for Windows; and what pip says of each before it installs all.
LOCKED = re.compile(r"^(\S+)==(?!.*win32)", re.MULTILINE)
SEEN = re.compile(rb"^(?:Collecting|Requirement already satisfied:) ([\w.-]+)", re.MULTILINE)

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
LINT = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy", "."))


class Stop(Exception):
    """It cannot go on; the text says what to do."""


def main(words: list[str]) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        refuse_old_python(sys.version_info[:2])
        act(words)
    except KeyboardInterrupt:
        print("\nStopped. The next start takes the work up again.")
        sys.exit(130)
    except Stop as reason:
        sys.exit(str(reason))


def act(words: list[str]) -> None:
    if not words:
        get_ready(TO_RUN)
        # Held back while Django is loaded; the command takes them when it can end cleanly.
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        become([str(PYTHON), str(ROOT / "manage.py"), "serve"])
    elif words[0] == "test":
        get_ready(TO_DEVELOP)
        test(words[1:])
    elif words == ["doctor"]:
        get_ready(TO_RUN)
        become([str(PYTHON), str(ROOT / "manage.py"), "doctor"])
    elif words == ["lint"]:
        get_ready(TO_DEVELOP)
        lint()
    elif words == ["whoosh3"]:
        get_ready(TO_DEVELOP)
        test_on_whoosh3()
    else:
        raise Stop(
            "Say python3 start.py, python3 start.py test [pytest arguments], python3 start.py doctor, "
            "python3 start.py lint, or python3 start.py whoosh3."
        )


def refuse_old_python(version: tuple[int, ...]) -> None:
    if version < NEEDED:
        newer = [name for name in NEWER if shutil.which(name)]
        cure = f"start it with {newer[0]} start.py" if newer else "install a newer one, for instance from python.org"
        raise Stop(f"This is Python {version[0]}.{version[1]}, and the archive needs 3.11 or newer: {cure}.")


# The virtual environment


def get_ready(lists: tuple[str, ...]) -> None:
    """Makes `.venv`, or mends it, so that it holds what the lists name. Quick when it already does."""
    if not usable():
        make_venv()
    missing = [name for name in lists if not installed(name)]
    if missing:
        install(missing)


def usable() -> bool:
    """False for no venv, one made half way, one whose Python is gone, and one of another Python than this."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    kept = re.search(r"^version(?:_info)? = (\d+)\.(\d+)", (VENV / "pyvenv.cfg").read_text(), re.MULTILINE)
    return kept is not None and (int(kept[1]), int(kept[2])) == sys.version_info[:2]


def has_uv() -> bool:
    return shutil.which("uv") is not None


def stamp(name: str) -> Path:
    return VENV / f"{name}.installed"


def checksum(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def installed(name: str) -> bool:
    return stamp(name).exists() and stamp(name).read_text() == checksum(name)


def make_venv() -> None:
    try:
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir()
        UNFINISHED.touch()
    except OSError as error:
        raise Stop(
            f"The folder {ROOT} cannot be written to ({error.strerror}): give yourself the right to write there."
        ) from None
    # The Python that a venv was made from, should this one be a venv's.
    python = getattr(sys, "_base_executable", None) or sys.executable
    if has_uv():
        run("Making .venv", ["uv", "venv", "--allow-existing", "--python", python, str(VENV)])
    else:
        ensure_ensurepip(python)
        run("Making .venv", [python, "-m", "venv", str(VENV)])


def ensure_ensurepip(python: str) -> None:
    """A minimal Debian leaves out what `python3 -m venv` needs."""
    question = [python, "-c", "import ensurepip, venv"]
    if succeeds(question):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if can_apt():
        apt_install(package)
    if not succeeds(question):
        raise Stop(
            "This Python cannot make a virtual environment: install the package python3-venv "
            f"(on Debian and Ubuntu: sudo apt-get install {package}), then start again."
        )


def install(names: list[str]) -> None:
    UNFINISHED.touch()
    words = [word for name in names for word in ("-r", str(ROOT / name))]
    if not (has_uv() and uv_installs(words)):
        pip_installs(words, sum(len(LOCKED.findall((ROOT / name).read_text())) for name in names))
    for name in names:
        stamp(name).write_text(checksum(name))
    UNFINISHED.unlink()


def install_whoosh3() -> None:
    if installed(WHOOSH3_LIST):
        return
    shutil.rmtree(WHOOSH3, ignore_errors=True)
    words = ["--target", str(WHOOSH3), "-r", str(ROOT / WHOOSH3_LIST)]
    if not (has_uv() and uv_installs(words)):
        pip_installs(words, 1)
    stamp(WHOOSH3_LIST).write_text(checksum(WHOOSH3_LIST))


def uv_installs(words: list[str]) -> bool:
    """False when uv cannot; it may lack the settings for the network that pip has on this machine."""
    command = ["uv", "pip", "install", "--python", str(PYTHON), "--compile-bytecode", "--require-hashes"]
    try:
        run("Installing packages with uv", [*command, *words])
    except Stop as reason:
        print(f"{reason}\nNow the same with pip.")
        return False
    return True


def pip_installs(words: list[str], number: int) -> None:
    if not succeeds([str(PYTHON), "-c", "import pip"]):
        run("Getting pip", [str(PYTHON), "-m", "ensurepip"])
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    # The pip that comes with Python 3.11 can fail on these lists.
    run("Looking at pip's version", [*command, "pip>=25"])
    run("Installing packages", [*command, "--require-hashes", *words], number)


# Tests and lint


def test(arguments: list[str]) -> None:
    browser = find_browser() or install_browser()
    if browser:
        os.environ["CHROMIUM"] = browser
    os.chdir(ROOT)
    become([str(PYTHON), "-m", "pytest", "-n", "auto", *arguments])


def test_on_whoosh3() -> None:
    install_whoosh3()
    os.environ["WHOOSH_IN_USE"] = str(WHOOSH3)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(WHOOSH3), os.environ.get("PYTHONPATH")]))
    os.chdir(ROOT)
    tests = [f"tests/search/engine/test_{name}.py" for name in WHOOSH3_TESTS]
    become([str(PYTHON), "-m", "pytest", "-q", "-n", "2", "-k", f"not ({OF_WHOOSH2})", *tests])


def find_browser() -> str | None:
    """The path of a Chromium or Chrome that runs: the one that CHROMIUM names, else an installed one."""
    names = (os.environ["CHROMIUM"],) if os.environ.get("CHROMIUM") else BROWSERS
    # Asked for its version, because Ubuntu's /usr/bin/chromium-browser is only a hint to install a snap.
    return next((path for path in map(shutil.which, names) if path and succeeds([path, "--version"])), None)


def install_browser() -> str | None:
    """The path of the browser that was installed; None when it is the test tool's own, which finds it by itself."""
    if os.environ.get("CHROMIUM"):
        raise Stop(f"CHROMIUM names {os.environ['CHROMIUM']}, which is no browser that runs.")
    if can_apt():
        with contextlib.suppress(Stop):
            apt_install("chromium")
    if not find_browser():
        download_browser()
    return find_browser()


def download_browser() -> None:
    try:
        run("Downloading Chromium", [str(PYTHON), "-m", "playwright", "install", "chromium"])
    except Stop:
        raise Stop(
            "The browser tests need Chromium or Chrome: install one (Debian: sudo apt-get install chromium; "
            "macOS: brew install --cask google-chrome), or name its program in CHROMIUM, then start the tests again."
        ) from None


def lint() -> None:
    os.chdir(ROOT)
    failed = [" ".join(command) for command in LINT if subprocess.call([str(PYTHON), "-m", *command]) != 0]
    if failed:
        raise Stop(f"These found something to mend: {', '.join(failed)}")


# Running other programs


def can_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(package: str) -> None:
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    wait = ["-o", "DPkg::Lock::Timeout=120"]
    run("Asking Debian for its list of packages", ["apt-get", *wait, "update"])
    run(f"Installing {package}", ["apt-get", *wait, "install", "-y", "--no-install-recommends", package])


def succeeds(command: list[str]) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def become(command: list[str]) -> None:
    """This process turns into that program, so that signals reach it directly."""
    sys.stdout.flush()
    os.execv(command[0], command)


def run(title: str, command: list[str], number: int = 0) -> None:
    """Runs `command` and shows how long it takes; its own words are shown only when it fails."""
    with tempfile.TemporaryFile("w+", errors="replace") as words:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT)
        try:
            watch(title, process, words.fileno(), number)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        words.seek(0)
        if process.returncode != 0:
            print(words.read())
            raise Stop(f"This failed, for the reason above: {shlex.join(command)}")


def watch(title: str, process: subprocess.Popen[bytes], words: int, number: int) -> None:
    """One line, rewritten while `process` runs when it is read on a terminal."""
    began = time.monotonic()
    live = sys.stdout.isatty()
    print(f"{title} ... ", end="", flush=True)
    while process.poll() is None:
        time.sleep(0.1)
        if live:
            seen = f"{len(set(SEEN.findall(os.pread(words, 10_000_000, 0))))} of {number}, " if number else ""
            print(f"\r{title} ... {seen}{time.monotonic() - began:.0f} s ", end="", flush=True)
    again = f"\r{title} ... \033[K" if live else ""
    print(f"{again}{time.monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
