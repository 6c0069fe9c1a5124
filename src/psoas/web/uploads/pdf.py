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
_NAME = re.compile(rb"/([^\s/\[\]()<>{}%]+)")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
MOST_UNPACKED = 64 * 2**20
MOST_OF_ONE = 8 * 2**20


def look_at_pdf(data: bytes) -> str | None:
    """Why a PDF is not taken, as the end of a sentence; None when nothing speaks against it."""
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
    for name in _NAME.findall(data):
        plain = _HEX.sub(lambda match: bytes([int(match[1], 16)]), name)
        if plain in _ACTIVE:
            return _ACTIVE[plain]
    return None


def _inside(data: bytes) -> str | None:
    """Objects can hide in packed streams; each is unpacked, but never more than the bound."""
    left = MOST_UNPACKED
    for match in _STREAM.finditer(data):
        head = data[max(0, match.start() - 400) : match.start()]
        if b"ObjStm" not in _HEX.sub(lambda found: bytes([int(found[1], 16)]), head):
            continue
        if left <= 0:
            return "it unpacks to far more than its size"
        try:
            unpacker = zlib.decompressobj()
            unpacked = unpacker.decompress(data[match.end() :], min(MOST_OF_ONE, left))
        except zlib.error:
            return "a part of it cannot be read"
        if unpacker.unconsumed_tail and len(unpacked) >= MOST_OF_ONE:
            return "it unpacks to far more than its size"
        left -= len(unpacked)
        if (found := _active(unpacked)) is not None:
            return found
    return None
