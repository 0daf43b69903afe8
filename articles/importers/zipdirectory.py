"""The table of contents at the end of a ZIP archive, read one entry after the other.

Python's own reader gives up an archive for one name that is not UTF-8, and takes all of a table into memory.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from articles.importers.entries import MOST_ENTRIES, TOO_MANY
from articles.records import UnreadableFile

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_EXTRA = struct.Struct("<2H")
END_SIGNATURE, LOCAL_SIGNATURE = b"PK\x05\x06", b"PK\x03\x04"
_LONGEST_COMMENT = 0xFFFF
# A number that does not fit, and stands in the extra field.
_ELSEWHERE = 0xFFFFFFFF
_UTF8, _LOCKED = 0x800, 0x1 | 0x40 | 0x2000
_ON_UNIX = 3

NO_END = "The ZIP archive is cut short: the table of contents at its end is missing. Get the file once more."
DAMAGED_TABLE = "the table of contents of the archive is damaged from here on: get the file once more"
LONGER_THAN_THE_ARCHIVE = "more bytes than the archive has are said to be in it"
SHARES = "its bytes are also those of the next entry, which no honest archive has"
NO_BEGINNING = "the archive is damaged: there is no such file where its table of contents says"


@dataclass(frozen=True, slots=True)
class Member:
    """One entry as the table of contents has it. `offset` is where its own header begins."""

    name: str
    method: int
    crc: int
    packed: int
    offset: int
    header: int
    locked: bool
    link: bool

    @property
    def end(self) -> int:
        """The first byte that is not its own, or one before it: its own header may be longer than said here."""
        return self.offset + self.header + self.packed


class Contents(NamedTuple):
    """The entries as they stand in the file. `end` is where the table begins, `problem` why it ends too early."""

    members: list[Member]
    end: int
    problem: str


class _End(NamedTuple):
    at: int
    size: int
    offset: int


def read(stream: BinaryIO) -> Contents:
    """Raises `UnreadableFile` where there is no table of contents."""
    end = _end(stream)
    begin = end.at - end.size
    if begin < 0:
        raise UnreadableFile(NO_END)
    members: list[Member] = []
    problem = ""
    stream.seek(begin)
    for member in _members(stream, end.size, begin - end.offset):
        if member is None or len(members) == MOST_ENTRIES:
            problem = TOO_MANY if member else DAMAGED_TABLE
            break
        members.append(member)
    return Contents(sorted(members, key=lambda member: member.offset), begin, problem)


def _end(stream: BinaryIO) -> _End:
    """Where the table ends, how long it is, and where it should begin; what was put before the archive moves it."""
    size = stream.seek(0, 2)
    start = stream.seek(max(0, size - _LONGEST_COMMENT - _END.size))
    tail = stream.read()
    found = tail.rfind(END_SIGNATURE)
    if found < 0 or len(tail) - found < _END.size:
        raise UnreadableFile(NO_END)
    *_, length, offset, _comment = _END.unpack_from(tail, found)
    return _end_64(stream, start + found) or _End(start + found, length, offset)


def _end_64(stream: BinaryIO, at: int) -> _End | None:
    """The same for an archive that is too large for the older table."""
    begin = at - _LOCATOR_64.size - _END_64.size
    if begin < 0:
        return None
    stream.seek(begin)
    signature, *_, length, offset = _END_64.unpack(stream.read(_END_64.size))
    locator = stream.read(4)
    return _End(begin, length, offset) if (signature, locator) == (b"PK\x06\x06", b"PK\x06\x07") else None


def _members(stream: BinaryIO, size: int, shift: int) -> Iterator[Member | None]:
    """The entries of a table of `size` bytes; None where it is damaged."""
    while size > 0:
        fixed = stream.read(_ENTRY.size)
        if len(fixed) < _ENTRY.size or not fixed.startswith(b"PK\x01\x02"):
            yield None
            return
        name, extra, comment = _ENTRY.unpack(fixed)[10:13]
        rest = stream.read(name + extra + comment)
        if len(rest) < name + extra + comment:
            yield None
            return
        yield _member(fixed, rest[:name], rest[name : name + extra], shift)
        size -= len(fixed) + len(rest)


def _member(fixed: bytes, name: bytes, extra: bytes, shift: int) -> Member:
    (_, made_by, _, flags, method, _, _, crc, packed, size, *_, external, offset) = _ENTRY.unpack(fixed)
    if _ELSEWHERE in (packed, size, offset):
        _, packed, offset = _long_numbers(extra, size, packed, offset)
    return Member(
        name=_name(name, flags),
        method=method,
        crc=crc,
        packed=packed,
        offset=offset + shift,
        header=_LOCAL.size + len(name),
        locked=bool(flags & _LOCKED),
        link=made_by >> 8 == _ON_UNIX and stat.S_ISLNK(external >> 16),
    )


def _name(name: bytes, flags: int) -> str:
    """Archives without the sign for UTF-8 are written in it all the same, or in the oldest encoding of all."""
    try:
        return name.decode("utf-8").replace("\\", "/")
    except UnicodeDecodeError:
        return (name.decode("utf-8", "replace") if flags & _UTF8 else name.decode("cp437")).replace("\\", "/")


def _long_numbers(extra: bytes, *numbers: int) -> list[int]:
    """The numbers, each that does not fit taken from the extra field, in the order of the fields."""
    long: bytes = next((value for kind, value in _fields(extra) if kind == 1), b"")
    found = []
    for number in numbers:
        if number == _ELSEWHERE and len(long) >= 8:
            number, long = int.from_bytes(long[:8], "little"), long[8:]
        found.append(number)
    return found


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= _EXTRA.size:
        kind, size = _EXTRA.unpack_from(extra)
        yield kind, extra[_EXTRA.size : _EXTRA.size + size]
        extra = extra[_EXTRA.size + size :]


def problem_of(member: Member, following: Member | None, end: int) -> str:
    """Why the bytes of an entry cannot be its own; "" if they can. The liar is refused, not the one it lies on."""
    if not 0 <= member.offset <= member.end <= end:
        return LONGER_THAN_THE_ARCHIVE
    return SHARES if following and member.end > following.offset else ""


def begin_of(stream: BinaryIO, member: Member) -> int:
    """Where the bytes of an entry begin. Raises `UnreadableFile` where its own header is not."""
    stream.seek(member.offset)
    local = stream.read(_LOCAL.size)
    if len(local) < _LOCAL.size or not local.startswith(LOCAL_SIGNATURE):
        raise UnreadableFile(f"The file cannot be read: {NO_BEGINNING}.")
    name, extra = _LOCAL.unpack(local)[9:]
    return member.offset + len(local) + int(name) + int(extra)


def names(head: bytes) -> Iterator[tuple[str, bytes]]:
    """The names of the entries whose headers are in the first bytes of an archive, each with what follows it."""
    at = head.find(LOCAL_SIGNATURE)
    while 0 <= at <= len(head) - _LOCAL.size:
        length, extra = _LOCAL.unpack_from(head, at)[9:]
        begin = at + _LOCAL.size
        yield head[begin : begin + length].decode("utf-8", "replace"), head[begin + length + extra :]
        at = head.find(LOCAL_SIGNATURE, at + 4)
