"""One program at a time makes a new store; a second one that starts meanwhile waits, and opens what was made."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WAIT_S = 60.0
"""So long a program waits for another to make the store. Our choice."""
_held = threading.local()


@contextmanager
def alone_at_first(path: Path) -> Iterator[None]:
    """Holds a lock beside the store while it is not there yet; a store that is there needs none.

    The lock goes with the program that holds it, however it ends; its file is taken away again.
    """
    lock = path.with_name(f".{path.name}.first")
    made = path.exists() and path.stat().st_size > 0 and not lock.exists()
    if made or not path.parent.is_dir() or path in getattr(_held, "paths", ()):
        yield
        return
    handle = _lock(lock)
    _held.paths = {*getattr(_held, "paths", ()), path}
    try:
        yield
    finally:
        _held.paths -= {path}
        if handle is not None:
            with suppress(OSError):
                lock.unlink()
            os.close(handle)


def _lock(lock: Path) -> int | None:
    """The lock, once it is ours; None where this system or folder has no locks."""
    try:
        import fcntl
    except ImportError:
        return None
    until = time.monotonic() + WAIT_S
    while True:
        try:
            handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError:
            return None  # what is wrong with the folder is said by whoever writes there next
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_ino == lock.stat().st_ino:  # not one that was just taken away
                return handle
        except FileNotFoundError:
            pass
        except OSError:
            if time.monotonic() > until:
                os.close(handle)
                return None
        os.close(handle)
        time.sleep(0.05)
