"""When something goes wrong: a page that says so in plain words, or the same as JSON for programs.

Under /api: `{"error": {"code", "message", "field", "allowed"}}`.
"""

from __future__ import annotations

import math
import sys
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from psoas.errors import CaseError
from psoas.web.access import Guest, LinkInUse, PasswordToChange, SignInNeeded, anyone, sign_in_url
from psoas.web.faults import allowed_in, of_validation
from psoas.web.pool import Busy, JobFailed
from psoas.web.render import page, see_other
from psoas.web.security.csrf import Forged
from psoas.web.security.headers import protect
from psoas.web.security.limits import TooOften

CODES = {
    400: "bad_request", 401: "sign_in_needed", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed",
    409: "conflict", 413: "too_large", 415: "wrong_type", 422: "invalid", 429: "too_often", 500: "internal",
    503: "store_unavailable",
}  # fmt: skip
WITH_A_PAGE = {403, 404, 409, 413, 422, 429, 500, 503}


def answer(
    request: Request,
    status: int,
    message: str = "",
    *,
    template: str | None = None,
    code: str | None = None,
    field: str | None = None,
    allowed: Any = None,
    headers: dict[str, str] | None = None,
    again_s: int | None = None,
) -> Response:
    """The failure as a page, or as JSON under /api. `again_s`: after so long the page asks again by itself."""
    response: Response
    if request.url.path.startswith("/api/"):
        error = {"code": code or CODES.get(status, "failed"), "message": message, "field": field, "allowed": allowed}
        response = JSONResponse({"error": error}, status_code=status)
    else:
        name = template or (str(status) if status in WITH_A_PAGE else "other")
        response = page(
            request, f"errors/{name}.html", _visitor(request, status), status=status, message=message, code=status,
            again_s=again_s,
        )  # fmt: skip
    response.headers.update(headers or {})
    return response


def _visitor(request: Request, status: int) -> Any:
    """Who sees the page; where the store itself fails, nobody is asked for."""
    return Guest("") if status >= 500 else anyone(request)


def add_handlers(app: FastAPI) -> None:
    """Take over every error that a handler may raise."""
    from psoas import records

    @app.exception_handler(SignInNeeded)
    def sign_in_needed(request: Request, err: SignInNeeded) -> Response:
        if request.url.path.startswith("/api/"):
            return answer(request, 401, "Sign in first.")
        return see_other(sign_in_url(request, err.typed))

    @app.exception_handler(PasswordToChange)
    def password_to_change(request: Request, err: PasswordToChange) -> Response:
        return see_other("/account?said=first-password")

    @app.exception_handler(LinkInUse)
    def link_in_use(request: Request, err: LinkInUse) -> Response:
        return answer(request, 403, "Another browser has begun with this link.", template="link_in_use")

    @app.exception_handler(Forged)
    def forged(request: Request, err: Forged) -> Response:
        return answer(request, 403, "The request did not come from a page of this app.", template="forged")

    @app.exception_handler(TooOften)
    def too_often(request: Request, err: TooOften) -> Response:
        return answer(request, 429, str(err), headers={"retry-after": str(math.ceil(err.wait_s))})

    @app.exception_handler(Busy)
    def busy(request: Request, err: Busy) -> Response:
        wait_s = math.ceil(err.wait_s)
        again_s = wait_s if request.method == "GET" else None  # what was sent is not sent twice unasked
        return answer(
            request, 503, str(err), template="busy", code="busy", headers={"retry-after": str(wait_s)}, again_s=again_s
        )

    @app.exception_handler(JobFailed)
    def job_failed(request: Request, err: JobFailed) -> Response:
        return answer(request, 500, str(err))

    @app.exception_handler(HTTPException)
    def refused(request: Request, err: HTTPException) -> Response:
        headers = dict(err.headers or {})
        allow = next((value for name, value in headers.items() if name.lower() == "allow"), None)
        methods = sorted(allow.split(", ")) if allow and err.status_code == 405 else None
        return answer(request, err.status_code, str(err.detail), allowed=methods, headers=headers)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, err: RequestValidationError) -> Response:
        field, message, allowed = of_validation(err)
        return answer(request, 422, message, field=field, allowed=allowed)

    @app.exception_handler(CaseError)
    def wrong_case(request: Request, err: CaseError) -> Response:
        place, sentence = err.problems[0]
        return answer(request, 422, str(err), field=place, allowed=allowed_in(sentence))

    @app.exception_handler(records.Paused)
    def paused(request: Request, err: records.Paused) -> Response:
        return answer(request, 429, str(err), headers={"retry-after": str(math.ceil(err.wait_s))})

    @app.exception_handler(records.Invalid)
    def cannot_be_kept(request: Request, err: records.Invalid) -> Response:
        return answer(request, 422, str(err), field=err.field)

    @app.exception_handler(records.StoreError)
    def store_fails(request: Request, err: records.StoreError) -> Response:
        """What the store is called and where it lies is for whoever runs it, not for whoever asks."""
        print(f"psoas: {err}", file=sys.stderr, flush=True)
        return answer(request, 503, "The records cannot be reached just now; nothing was changed.")

    for kind, status in {records.NotFound: 404, records.Refused: 403, records.Conflict: 409}.items():
        app.add_exception_handler(kind, _handler(status))

    @app.exception_handler(ClientDisconnect)
    def gone(request: Request, err: ClientDisconnect) -> Response:
        return Response(status_code=400)  # nobody is there to read it: a page that was left while it sent a form

    @app.exception_handler(Exception)
    def unforeseen(request: Request, err: Exception) -> Response:
        response = answer(request, 500, "Something went wrong inside Psoas. Nothing was changed.")
        protect(response.headers, app.state.settings)  # this handler runs outside of the middleware that does it
        return response


def _handler(status: int) -> Any:
    def handle(request: Request, err: Exception) -> Response:
        return answer(request, status, str(err))

    return handle
