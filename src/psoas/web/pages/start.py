"""First run, sign-in and sign-out."""

from __future__ import annotations

import hmac
import sys
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from psoas.records import Invalid, StoreError
from psoas.web.access import Anyone, Guest, Signed, Visitor, address_of, records_of, safe_next
from psoas.web.render import page, see_other
from psoas.web.security import cookies
from psoas.web.settings import DEMO_LOGIN, DEMO_PASSWORD, Settings

router = APIRouter()

Text = Annotated[str, Form(max_length=200)]
Password = Annotated[str, Form(max_length=1000)]


@router.get("/healthz")
def healthy(request: Request) -> Response:
    """For whatever watches over the app: it answers, and so does its store."""
    try:
        records_of(request).is_new()
    except StoreError as err:
        print(f"psoas: {err}", file=sys.stderr, flush=True)
        return PlainTextResponse("the store does not answer\n", status_code=503)
    return PlainTextResponse("ok\n")


@router.get("/")
def start(request: Request, visitor: Anyone) -> Response:
    """To the people, by way of signing in or setting up where that has to come first."""
    if isinstance(visitor, Visitor):
        return see_other("/people")
    return see_other("/set-up" if records_of(request).is_new() else "/sign-in")


@router.get("/set-up")
def show_set_up(request: Request, visitor: Anyone, code: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The first page of a new store. The browser that `psoas serve` opens brings the code along."""
    if not records_of(request).is_new():
        return see_other("/sign-in")
    return page(
        request, "start/set_up.html", visitor, values={"code": code}, problem="", wants_code=_wants_code(request)
    )


@router.post("/set-up")
def set_up(
    request: Request,
    visitor: Anyone,
    practice: Text = "",
    name: Text = "",
    login: Text = "",
    password: Password = "",
    again: Password = "",
    code: Text = "",
) -> Response:
    """Make the practice and its first owner, and sign that owner in."""
    store = records_of(request)
    if not store.is_new():
        return see_other("/sign-in")
    request.app.state.limits.set_up.take(address_of(request))
    problem = _set_up_problem(request, password, again, code)
    if not problem:
        try:
            store.set_up(practice=practice.strip(), name=name.strip(), login=login.strip(), password=password)
        except Invalid as err:
            problem = str(err)
    if problem:
        values = {"practice": practice, "name": name, "login": login, "code": code}
        return page(
            request, "start/set_up.html", visitor, status=422, values=values, problem=problem,
            wants_code=_wants_code(request),
        )  # fmt: skip
    return signed_in(request, login.strip(), password, "/people") or see_other("/sign-in")


@router.get("/sign-in")
def show_sign_in(request: Request, visitor: Anyone, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Ask who it is."""
    if records_of(request).is_new():
        return see_other("/set-up")
    if isinstance(visitor, Visitor):
        return see_other(safe_next(next))
    return page(request, "start/sign_in.html", visitor, login="", next=safe_next(next), problem="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    visitor: Anyone,
    login: Text = "",
    password: Password = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """Sign in; the same words whether the name or the password was wrong."""
    request.app.state.limits.sign_in.take(address_of(request))
    answer = signed_in(request, login.strip(), password, safe_next(next))
    if answer is not None:
        return answer
    guest = Guest(visitor.csrf) if isinstance(visitor, Visitor) else visitor
    return page(
        request, "start/sign_in.html", guest, status=422, login=login, next=safe_next(next),
        problem="That name and password do not go together. After several wrong tries an account rests for a while.",
    )  # fmt: skip


@router.get("/unsent/{form_token}")
def show_unsent(request: Request, visitor: Signed, form_token: str) -> Response:
    """What was typed when the session had ended, to be saved with one press; 404 where it is not kept, or another's."""
    form = request.app.state.unsent.get(form_token, visitor.scope.account_id)
    return page(request, "start/unsent.html", visitor, status=404 if form is None else 200, form=form)


@router.post("/demo")
def open_demo(request: Request, visitor: Anyone) -> Response:
    """Sign in to the demonstration with one click; a page that does not exist in a practice with real people."""
    settings: Settings = request.app.state.settings
    if not settings.demo:
        raise HTTPException(404)
    return signed_in(request, DEMO_LOGIN, DEMO_PASSWORD, "/people") or see_other("/sign-in")


@router.post("/sign-out")
def sign_out(request: Request, visitor: Signed) -> Response:
    """End the session here and in the store."""
    records_of(request).sign_out(visitor.token)
    request.app.state.unsent.note_left(visitor.csrf, visitor.scope.account_id)
    answer = see_other("/sign-in?said=signed-out")
    cookies.drop(request, answer, cookies.SESSION)
    cookies.drop(request, answer, cookies.FORM)
    return answer


def signed_in(request: Request, login: str, password: str, onward: str) -> Response | None:
    """The answer that carries a new session; an old one of this browser ends, so that none can be foisted on it."""
    store = records_of(request)
    browser = cookies.read(request, cookies.BROWSER) or ""
    session = store.sign_in(login, password, address=address_of(request), browser=browser)
    if session is None:
        return None
    before = cookies.read(request, cookies.SESSION)
    if before:
        store.sign_out(before)
    answer = see_other(onward)
    cookies.put(request, answer, cookies.SESSION, session.token)
    cookies.put(request, answer, cookies.BROWSER, store.browser_mark(login), keep=True)
    cookies.drop(request, answer, cookies.FORM)
    return answer


def _wants_code(request: Request) -> bool:
    settings: Settings = request.app.state.settings
    return settings.set_up_code is not None


def _set_up_problem(request: Request, password: str, again: str, code: str) -> str:
    settings: Settings = request.app.state.settings
    expected = settings.set_up_code
    if expected is not None and not hmac.compare_digest(code.strip().upper().encode(), expected.encode()):
        return "The code is not the one that the terminal shows where Psoas was started."
    if password != again:
        return "The two passwords differ; type the same one twice."
    return ""
