"""More at once than can be answered soon is told to come back; a body that does not come is not waited for."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_AT_ONCE = 120
"""Requests under way: the server answers forty at a time, and who would wait for three turns is told so. Our choice."""
COME_BACK_S = 5
BETWEEN_PARTS_S = 15.0
WHOLE_BODY_S = 120.0
"""Between two parts of a body, and for all of it: twelve megabytes at 100 kB a second. Our choice."""


class CrowdMiddleware:
    """Counts requests, refuses what cannot be text in an address, and limits the time of bodies."""

    def __init__(self, app: ASGIApp, most: int = MOST_AT_ONCE) -> None:
        self.app, self.most, self.inside = app, most, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if b"\0" in unquote_to_bytes(scope.get("raw_path", b"")) or b"\0" in unquote_to_bytes(scope["query_string"]):
            await _said(scope, 404, "not_found", "There is nothing at this address.", {})(scope, receive, send)
            return
        is_small = scope["path"].startswith("/static/") or scope["path"] == "/healthz"
        if self.inside >= self.most and not is_small:
            words = f"Psoas is busy; try again in {COME_BACK_S} s."
            await _said(scope, 503, "busy", words, {"retry-after": str(COME_BACK_S)})(scope, receive, send)
            return
        self.inside += 1
        try:
            await self.app(scope, _Timed(receive).receive, send)
        finally:
            self.inside -= 1


class _Timed:
    """Receives with a time limit; after it the sender counts as gone, which ends the request."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._is_read = receive, False
        self._until = asyncio.get_running_loop().time() + WHOLE_BODY_S

    async def receive(self) -> Message:
        if self._is_read:
            return await self._receive()
        left = self._until - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, min(BETWEEN_PARTS_S, left)))
        except TimeoutError:
            return {"type": "http.disconnect"}
        self._is_read = message["type"] != "http.request" or not message.get("more_body", False)
        return message


def _said(scope: Scope, status: int, code: str, words: str, headers: dict[str, str]) -> Response:
    if scope["path"].startswith("/api/"):
        error = {"code": code, "message": words, "field": None, "allowed": None}
        return JSONResponse({"error": error}, status_code=status, headers=headers)
    is_page = "text/html" in Headers(scope=scope).get("accept", "")
    made = PlainTextResponse(f"{words}\n", status_code=status, headers=headers)
    if is_page and status == 503:
        made.headers["refresh"] = str(COME_BACK_S)
    return made
