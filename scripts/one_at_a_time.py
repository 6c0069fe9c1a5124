"""One process at a time, by a lock on a file: on Linux and macOS with `fcntl`, on Windows with `msvcrt`.

Only the standard library is used here, since the set-up runs before anything is installed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_S = 0.2
"""How long to wait before asking again where the system cannot wait for us."""


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the lock on this file, waiting for whoever holds it; it ends with the process in any case."""
    with path.open("a+b") as file:
        _take(file.fileno())
        try:
            yield
        finally:
            _give(file.fileno())


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(WAIT_S)
            else:
                return

    def _give(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _give(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
