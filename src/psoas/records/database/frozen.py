"""A database server that is there but answers no more: its own time limits sleep with it, so ours end the wait.

The connection is shut from here, and whoever waits for it gets the error of a server that has gone.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, event

LOOK_EVERY_S = 0.5


class _Watch:
    """Deadlines of the statements under way, by connection."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[int, tuple[float, Any]] = {}
        self._thread: threading.Thread | None = None

    def begin(self, driver: Any, longest_s: float) -> None:
        """A statement begins on this connection."""
        with self._lock:
            self._until[id(driver)] = (time.monotonic() + longest_s, driver)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, daemon=True, name="psoas-database-watch")
                self._thread.start()

    def end(self, driver: Any) -> None:
        """It has ended, one way or the other."""
        with self._lock:
            self._until.pop(id(driver), None)

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_S)
            with self._lock:
                if not self._until:
                    self._thread = None
                    return
                moment = time.monotonic()
                late = [driver for until, driver in self._until.values() if until < moment]
                for driver in late:
                    self._until.pop(id(driver), None)
            for driver in late:
                _shut(driver)


_WATCH = _Watch()


def watch(engine: Engine, longest_s: float) -> None:
    """End every wait of this engine's PostgreSQL connections after so many seconds, whatever it waits for: a statement,
    a commit, the ping before a connection is used."""
    import psycopg

    class Watched(psycopg.Connection[Any]):
        """Every wait of the driver goes through `wait`."""

        def wait(self, *given: Any, **named: Any) -> Any:
            _WATCH.begin(self, longest_s)
            try:
                return super().wait(*given, **named)
            finally:
                _WATCH.end(self)

    @event.listens_for(engine, "do_connect")
    def connects(dialect: Any, record: Any, given: Any, named: Any) -> Any:
        return Watched.connect(*given, **named)


def _shut(driver: Any) -> None:
    """Shut the socket under a connection; the thread that waits for it is woken by that."""
    with suppress(Exception):
        handle = os.dup(driver.fileno())
        with socket.socket(fileno=handle) as line:
            line.shutdown(socket.SHUT_RDWR)
