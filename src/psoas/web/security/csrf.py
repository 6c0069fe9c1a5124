"""Forged requests: a page elsewhere must not be able to act in a signed-in browser.

Two independent guards on every unsafe method: what the browser itself says about where the request comes from
(`Sec-Fetch-Site`, `Origin`), and a token that only our own pages hold, as the form field `csrf` or the header
`X-CSRF-Token`. Signed in, the token belongs to the session; before that, it is the hash of a random cookie.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile
from starlette.requests import Request

FIELD = "csrf"
HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Forged(Exception):  # noqa: N818 - the name is what is wrong
    """The request did not come from one of our pages, or from one that was open for too long."""


def new_cookie() -> str:
    """A value for the cookie that stands behind forms before sign-in."""
    return secrets.token_urlsafe(32)


def token_for_cookie(cookie: str) -> str:
    """The token of forms before sign-in; the cookie itself never appears in a page."""
    return hashlib.sha256(f"psoas form {cookie}".encode()).hexdigest()


def check_origin(request: Request) -> None:
    """Refuse what the browser says comes from elsewhere.

    Our pages send no referrer, and then a browser calls the origin of their forms `null`: that decides nothing, and the
    token does.

    Raises:
        Forged: `Sec-Fetch-Site` or `Origin` names another site.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forged
    origin = request.headers.get("origin", "null")
    if origin != "null" and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise Forged


async def check_token(request: Request, expected: str) -> None:
    """Refuse an unsafe request without the token.

    Raises:
        Forged: neither header nor form field holds it.
    """
    given = request.headers.get(HEADER)
    if given is None and "form" in request.headers.get("content-type", ""):
        field = (await request.form()).get(FIELD)
        given = None if isinstance(field, UploadFile) else field
    if given is None or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forged
