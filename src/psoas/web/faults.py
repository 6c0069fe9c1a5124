"""What is wrong with a request, as a sentence with the field and what is allowed there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from psoas.case.problems import shown
from psoas.web.security.limits import BODY_BYTES

_ALLOWED = re.compile(r"[Aa]llowed: (.+?)\.?$")


def of_validation(err: RequestValidationError) -> tuple[str | None, str, list[str] | None]:
    """Field, sentence and what is allowed, of the first thing that is wrong."""
    first: Mapping[str, Any] = err.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    if first["type"] == "json_invalid" or not place:
        return None, "The body is not what this address takes; expected one JSON object.", None
    expected = first.get("ctx", {}).get("expected")
    if first["type"] in ("literal_error", "enum") and expected:
        allowed = re.findall(r"'([^']*)'", str(expected))
        return place, f"{place} is {shown(first['input'])}; allowed: {', '.join(allowed)}.", allowed
    if first["type"] == "missing":
        return place, f"{place} is missing.", None
    return place, f"{place} is {shown(first['input'])}: {first['msg'][0].lower()}{first['msg'][1:]}.", None


def allowed_in(sentence: str) -> list[str] | None:
    """What a sentence of a `CaseError` lists as allowed; None when it lists nothing."""
    found = _ALLOWED.search(sentence)
    return None if found is None else [part.strip("' ") for part in re.split(r", | or ", found[1])]


class TooLargeAsJson:
    """A body over the limit is refused by the server before any handler; under /api it has the shape of every error."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        body: bytes | None = None

        async def reshape(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start" and message["status"] == 413:
                said = f"The body is too large; at most {BODY_BYTES} bytes are taken."
                fault = {"code": "too_large", "message": said, "field": None, "allowed": [str(BODY_BYTES)]}
                body = json.dumps({"error": fault}).encode()
                headers = MutableHeaders(scope=message)
                headers["content-type"] = "application/json"
                headers["content-length"] = str(len(body))
            elif message["type"] == "http.response.body" and body is not None:
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self.app(scope, receive, reshape)
