"""What all containers share: an entry, the place that it is known by, and what in a container is no article."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from articles.records import Unreadable, UnreadableFile

HEAD_BYTES = 8192
MOST_ENTRIES = 100_000
# A place in an archive, and one in an archive that is in another.
LONGEST_PLACE, LONGEST_INNER_PLACE = 300, 500
THE_REST = "the rest of the file"
TOO_MANY = f"the archive has more than {MOST_ENTRIES:,} entries: unpack it and upload the rest in parts"
LINK = "a link, which is not followed"
DEVICE = "a device, not a file"
NO_ARTICLE = "{}, not an article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file in a container: `place` is where it stands there, `name` is its own.

    A container of one file has no places: its entry has neither. `stream` can seek and is good until the next entry is
    asked for; a read from it raises `UnreadableFile` where the container is damaged. The rest is what a web archive
    says of a page.
    """

    place: str
    name: str
    stream: BinaryIO
    address: str = ""
    captured: datetime | None = None
    charset: str = ""


# Control characters, halves of surrogate pairs, and what turns the direction of the text around it.
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def without_unshown(name: str) -> str:
    return _UNSHOWN.sub("", name)


def shortened(place: str) -> str:
    """A place that can be kept. Long ones may differ in any part, so a mark stands for what is left out."""
    if len(place) <= LONGEST_INNER_PLACE:
        return place
    mark = hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{place[:180]}…{mark}…{place[-300:]}"


class Places:
    """Gives each entry a place that no other has: the second `a.html` is `a.html (2nd)`."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}

    @property
    def taken(self) -> int:
        return len(self._times)

    def take(self, name: str) -> str:
        shown = place = without_unshown(name)[:LONGEST_PLACE].strip() or "without a name"
        while place in self._times:
            self._times[shown] += 1
            place = f"{shown} ({_ordinal(self._times[shown])})"
        self._times[place] = 1
        return place


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


_MADE_BY_SYSTEMS = {"__macosx", "thumbs.db", "desktop.ini"}


def is_hidden(path: str) -> bool:
    """Whether nobody put the file there on purpose, such as `.DS_Store`."""
    return any(part.startswith(".") or part.lower() in _MADE_BY_SYSTEMS for part in _parts(path))


def hidden_in(path: str) -> bool:
    """As `is_hidden`, where somebody named what the path begins with: that may have any name but those of systems."""
    first, *rest = _parts(path) or [""]
    made_by_system = first.lower() in {*_MADE_BY_SYSTEMS, ".ds_store"} or first.startswith("._")
    return made_by_system or is_hidden("/".join(rest))


def _parts(path: str) -> list[str]:
    return [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]


# A browser that saves a page puts its parts into a folder beside it, which is called as its language has it.
_FOLDER_OF_PAGE = re.compile(
    r"(?:_(?:files?|archivos|arquivos|bestanden|bylos|datoteke|dosyalar|elemei|failid|fails|fajlovi|ficheiros|fichiers"
    r"|fitxategiak|fitxers|pliki|soubory|tiedostot)|-(?:Dateien|filer)|\.files)/",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\.x?html?$", re.IGNORECASE)
# Of longer paths nothing is known: the names of an archive may be any number of megabytes.
_LONGEST_PATH = 1000
_LONGEST_FOLDER = 20


class SavedPages:
    """The saved pages among files that came together, by their paths, and what is a part of them."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._pages: dict[str, str] = {}
        for path in paths:
            self.note(path)

    def note(self, path: str) -> None:
        if len(path) <= _LONGEST_PATH and (ending := _PAGE.search(path)):
            self._pages.setdefault(path[: ending.start()], path)

    def around(self, path: str) -> str:
        """Why a file is no article of its own: the page that it is a part of, in words; "" if it is none."""
        # A page whose parts stand farther in is not noted.
        folders = _FOLDER_OF_PAGE.finditer(path, 0, _LONGEST_PATH + _LONGEST_FOLDER)
        before = (path[: folder.start()] for folder in folders)
        page = next((self._pages[stem] for stem in before if stem in self._pages), "")
        return f"a part of the saved page {page[-LONGEST_PLACE:]}" if page else ""


def in_folder_like_a_page(path: str) -> bool:
    return bool(_FOLDER_OF_PAGE.search(path))


def in_folder_of_page(address: str) -> bool:
    """Whether an address leads into such a folder beside the page that it stands in, and not to anywhere on the Web."""
    folder, slash, _ = address.strip().removeprefix("./").partition("/")
    return bool(_FOLDER_OF_PAGE.search(folder + slash))


PICTURE, FONT, SOUND, FILM = "a picture", "a font", "a sound", "a film"
_BEGINNINGS = (
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"II*\x00", PICTURE),
    (b"MM\x00*", PICTURE),
    (b"\x00\x00\x01\x00", PICTURE),
    (b"<svg", PICTURE),
    (b"wOFF", FONT),
    (b"wOF2", FONT),
    (b"OTTO", FONT),
    (b"\x00\x01\x00\x00\x00", FONT),
    (b"ID3", SOUND),
    (b"\xff\xfb", SOUND),
    (b"\xff\xf3", SOUND),
    (b"fLaC", SOUND),
    (b"OggS", SOUND),
    (b"\x1aE\xdf\xa3", FILM),
    (b"FLV\x01", FILM),
)
# At byte 8 of a RIFF file, and of one of the MPEG family, whose byte 4 is "ftyp".
_RIFF = {b"WEBP": PICTURE, b"WAVE": SOUND, b"AVI ": FILM}
_MPEG = {b"avif": PICTURE, b"heic": PICTURE, b"mif1": PICTURE, b"M4A ": SOUND}
_ENDINGS = {
    "css": "a style sheet",
    "js": "a script",
    "mjs": "a script",
    "map": "a script",
    "eot": FONT,
}
# Nothing is tried twice: a drawing may begin with any number of comments.
_DRAWING = re.compile(
    rb"\s*+<\?xml[^>]*+(?<=\?)>\s*+(?:(?:<!--(?:(?!-->).)*+-->|<!DOCTYPE svg[^>]*+>)\s*+)*+<svg\b", re.DOTALL
)


def not_an_article(name: str, head: bytes) -> str:
    """What a file beside saved pages is, such as "a picture"; "" if it may be an article."""
    for beginning, what in _BEGINNINGS:
        if head.startswith(beginning):
            return what
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _MPEG.get(head[8:12], FILM)
    if (head[:2] == b"BM" and head[6:10] == bytes(4)) or _DRAWING.match(head):
        return PICTURE
    return _ENDINGS.get(name.lower().rpartition(".")[2], "")


def known_by_head(place: str, name: str, content: BinaryIO) -> Iterator[Entry | Unreadable]:
    """The entry, once its first bytes say that it may be an article."""
    try:
        what = not_an_article(name, content.read(HEAD_BYTES))
        content.seek(0)
    except UnreadableFile as error:
        yield Unreadable(place, str(error))
        return
    if what:
        yield Unreadable(place, NO_ARTICLE.format(what), passed_over=True)
    else:
        yield Entry(place=place, name=name, stream=content)
