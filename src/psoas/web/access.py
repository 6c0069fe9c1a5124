"""Who asks: what a handler writes in its signature to be reached by the right people only.

    def show(request: Request, visitor: Practitioner, person_id: str) -> Response: ...

`Signed` is any account, `Practitioner` an owner or practitioner (clinical pages), `Owner` an owner, `Client` the bearer
of a private link under `/c/{token}`, `Anyone` everybody. Somebody who is not signed in is sent to the sign-in page.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from psoas.web.security import cookies, csrf

if TYPE_CHECKING:
    from psoas.records import Account, ClientLink, Records, Scope

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
OPEN_PAGES = ("/sign-in", "/set-up", "/c/", "/demo")
"""Where somebody who is not signed in may send a form."""
OPEN_WITH_A_FIRST_PASSWORD = ("/account", "/sign-out")


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody not signed in. `fresh_cookie` is set when the browser has none yet."""

    csrf: str
    fresh_cookie: str | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody known: an account, or a client by a private link (then `account` is None and `link` is not)."""

    scope: Scope
    csrf: str
    account: Account | None = None
    link: ClientLink | None = None
    token: str = ""
    fresh_cookie: str | None = None

    @property
    def is_clinical(self) -> bool:
        """Whether clinical pages are open to this visitor."""
        return self.scope.role in ("owner", "practitioner")


class SignInNeeded(Exception):  # noqa: N818 - the name is the answer
    """Sent to the sign-in page, and back afterwards. `typed`: the fields of a form that was being sent."""

    def __init__(self, typed: list[tuple[str, str]] | None = None) -> None:
        super().__init__()
        self.typed = typed or []


class PasswordToChange(Exception):  # noqa: N818 - the name is the answer
    """The account has a password that somebody else chose: it is good for changing it, and for nothing else."""


class LinkInUse(Exception):  # noqa: N818
    """Another browser has begun with this private link."""


def records_of(request: Request) -> Records:
    """The store of this app."""
    records: Records = request.app.state.records
    return records


def address_of(request: Request) -> str:
    """The address a request comes from, as far as it can be believed."""
    return request.client.host if request.client else "unknown"


def anyone(request: Request) -> Visitor | Guest:
    """Whoever asks."""
    token = cookies.read(request, cookies.SESSION)
    session = records_of(request).session(token) if token else None
    if session is not None and token is not None:
        return Visitor(scope=session.scope, csrf=session.csrf, account=session.account, token=token)
    held = cookies.read(request, cookies.FORM)
    cookie = held or csrf.new_cookie()
    return Guest(csrf.token_for_cookie(cookie), None if held else cookie)


Anyone = Annotated[Visitor | Guest, Depends(anyone)]


async def guard(request: Request, visitor: Anyone) -> None:
    """Stands before every handler of the app: an unsafe request must come from one of our own pages.

    A program without cookies has no rights that could be borrowed, so the API asks it for no token.

    Raises:
        Forged: it does not.
        SignInNeeded: nobody is signed in, where somebody must be.
    """
    if request.method in csrf.SAFE_METHODS:
        return
    csrf.check_origin(request)
    is_guest = isinstance(visitor, Guest)
    path = request.url.path
    if is_guest and path.startswith("/api/"):
        return
    if is_guest and not path.startswith(OPEN_PAGES):
        raise SignInNeeded(await _typed(request))
    # Pages under a private link belong to the browser that opened it, whoever else is signed in there.
    expected = _link_token(request) if path.startswith("/c/") else visitor.csrf
    await csrf.check_token(request, expected)


async def _typed(request: Request) -> list[tuple[str, str]]:
    """The fields of the form that is being sent, without files."""
    if not request.headers.get("content-type", "").startswith(FORMS):
        return []
    return [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]


def _link_token(request: Request) -> str:
    cookie = cookies.read(request, cookies.FORM)
    if cookie is None:
        raise csrf.Forged
    return csrf.token_for_cookie(cookie)


# These three only look at what `anyone` found; being coroutines they need no thread of their own.
async def signed(request: Request, visitor: Anyone) -> Visitor:
    """Any account."""
    if isinstance(visitor, Guest):
        raise SignInNeeded
    is_first = visitor.account is not None and visitor.account.must_change
    if is_first and request.url.path not in OPEN_WITH_A_FIRST_PASSWORD:
        raise PasswordToChange
    return visitor


async def practitioner(visitor: Annotated[Visitor, Depends(signed)]) -> Visitor:
    """An owner or a practitioner."""
    if not visitor.is_clinical:
        raise HTTPException(403)
    return visitor


async def owner(visitor: Annotated[Visitor, Depends(signed)]) -> Visitor:
    """An owner."""
    if visitor.scope.role != "owner":
        raise HTTPException(403)
    return visitor


def client(request: Request) -> Visitor:
    """The bearer of a private link; a link that is unknown, withdrawn or over is a page that does not exist."""
    request.app.state.limits.client.take(address_of(request))
    link = records_of(request).client_link(str(request.path_params["token"]))
    if link is None:
        raise HTTPException(404)
    if link.claimed is not None and not hmac.compare_digest(link.claimed, claim_of(request, link) or ""):
        raise LinkInUse
    held = cookies.read(request, cookies.FORM)
    cookie = held or csrf.new_cookie()
    return Visitor(
        scope=link.scope, csrf=csrf.token_for_cookie(cookie), link=link, fresh_cookie=None if held else cookie
    )


def claim_of(request: Request, link: ClientLink, secret: str | None = None) -> str | None:
    """What ties a link to this browser: a hash of the link and of what the browser alone holds."""
    held = secret or cookies.read(request, cookies.LINK)
    return None if held is None else hashlib.sha256(f"psoas link {link.id} {held}".encode()).hexdigest()


Signed = Annotated[Visitor, Depends(signed)]
Practitioner = Annotated[Visitor, Depends(practitioner)]
Owner = Annotated[Visitor, Depends(owner)]
Client = Annotated[Visitor, Depends(client)]


def safe_next(given: Any) -> str:
    """Where to go after signing in: a path of this app, or the start page. Nothing leads elsewhere."""
    if not isinstance(given, str) or not given.startswith("/") or given.startswith(("//", "/\\")):
        return "/"
    if any(ord(sign) < 33 or sign == "\\" for sign in given):
        return "/"
    return given


def sign_in_url(request: Request, typed: list[tuple[str, str]] | None = None) -> str:
    """The sign-in page that leads back here; a form that was being sent leads to what was typed, or to its page."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method in csrf.SAFE_METHODS:
        return "/sign-in" if path == "/" else f"/sign-in?next={quote(path, safe='/')}"
    if path in ("/sign-out", "/"):
        return "/sign-in"
    page = _page_of(request)
    owner = _whose(request, typed) if typed else None
    token = request.app.state.unsent.keep(owner, path, page, typed) if owner and typed else None
    after = f"/unsent/{token}" if token else page
    return f"/sign-in?next={quote(after, safe='/')}&said={'kept-for-you' if token else 'not-kept'}"


def _whose(request: Request, typed: list[tuple[str, str]]) -> str | None:
    """The account whose session had ended as this was typed: by its cookie, or by the token in the form."""
    token = cookies.read(request, cookies.SESSION)
    ended = records_of(request).ended_session(token) if token else None
    csrf_token = request.headers.get(csrf.HEADER) or dict(typed).get(csrf.FIELD, "")
    return ended or request.app.state.unsent.left_by(csrf_token)


def _page_of(request: Request) -> str:
    """The page that a form stood on: a path of this app."""
    told = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer") or "")
    path = f"{told.path}?{told.query}" if told.query else told.path
    return safe_next(path) if told.path else "/"
