"""Tokens for programs: those of the sign-in page, under the same lock-out, shown once and revocable."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.web.access import address_of, records_of
from psoas.web.api._entry import BEARER, Caller, fails, made
from psoas.web.api._shapes import SignIn, Token

router = made(tag="sessions")


@router.post("/sessions", status_code=201, response_model=Token, responses=fails(401, 429))
def begin(request: Request, given: SignIn) -> Any:
    """A token for an account of the practice."""
    request.app.state.limits.sign_in.take(address_of(request))
    session = records_of(request).sign_in(given.login, given.password, address=address_of(request))
    if session is None:
        raise HTTPException(401, "That name and password do not go together.", headers={"WWW-Authenticate": "Bearer"})
    account = session.account
    return {
        "token": session.token,
        "expires_at": session.expires_at,
        "name": account.name,
        "role": account.role,
        "practice": account.practice,
    }


@router.delete("/sessions/current", status_code=204, responses=fails(401))
def end(
    request: Request, caller: Caller, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
) -> Response:
    """End the session of this token."""
    if bearer is not None:
        records_of(request).sign_out(bearer.credentials)
    return Response(status_code=204)
