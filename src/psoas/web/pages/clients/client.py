"""Private links: `/c/{token}` leads to what the link is for."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.web.access import Client
from psoas.web.render import see_other

router = APIRouter()

PLACES = {"check_in": "check-in", "intake": "intake", "trial": "trial", "plan": "plan"}
"""Purpose of a link -> where its pages lie below it (check_in.py, intake.py, trial_days.py, pocket.py)."""


@router.get("/c/{token}")
def show(request: Request, visitor: Client, token: str) -> Response:
    """To the first page of what the link is for."""
    if visitor.link is None:
        raise HTTPException(404)
    return see_other(f"/c/{token}/{PLACES[visitor.link.purpose]}")
