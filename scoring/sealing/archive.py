"""A zip of stored members with one spelling, and a reader that names every byte that differs.

Members are stored, not compressed: deflate differs from one zlib to the next, and the same members
have to give the same bytes everywhere. So a file can be read, spelled again, and compared with
itself; whatever differs is named by the member that it belongs to. Pure.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")

VERSION = 20
DAY = 0x21  # 1980-01-01, the first day that a zip knows
UNIX = 3 << 8
MODE = 0o100644 << 16

#: More is no package of ours and is refused before it is read.
MOST_MEMBERS = 64
MOST_BYTES = 512 * 1024 * 1024


class Entry(NamedTuple):
    """A member as the zip describes it; ``start`` is where its content begins."""

    name: bytes
    crc: int
    size: int
    start: int


@dataclass(frozen=True, slots=True)
class Spoiled:
    """Something about the zip itself that is not as it was written.

    ``member`` is the name concerned, empty for the archive as a whole; ``what`` is "header",
    "content", "twice", "end", "unreadable" or "too-big"; ``at`` the offset in the file of the
    first byte that differs, where it is known.
    """

    member: str
    what: str
    at: int | None = None


def write(members: Mapping[str, bytes]) -> bytes:
    """The zip of *members*, in their order. Raises ValueError for what a plain zip cannot hold."""
    if len(members) > MOST_MEMBERS or sum(map(len, members.values())) > MOST_BYTES:
        raise ValueError("too much for one package")
    entries, at = [], 0
    for name, content in members.items():
        coded = name.encode("ascii")
        at += _LOCAL.size + len(coded)
        entries.append(Entry(coded, zlib.crc32(content), len(content), at))
        at += len(content)
    contents = [*members.values()]
    parts = [part for e, c in zip(entries, contents, strict=True) for part in (_local(e), c)]
    return b"".join([*parts, *map(_central, entries), _end(entries)])


def read(content: bytes) -> tuple[dict[str, bytes], list[Spoiled]]:
    """Members by name, as far as they can be read, and everything that is not as `write` has it.

    Nothing is decompressed, and no length is believed before it is known to lie in the file.
    """
    if len(content) > 2 * MOST_BYTES:
        return {}, [Spoiled("", "too-big")]
    entries = _by_directory(content) or _in_order(content)
    if not entries:
        return {}, [Spoiled("", "unreadable")]
    members: dict[str, bytes] = {}
    spoiled: list[Spoiled] = []
    for entry in entries:
        name = printable(entry.name)
        held = content[entry.start : entry.start + entry.size]
        if name in members:
            spoiled.append(Spoiled(name, "twice"))
            continue
        members[name] = held
        if zlib.crc32(held) != entry.crc:
            spoiled.append(Spoiled(name, "content"))
    spoiled += _differences(content, entries)
    return members, spoiled


def printable(name: bytes) -> str:
    """A member's name, safe to be shown whatever bytes it holds."""
    return name.decode("ascii", "backslashreplace").encode("unicode_escape").decode()[:120]


def _local(entry: Entry) -> bytes:
    name, crc, size, _start = entry
    return _LOCAL.pack(LOCAL, VERSION, 0, 0, 0, DAY, crc, size, size, len(name), 0) + name


def _central(entry: Entry) -> bytes:
    name, crc, size, start = entry
    at = start - _LOCAL.size - len(name)
    return (
        _CENTRAL.pack(
            CENTRAL, UNIX | VERSION, VERSION, 0, 0, 0, DAY, crc, size, size,
            len(name), 0, 0, 0, 0, MODE, at,
        )
        + name
    )  # fmt: skip


def _end(entries: list[Entry]) -> bytes:
    start = entries[-1].start + entries[-1].size if entries else 0
    size = sum(_CENTRAL.size + len(entry.name) for entry in entries)
    return _END.pack(END, 0, 0, len(entries), len(entries), size, start, 0)


def _by_directory(content: bytes) -> list[Entry]:
    """What the directory at the end says; nothing where it contradicts the file."""
    if len(content) < _END.size or content[-_END.size :][:4] != END:
        return []
    _sig, _disk, _first, _here, count, size, at, _comment = _END.unpack(content[-_END.size :])
    if not 0 < count <= MOST_MEMBERS or at + size + _END.size != len(content):
        return []
    entries, expected, directory = [], 0, at
    for _each in range(count):
        if at + _CENTRAL.size > len(content):
            return []
        said = _CENTRAL.unpack_from(content, at)
        name = content[at + _CENTRAL.size : at + _CENTRAL.size + said[10]]
        start = said[16] + _LOCAL.size + len(name)
        if said[0] != CENTRAL or said[16] != expected or start + said[9] > directory:
            return []
        entries.append(Entry(name, said[7], said[9], start))
        expected = start + said[9]
        at += _CENTRAL.size + len(name)
    return entries if expected == directory else []


def _in_order(content: bytes) -> list[Entry]:
    """What the members say of themselves, one after the other."""
    entries: list[Entry] = []
    at = 0
    while content[at : at + 4] == LOCAL and len(entries) < MOST_MEMBERS:
        if at + _LOCAL.size > len(content):
            return []
        said = _LOCAL.unpack_from(content, at)
        start = at + _LOCAL.size + said[9]
        if start + said[8] > len(content):
            return []
        entries.append(Entry(content[at + _LOCAL.size : start], said[6], said[8], start))
        at = start + said[8]
    return entries


def _differences(content: bytes, entries: list[Entry]) -> Iterator[Spoiled]:
    """Headers that are not as `write` spells them, and bytes that belong to no member."""
    at = 0
    for entry in entries:
        wanted = _local(entry)
        yield from _compared(content, entry.start - len(wanted), wanted, printable(entry.name))
        at = max(at, entry.start + entry.size)
    for entry in entries:
        wanted = _central(entry)
        yield from _compared(content, at, wanted, printable(entry.name))
        at += len(wanted)
    wanted = _end(entries)
    found = content[at:]
    if found != wanted:
        yield Spoiled("", "end", at + first_difference(found, wanted))


def _compared(content: bytes, at: int, wanted: bytes, name: str) -> Iterator[Spoiled]:
    found = content[max(at, 0) : max(at, 0) + len(wanted)]
    if found != wanted:
        yield Spoiled(name, "header", max(at, 0) + first_difference(found, wanted))


def first_difference(found: bytes, wanted: bytes) -> int:
    """Offset of the first byte that differs, or where the shorter ends."""
    low, high = 0, min(len(found), len(wanted))
    if found[:high] == wanted[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if found[low:middle] == wanted[low:middle]:
            low = middle
        else:
            high = middle
    return low
