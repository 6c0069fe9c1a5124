"""The two cookies: who is signed in, and which browser a form was given to.

Over TLS both carry the prefix `__Host-`, which keeps other hosts and plain connections from setting them; a browser
takes that prefix only over TLS, so on this machine alone they go by their plain names.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from psoas.web.settings import Settings

SESSION = "psoas-session"
FORM = "psoas-form"


def cookie_name(name: str, settings: Settings) -> str:
    """The name on the wire."""
    return f"__Host-{name}" if settings.is_secure else name


def read(request: Request, name: str) -> str | None:
    """What the browser sent, or None."""
    return request.cookies.get(cookie_name(name, _settings(request)))


def put(request: Request, response: Response, name: str, value: str) -> None:
    """Set for as long as the browser is open; how long a session lives is decided where it is kept."""
    settings = _settings(request)
    response.set_cookie(
        cookie_name(name, settings), value, httponly=True, samesite="lax", secure=settings.is_secure, path="/"
    )


def drop(request: Request, response: Response, name: str) -> None:
    """Forget it in the browser."""
    settings = _settings(request)
    response.delete_cookie(
        cookie_name(name, settings), httponly=True, samesite="lax", secure=settings.is_secure, path="/"
    )


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
