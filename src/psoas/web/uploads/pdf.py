"""Looks for what a plain document does not have: scripts, programs to start, files inside, other files around it.

This is no proof of harmlessness. A PDF is therefore never shown by the app; it can only be taken away.
"""

from __future__ import annotations

import re
import zlib

_ACTIVE = {
    b"JavaScript": "it holds a script",
    b"JS": "it holds a script",
    b"Launch": "it would start a program",
    b"EmbeddedFile": "it carries another file",
    b"RichMedia": "it carries a player",
    b"XFA": "it holds a form with a program",
    b"SubmitForm": "it would send something away",
    b"ImportData": "it would read a file",
    b"Encrypt": "it is locked",
}
MOST_UNPACKED = 32 * 2**20
MOST_OF_ONE = 8 * 2**20
MOST_PACKED_PARTS = 4000
"""Object streams of one file; a document of a hundred pages has a few dozen. Our choice, as the sizes above."""
_HEAD = 400
_FIRST_CHUNK, _LATER_CHUNK = 512, 64 * 2**10


def _spelt(name: bytes) -> bytes:
    """A pattern for a name in which any letter may stand as `#` and two hex digits."""
    return b"".join(b"(?:%c|#%s)" % (sign, _hex_of(sign)) for sign in name)


def _hex_of(sign: int) -> bytes:
    return b"".join(b"[%c%c]" % (ord(c.upper()), ord(c.lower())) if c.isalpha() else c.encode() for c in f"{sign:02x}")


_AFTER = rb"(?![^\s/\[\]()<>{}%\0])"
_ACTIVE_NAME = re.compile(b"/(?:" + b"|".join(b"(%s)" % _spelt(name) for name in _ACTIVE) + b")" + _AFTER)
_REASONS = tuple(_ACTIVE.values())
_OBJECT_STREAM = re.compile(b"/" + _spelt(b"ObjStm") + _AFTER)
_FILTER = re.compile(b"/" + _spelt(b"Filter") + rb"\s*(\[[^\]]*\]|/[^\s/\[\]()<>{}%]+)")
_FLATE = re.compile(b"/" + _spelt(b"FlateDecode"))
_STREAM = re.compile(rb"stream\r?\n")


def look_at_pdf(data: bytes) -> str | None:
    """Why a PDF is not taken, as the end of a sentence; None when nothing speaks against it.

    What it costs grows with the size of the file and no faster: nothing is copied that is not unpacked, and what is
    unpacked is bounded.
    """
    end = data.rfind(b"%%EOF")
    if end < 0:
        return "its end is missing"
    if data[end + 5 :].strip(b"\r\n \0"):
        return "something else follows its end"
    if b"PK\x05\x06" in data[-65_600:] or b"<svg" in data[:1024].lower() or b"<html" in data[:1024].lower():
        return "it is another kind of file as well"
    if (found := _active(data)) is not None:
        return found
    return _inside(data)


def _active(data: bytes) -> str | None:
    found = _ACTIVE_NAME.search(data)
    return None if found is None or found.lastindex is None else _REASONS[found.lastindex - 1]


def _inside(data: bytes) -> str | None:
    """Objects can hide in packed streams; each is unpacked, but never more than the bound."""
    left, parts = MOST_UNPACKED, 0
    for match in _STREAM.finditer(data):
        head = data[max(0, match.start() - _HEAD) : match.start()]
        if not _OBJECT_STREAM.search(head):
            continue
        parts += 1
        if left <= 0:
            return "it unpacks to far more than its size"
        if parts > MOST_PACKED_PARTS:
            return "it holds far more packed parts than a document has"
        if not _is_packed_once(head):
            return "a part of it is packed in a way that is not looked into"
        unpacked = _unpacked(data, match.end(), min(MOST_OF_ONE, left))
        if unpacked is None:
            return "a part of it cannot be read"
        if len(unpacked) >= MOST_OF_ONE:
            return "it unpacks to far more than its size"
        left -= len(unpacked)
        if (found := _active(unpacked)) is not None:
            return found
    return None


def _is_packed_once(head: bytes) -> bool:
    """Whether the last filter named before a stream is FlateDecode, once: what is packed twice would hide in there."""
    named = _FILTER.findall(head)
    return not named or (named[-1].count(b"/") == 1 and _FLATE.search(named[-1]) is not None)


def _unpacked(data: bytes, start: int, most: int) -> bytes | None:
    """The stream that begins at `start`, to its own end and at most so long; None where it is not one.

    It is fed piece by piece, so that a short one costs no look at all that follows it.
    """
    unpacker, out, at, size = zlib.decompressobj(), bytearray(), start, _FIRST_CHUNK
    try:
        while not unpacker.eof and at < len(data) and len(out) < most:
            out += unpacker.decompress(data[at : at + size], most - len(out))
            at, size = at + size, _LATER_CHUNK
    except zlib.error:
        return None
    return bytes(out)
