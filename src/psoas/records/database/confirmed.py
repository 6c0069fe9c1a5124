"""What was confirmed, noted beside a store in a file: the end of each practice's audit trail after each change.

SQLite takes a write-ahead log only up to the first record that does not fit, and what follows is gone without a word; a
log that was deleted is no error to it either. So the store is held against this note when it is opened. The note is
written after a change is confirmed: a store that is ahead of its note is whole, one that is behind has lost something.
It is a file of slots of 512 bytes, one a practice, each signed; it holds nothing about anybody.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from psoas.records.keys import StoreKey

SUFFIX = ".confirmed"
SLOT_BYTES = 512


@dataclass(frozen=True)
class Head:
    """The end of a practice's audit trail."""

    seq: int
    hash: str


class Confirmed:
    """The note beside one store."""

    def __init__(self, store: Path, key: StoreKey) -> None:
        self.path = Path(f"{store}{SUFFIX}")
        self._key = key.use("confirmed")
        self._lock = Lock()
        self._place: dict[str, int] = {}
        self.is_damaged = False

    def read(self) -> dict[str, Head]:
        """What is noted, by practice. Slots that are not signed by this store's key are left out and told of."""
        found: dict[str, Head] = {}
        self._place, self.is_damaged = {}, False
        try:
            data = self.path.read_bytes()
        except OSError:
            return found
        for place in range(0, len(data), SLOT_BYTES):
            slot = self._of(data[place : place + SLOT_BYTES])
            if slot is None:
                self.is_damaged = True
                continue
            practice_id, head = slot
            self._place[practice_id] = place
            found[practice_id] = head
        return found

    def note(self, practice_id: str, head: Head) -> None:
        """Note what was just confirmed. A disk that takes no note stops no work: the store itself has it."""
        told = [practice_id, head.seq, head.hash]
        slot = json.dumps([*told, self._signed(told)]).encode().ljust(SLOT_BYTES - 1) + b"\n"
        with self._lock:
            try:
                handle = os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600)
            except OSError:
                return
            try:
                place = self._place.get(practice_id)
                if place is None:
                    place = self._place[practice_id] = os.fstat(handle).st_size // SLOT_BYTES * SLOT_BYTES
                os.lseek(handle, place, os.SEEK_SET)
                before = self._of(os.read(handle, SLOT_BYTES))
                if before is None or before[0] != practice_id or before[1].seq < head.seq:
                    os.lseek(handle, place, os.SEEK_SET)
                    os.write(handle, slot)
            except OSError:
                return
            finally:
                os.close(handle)

    def forget(self) -> None:
        """Begin anew, with what the store holds now."""
        self.path.unlink(missing_ok=True)
        self._place = {}

    def _of(self, slot: bytes) -> tuple[str, Head] | None:
        try:
            practice_id, seq, last, signed = json.loads(slot)
            if hmac.compare_digest(str(signed), self._signed([practice_id, seq, last])):
                return str(practice_id), Head(int(seq), str(last))
        except (ValueError, TypeError):
            pass
        return None

    def _signed(self, told: list[object]) -> str:
        return hmac.new(self._key, json.dumps(told).encode(), hashlib.sha256).hexdigest()
