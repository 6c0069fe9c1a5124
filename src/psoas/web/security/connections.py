"""Connections: how many, and how long one may take to say what it wants.

A thousand half requests kept everybody out: the server had no time limit for a head that never ends. Now a connection
that has not said a whole request in time is closed, and where too many are open the one that has waited longest goes.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import OrderedDict
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 10.0
"""From the connection, or the end of the answer before, to the end of a request's head, unless nothing was said yet."""
MOST_CONNECTIONS = 600
OPEN_FILES = 4096
"""Our choice: a practice has a few dozen browsers, each with up to six connections."""

_SILENT: OrderedDict[TimedProtocol, None] = OrderedDict()
"""Connections that have not said a whole head, the longest waiting first."""


class TimedProtocol(H11Protocol):
    """HTTP/1.1 with a time limit on the head of a request and a bound on connections."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """One more; where there are too many, the one that has been silent longest makes room."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS and _SILENT:
            oldest = next(iter(_SILENT))
            oldest.give_up()
        self._wait()

    def data_received(self, data: bytes) -> None:
        """What came; once a whole head is there, the time limit is over."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._deadline is None:
            self._wait()

    def on_response_complete(self) -> None:
        """The next request of this connection gets its own time; between two the keep-alive limit holds."""
        super().on_response_complete()
        self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def give_up(self) -> None:
        """Close a connection that takes too long."""
        self._stop_waiting()
        with contextlib.suppress(Exception):
            self.transport.abort()

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(HEAD_S, self.give_up)
        _SILENT[self] = None

    def _stop_waiting(self) -> None:
        _SILENT.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def allow_many_connections() -> None:
    """Where the system allows few open files (often 1,024), take more, up to what it lets us."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
