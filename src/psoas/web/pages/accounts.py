"""Who may sign in: the owner adds practitioners and front desk; everybody changes their own password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from psoas.records import Conflict, Invalid, Refused
from psoas.web.access import Owner, Signed, Visitor, records_of
from psoas.web.pages.start import signed_in
from psoas.web.render import page, see_other

router = APIRouter()

ROLES = {
    "practitioner": "Practitioner: people, visits, results, plans",
    "front_desk": "Front desk: people and links, nothing clinical",
    "owner": "Owner: everything, and the accounts",
}

Text = Annotated[str, Form(max_length=200)]
Password = Annotated[str, Form(max_length=1000)]


@router.get("/accounts")
def show_all(request: Request, visitor: Owner) -> Response:
    """Every account of the practice, and a form for a new one."""
    return _accounts(request, visitor, {}, "")


@router.post("/accounts")
def add(
    request: Request, visitor: Owner, name: Text = "", login: Text = "", password: Password = "", role: Text = ""
) -> Response:
    """Add an account; its holder changes the password at the first sign-in."""
    values = {"name": name.strip(), "login": login.strip(), "role": role}
    if role not in ROLES:
        return _accounts(request, visitor, values, f"{role or 'Nothing'} is no role; choose one of the three.")
    try:
        with records_of(request).work(visitor.scope) as work:
            work.accounts.add(values["name"], values["login"], password, role, must_change=True)
    except (Conflict, Invalid) as err:
        return _accounts(request, visitor, values, str(err))
    return see_other("/accounts?said=added")


@router.post("/accounts/{account_id}/disable")
def disable(request: Request, visitor: Owner, account_id: str) -> Response:
    """Let an account sign in no more, and end its sessions."""
    try:
        with records_of(request).work(visitor.scope) as work:
            work.accounts.disable(account_id)
    except Conflict as err:
        return _accounts(request, visitor, {}, str(err))
    return see_other("/accounts?said=disabled")


@router.get("/accounts/{account_id}/password")
def show_new_password(request: Request, visitor: Owner, account_id: str) -> Response:
    """A form for somebody who has forgotten the password."""
    return _new_password(request, visitor, account_id, "")


@router.post("/accounts/{account_id}/password")
def set_password(request: Request, visitor: Owner, account_id: str, password: Password = "") -> Response:
    """Give an account another password, and end its sessions."""
    try:
        with records_of(request).work(visitor.scope) as work:
            work.accounts.set_password(account_id, password)
    except Invalid as err:
        return _new_password(request, visitor, account_id, str(err))
    return see_other("/accounts?said=password")


@router.get("/account")
def show_own(request: Request, visitor: Signed) -> Response:
    """The visitor's own account."""
    return page(request, "accounts/own.html", visitor, problem="")


@router.post("/account")
def change_password(
    request: Request, visitor: Signed, old: Password = "", new: Password = "", again: Password = ""
) -> Response:
    """Change the visitor's own password."""
    request.app.state.limits.sign_in.take(f"account {visitor.scope.account_id}")
    problem = "" if new == again else "The two new passwords differ; type the same one twice."
    if not problem and visitor.scope.account_id is not None:
        try:
            with records_of(request).work(visitor.scope) as work:
                work.accounts.change_password(visitor.scope.account_id, old, new)
        except (Invalid, Refused) as err:
            problem = str(err)
    if problem:
        return page(request, "accounts/own.html", visitor, status=422, problem=problem)
    # Changing it ended every session of the account, this one too; a thief's stays ended, the visitor goes on.
    login = visitor.account.login if visitor.account is not None else ""
    return signed_in(request, login, new, "/account?said=password") or see_other("/sign-in?said=password")


def _new_password(request: Request, visitor: Visitor, account_id: str, problem: str) -> Response:
    with records_of(request).work(visitor.scope) as work:
        account = work.accounts.get(account_id)
    status = 422 if problem else 200
    return page(request, "accounts/password.html", visitor, status=status, account=account, problem=problem)


def _accounts(request: Request, visitor: Visitor, values: dict[str, str], problem: str) -> Response:
    with records_of(request).work(visitor.scope) as work:
        accounts = work.accounts.list()
    return page(
        request, "accounts/list.html", visitor, status=422 if problem else 200, accounts=accounts, values=values,
        problem=problem, roles=ROLES,
    )  # fmt: skip
