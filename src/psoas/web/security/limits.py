"""How often and how much: token buckets in memory, bounded in number, and the size of a request."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.middleware.body_limit import RequestBodyLimitResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_UPLOAD = 64 * 2**20
BODY_BYTES = 2 * 2**20
"""Largest request without files; a route that takes files says its own (`max_body_size`). Our choice."""


def keep_uploads_in_memory() -> None:
    """Let no photo be written in plain to the temporary folder: the form parser does so above one megabyte.

    Every request is bounded before (`max_body_size`), so nothing larger than that is ever held.
    """
    from starlette.formparsers import MultiPartParser

    MultiPartParser.spool_max_size = LARGEST_UPLOAD


class BodyLimitMiddleware:
    """Stops reading a request that grows beyond the limit, whatever its length was said to be.

    Reading is what fails, with status 413, so the answer is an ordinary page; a route may set another limit with
    `max_body_size`, which the framework tells the responder that is already at work.
    """

    def __init__(self, app: ASGIApp, max_body_size: int = BODY_BYTES) -> None:
        self.app, self.max_body_size = app, max_body_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await _Responder(self.app, self.max_body_size)(scope, receive, send)


class _Responder(RequestBodyLimitResponder):
    async def send_with_limit(self, message: Message) -> None:
        """Send our own page for 413; the parent would put plain text in its place."""
        self.response_started = self.response_started or message["type"] == "http.response.start"
        await self.send(message)


class TooOften(Exception):  # noqa: N818 - the name is what is wrong
    """Asked too often; `wait_s` says when to come back."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"asked too often; try again in {wait_s:.0f} s.")
        self.wait_s = wait_s


class Bucket:
    """Allows `burst` calls at once and one more every `every_s` seconds, for each key.

    The least recently seen keys are forgotten beyond `keys`, so that made-up addresses cannot fill the memory.
    """

    def __init__(
        self, *, burst: int, every_s: float, keys: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._every_s, self._keys, self._clock = burst, every_s, keys, clock
        self._seen: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count one call.

        Raises:
            TooOften: none is left for this key.
        """
        now = self._clock()
        with self._lock:
            left, at = self._seen.pop(key, (float(self._burst), now))
            left = min(float(self._burst), left + (now - at) / self._every_s)
            self._seen[key] = (max(left - 1, left if left < 1 else 0), now)
            while len(self._seen) > self._keys:
                self._seen.popitem(last=False)
        if left < 1:
            raise TooOften((1 - left) * self._every_s)

    def __len__(self) -> int:
        return len(self._seen)


@dataclass(frozen=True)
class Limits:
    """The buckets of one running app. The figures are our choice: generous for people, slow for programs."""

    sign_in: Bucket = field(default_factory=lambda: Bucket(burst=10, every_s=6.0))
    set_up: Bucket = field(default_factory=lambda: Bucket(burst=5, every_s=30.0))
    client: Bucket = field(default_factory=lambda: Bucket(burst=60, every_s=1.0))
    upload: Bucket = field(default_factory=lambda: Bucket(burst=20, every_s=3.0))
