"""Private links: `/c/{token}` opens what the link is for, and `/c/{token}/{step}` the parts of it.

Every purpose has a module with `show(request, visitor, step)` and `send(request, visitor, step, form)`; `step` is
empty for the first page.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.web.access import Client, Visitor

router = APIRouter()

HANDLERS = {"check_in": "psoas.web.follow_up.by_link", "intake": "psoas.web.visit.by_link"}
"""Purpose of a link -> the module that serves it."""


async def form_of(request: Request) -> FormData:
    """The fields that were sent."""
    return await request.form()


Form = Annotated[FormData, Depends(form_of)]


@router.get("/c/{token}")
def show(request: Request, visitor: Client, token: str) -> Response:
    """The first page of what the link is for."""
    found: Response = _handler(visitor).show(request, visitor, "")
    return found


@router.post("/c/{token}")
def send(request: Request, visitor: Client, token: str, form: Form) -> Response:
    """What the first page sends."""
    found: Response = _handler(visitor).send(request, visitor, "", form)
    return found


@router.get("/c/{token}/{step}")
def show_step(request: Request, visitor: Client, token: str, step: str) -> Response:
    """A further page."""
    found: Response = _handler(visitor).show(request, visitor, step)
    return found


@router.post("/c/{token}/{step}")
def send_step(request: Request, visitor: Client, token: str, step: str, form: Form) -> Response:
    """What a further page sends."""
    found: Response = _handler(visitor).send(request, visitor, step, form)
    return found


def _handler(visitor: Visitor) -> ModuleType:
    if visitor.link is None:
        raise HTTPException(404)
    return import_module(HANDLERS[visitor.link.purpose])
