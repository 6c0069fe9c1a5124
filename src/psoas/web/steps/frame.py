"""The frame that every page of a visit stands in."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from psoas.screening import STEP
from psoas.web.pictures.figure import picture_of
from psoas.web.render import page
from psoas.web.steps.context import VisitContext


def visit_page(
    request: Request, desk: VisitContext, template: str, step: str, *, status: int = 200, **context: Any
) -> Response:
    """A page of the visit in its frame: the steps bar, the alarms in plain sight, the version for the form."""
    return page(
        request, f"visit/{template}.html", desk.visitor, status=status, desk=desk, step=step, bar=desk.bar(step),
        dangers=desk.interview.dangers, grave=STEP["same_day"], words=desk.words, version=desk.visit.version,
        picture_of=picture_of, **context,
    )  # fmt: skip
