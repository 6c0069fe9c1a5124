"""The description of the API, as OpenAPI 3.1."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from psoas import __version__
from psoas.assessment.schema import ABSENT_WHEN_UNFILLED
from psoas.web.api._entry import fails, made

router = made(tag="description")


def openapi() -> dict[str, Any]:
    """The description of every route below /api/v1."""
    from psoas.web.api import sessions, stateless, stored

    routes = [*stateless.router.routes, *sessions.router.routes, *stored.router.routes]
    made = get_openapi(
        title="Psoas",
        version=__version__,
        description="Decision support for low-back pain. Every error has one shape; docs/api.md has examples.",
        routes=routes,
    )
    answer = made["components"]["schemas"]["AnswerShape"]
    answer["required"] = [name for name in answer["required"] if name not in ABSENT_WHEN_UNFILLED]
    return made


@lru_cache(maxsize=1)
def _text() -> bytes:
    return json.dumps(openapi(), ensure_ascii=False).encode()


@router.get("/openapi.json", responses=fails())
def show() -> Response:
    """This description."""
    return Response(_text(), media_type="application/json")
