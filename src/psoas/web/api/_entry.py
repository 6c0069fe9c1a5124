"""What every route of the API shares: where it lies, how it fails, who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request

from psoas.web.access import Anyone, Guest, records_of
from psoas.web.api._shapes import Failure

if TYPE_CHECKING:
    from psoas.records import Account, Scope

PREFIX = "/api/v1"
WORDS = {
    400: "not JSON", 401: "no token, or one that is over", 403: "this account may not", 404: "no such thing here",
    409: "changed meanwhile, or already closed", 413: "too large", 422: "a value that cannot be taken",
    429: "too many tries; wait", 503: "the store does not answer",
}  # fmt: skip
BEARER = HTTPBearer(auto_error=False, description="A token of POST /api/v1/sessions.")


def made(*, tag: str) -> APIRouter:
    """A router below /api/v1."""
    return APIRouter(prefix=PREFIX, tags=[tag])


def fails(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The failures of a route, for the description; all have one shape."""
    return {code: {"model": Failure, "description": WORDS[code]} for code in (400, *codes, 413, 422)}


def caller(
    request: Request, visitor: Anyone, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
) -> Scope:
    """Who asks: the bearer of a token, or the browser that is signed in (whose form token the guard has seen).

    Raises:
        HTTPException: 401, nobody known.
    """
    if bearer is not None:
        session = records_of(request).session(bearer.credentials) if "\x00" not in bearer.credentials else None
        if session is not None:
            return _with_own_password(session.account)
    elif not isinstance(visitor, Guest) and visitor.account is not None:
        return _with_own_password(visitor.account)
    raise HTTPException(
        401, "Sign in first: POST /api/v1/sessions gives a token for the header Authorization: Bearer.",
        headers={"WWW-Authenticate": "Bearer"},
    )  # fmt: skip


def _with_own_password(account: Account) -> Scope:
    if account.must_change:
        raise HTTPException(403, "The password was given by somebody else; sign in to the app and change it first.")
    return account.scope


def stateless_caller(
    request: Request, visitor: Anyone, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
) -> None:
    """The stateless jobs are for those who may sign in.

    A request that reaches this machine's own address may have come from anywhere: a proxy or a tunnel on the machine
    looks like the machine itself. So nothing is open for coming from here; whoever asks shows a token.
    """
    caller(request, visitor, bearer)


Caller = Annotated[Any, Depends(caller)]
"""The scope of whoever asks."""
