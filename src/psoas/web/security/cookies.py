"""The cookies: who is signed in, which browser a form was given to, and what a browser is known by.

Over TLS they carry the prefix `__Host-`, which keeps other hosts and plain connections from setting them; a browser
takes that prefix only over TLS. On this machine alone their names end in the port where it is not the usual one:
cookies know no ports, so two apps on one machine would otherwise overwrite each other's. A program of another user that
listens on this machine, and is visited with this browser, is sent them all the same; only TLS keeps them from it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from psoas.web.settings import DEFAULT_PORT, Settings

SESSION = "psoas-session"
FORM = "psoas-form"
BROWSER = "psoas-browser"
"""That this browser has signed in to an account before, so that strangers cannot lock it out."""
LINK = "psoas-link"
"""What a client's browser alone holds: a private link belongs to the one that began with it."""
KEPT_S = 180 * 24 * 3600
"""How long a browser is known. Our choice: the longest that a private link lives."""


def cookie_name(name: str, settings: Settings) -> str:
    """The name on the wire."""
    if settings.is_secure:
        return f"__Host-{name}"
    return name if settings.port == DEFAULT_PORT else f"{name}-{settings.port}"


def read(request: Request, name: str) -> str | None:
    """What the browser sent, or None."""
    return request.cookies.get(cookie_name(name, _settings(request)))


def put(request: Request, response: Response, name: str, value: str, *, keep: bool = False) -> None:
    """Set, for as long as the browser is open; how long a session lives is decided where it is kept.

    Args:
        keep: for half a year instead.
    """
    settings = _settings(request)
    response.set_cookie(
        cookie_name(name, settings), value, httponly=True, samesite="lax", secure=settings.is_secure, path="/",
        max_age=KEPT_S if keep else None,
    )  # fmt: skip


def drop(request: Request, response: Response, name: str) -> None:
    """Forget it in the browser."""
    settings = _settings(request)
    response.delete_cookie(
        cookie_name(name, settings), httponly=True, samesite="lax", secure=settings.is_secure, path="/"
    )


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
