"""A folder in the form of BagIt (RFC 8493): each file is listed with its checksum. Nothing here knows what they are."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
DECLARED, INFO, MANIFEST, TAGS = "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"
PAYLOAD = "data"
LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
CHUNK = 1024 * 1024
# Of the files that are not as they should be so many are told.
SHOWN = 20

# Is told how many more bytes were read.
Progress = Callable[[int], Any]


class Refusal(Exception):
    """What cannot be done, why, and what to do, in sentences."""


@dataclass(frozen=True)
class Piece:
    """A file of the payload."""

    sha256: str
    size: int


def piece_of(path: Path, progress: Progress = lambda more: None) -> Piece:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            progress(len(chunk))
    return Piece(digest.hexdigest(), size)


# Writing


def begin(folder: Path) -> None:
    """Make a bag of a new or an empty folder. Raises `Refusal` for one that holds anything else than a bag."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any((folder / name).exists() for name in (DECLARED, MANIFEST)):
        return
    if any(folder.iterdir()):
        raise Refusal(f"{folder} holds something that is no backup: name a new folder, or one with an earlier backup.")
    (folder / PAYLOAD).mkdir(mode=0o700)
    _write(folder, {DECLARED: DECLARATION})


def seal(folder: Path, pieces: Mapping[str, Piece], info: Mapping[str, str]) -> None:
    """List the payload, which is in its place by now; `pieces` by their paths, such as data/a.txt."""
    size = sum(piece.size for piece in pieces.values())
    told = {
        **info,
        "Bagging-Date": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}",
        "Payload-Oxum": f"{size}.{len(pieces)}",
    }
    tags = {
        DECLARED: DECLARATION,
        INFO: "".join(f"{name}: {value}\n" for name, value in told.items()),
        MANIFEST: "".join(f"{pieces[path].sha256}  {path}\n" for path in sorted(pieces)),
    }
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in tags.items()}
    _write(folder, {**tags, TAGS: "".join(f"{digest}  {name}\n" for name, digest in digests.items())})


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """All of them are on the disk before one takes its place."""
    for name, text in texts.items():
        with open(folder / f"{name}.new", "w", encoding="utf-8", newline="\n", opener=_owner_only) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    for name in texts:
        (folder / f"{name}.new").replace(folder / name)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


# Checking


def size_of(folder: Path) -> int:
    """How many bytes the payload has, as far as it can be seen."""
    return sum(path.stat().st_size for path in _files(folder / PAYLOAD))


def check(folder: Path, progress: Progress = lambda more: None) -> dict[str, Piece]:
    """The payload of a bag by its paths, every byte read. Raises `Refusal` unless all is there, and nothing else."""
    if not (folder / DECLARED).is_file():
        raise Refusal(f"{folder} is no backup: there is no {DECLARED} in it. Name a folder that `backup` has written.")
    wanted = _manifest(folder, MANIFEST)
    _refuse(folder, [*_wrong_tags(folder), *_wrong_places(folder, wanted)])
    found, problems = {}, []
    for path, sha256 in wanted.items():
        found[path] = piece_of(folder / path, progress)
        if found[path].sha256 != sha256:
            problems.append(f"{path} has another checksum than the manifest says.")
    _refuse(folder, problems)
    return found


def _refuse(folder: Path, problems: list[str]) -> None:
    if problems:
        more = [f"And {len(problems) - SHOWN:,} more."] if len(problems) > SHOWN else []
        told = "\n".join([*problems[:SHOWN], *more])
        raise Refusal(
            f"The backup in {folder} is damaged, and nothing was taken from it:\n{told}\n"
            "Take another copy of it. Where the archive still runs, remove these files and make the backup again."
        )


def _manifest(folder: Path, name: str) -> dict[str, str]:
    """Paths with their checksums."""
    listed: dict[str, str] = {}
    for number, line in enumerate(_text(folder, name).splitlines(), start=1):
        found = LINE.fullmatch(line)
        if not found or not _is_inside(found[2]) or found[2] in listed:
            _refuse(folder, [f"{name}, line {number}, is not the checksum and the path of one file."])
        else:
            listed[found[2]] = found[1]
    return listed


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        _refuse(folder, [f"{name} is missing: the backup was not finished."])
    except (OSError, UnicodeDecodeError) as error:
        _refuse(folder, [f"{name} cannot be read ({error})."])
    return ""


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return not path.startswith("/") and ".." not in parts and path == str(PurePosixPath(*parts))


def _wrong_tags(folder: Path) -> Iterator[str]:
    """What is wrong with what the bag says of itself."""
    listed = _manifest(folder, TAGS)
    yield from (f"{TAGS} does not list {name}." for name in (DECLARED, INFO, MANIFEST) if name not in listed)
    for name, sha256 in listed.items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing."
        elif piece_of(path).sha256 != sha256:
            yield f"{name} has another checksum than {TAGS} says."
    if _text(folder, DECLARED) != DECLARATION:
        yield f"{DECLARED} is not that of a bag of version 1.0."


def _wrong_places(folder: Path, wanted: Mapping[str, str]) -> Iterator[str]:
    """Files that are missing from the payload, or too many in it."""
    there = {path.relative_to(folder).as_posix() for path in _files(folder / PAYLOAD)}
    links = {path for path in there if (folder / path).is_symlink()}
    yield from (f"{path} is a link, and no file." for path in sorted(links))
    yield from (f"{path} is missing." for path in sorted(wanted.keys() - there))
    yield from (f"{path} is not in the manifest." for path in sorted(there - wanted.keys()))


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        yield from (Path(place, name) for name in names)
        yield from (path for name in folders if (path := Path(place, name)).is_symlink())
