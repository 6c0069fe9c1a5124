"""Accounts of the practice's staff."""

from __future__ import annotations

import hmac
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from psoas.records.access.guards import lift_lock
from psoas.records.access.tokens import Cost, Passwords, check_password, fold_login
from psoas.records.database.tables import account, practice, session
from psoas.records.errors import Conflict, Invalid, NotFound, Refused
from psoas.records.ids import new_id, now
from psoas.records.model import STAFF_ROLES, Account
from psoas.records.parts.part import STAFF, Part
from psoas.records.seals.chain import Chain

COST = Cost()


class Accounts(Part):
    """Who signs in; kept by the owner. Everybody changes the own password."""

    def list(self) -> tuple[Account, ...]:
        """Every account of the practice."""
        self._allow("The list of accounts", "owner")
        found = _accounts().where(account.c.practice_id == self._scope.practice_id).order_by(account.c.created_at)
        return tuple(account_of(row) for row in self._all(found))

    def get(self, id_: str) -> Account:
        """One account."""
        self._allow("An account", *STAFF)
        if self._scope.role != "owner" and id_ != self._scope.account_id:
            raise Refused("Other accounts are open to an owner only.")
        return account_of(self._account_row(id_))

    def add(self, name: str, login: str, password: str, role: str, *, must_change: bool = False) -> Account:
        """A new account.

        Args:
            must_change: the password is somebody else's choice, and the first sign-in has to change it.
        """
        self._allow("To add accounts", "owner")
        if role not in STAFF_ROLES:
            raise Invalid("role", f"role is {role!r}; expected one of {', '.join(STAFF_ROLES)}.")
        practice_name = self._work.connection.execute(
            select(practice.c.name).where(practice.c.id == self._scope.practice_id)
        ).scalar_one()
        values = new_account(practice_name, name, login, password)
        self._work.begin_write()
        id_ = insert_account(self._work.connection, self._scope.practice_id, role, values)
        if must_change:
            self._work.connection.execute(update(account).where(account.c.id == id_).values(must_change_at=now()))
        self._note_account(id_, f"account.add: {role}")
        return account_of(self._account_row(id_))

    def disable(self, id_: str) -> None:
        """Ends an account and its sessions; the last owner stays."""
        self._allow("To disable accounts", "owner")
        self._work.begin_write()
        row = self._account_row(id_)
        owners = (
            select(func.count())
            .select_from(account)
            .where(
                account.c.practice_id == self._scope.practice_id,
                account.c.role == "owner",
                account.c.disabled_at.is_(None),
            )
        )
        if row.role == "owner" and self._work.connection.execute(owners).scalar_one() <= 1:
            raise Conflict("This is the last owner; add another owner first.")
        self._work.connection.execute(
            update(account)
            .where(account.c.practice_id == self._scope.practice_id, account.c.id == id_)
            .values(disabled_at=now())
        )
        self._end_sessions(id_)
        self._note_account(id_, "account.disable")

    def change_password(self, id_: str, old: str, new: str) -> None:
        """A new password for the own account; every session of it ends."""
        self._allow("To change a password", *STAFF)
        if id_ != self._scope.account_id:
            raise Refused("Only the own password can be changed; an owner can set a new one for others.")
        row = self._account_row(id_)
        if not Passwords(COST).matches(row.password_hash, old):
            raise Invalid("old", "The old password is not right; type the one you signed in with.")
        if old == new:
            raise Invalid("new", "The new password is the old one; choose another.")
        self._set_password(row, new, "account.change_password", must_change=False)

    def set_password(self, id_: str, new: str) -> None:
        """A new password for somebody who has forgotten the old one; every session of that account ends."""
        self._allow("To set a password", "owner")
        self._set_password(self._account_row(id_), new, "account.set_password", must_change=True)

    def _set_password(self, row: Row[Any], new: str, action: str, *, must_change: bool) -> None:
        check_password(new, row.login, row.name, row.practice)
        hashed = Passwords(COST).hash(new)
        self._work.begin_write()
        self._work.connection.execute(
            update(account)
            .where(account.c.practice_id == self._scope.practice_id, account.c.id == row.id)
            .values(password_hash=hashed, must_change_at=now() if must_change else None)
        )
        self._end_sessions(row.id)
        lift_lock(self._work.connection, row.login)
        self._note_account(row.id, action)

    def _note_account(self, id_: str, action: str) -> None:
        """Seals the account as it stands now, with an entry in the audit trail."""
        self._work.note(action, "account", id_, seal_account(self._work.connection, self._work.chain, id_))

    def _end_sessions(self, id_: str) -> None:
        self._work.connection.execute(delete(session).where(session.c.account_id == id_))

    def _account_row(self, id_: str) -> Row[Any]:
        found = _accounts().where(account.c.practice_id == self._scope.practice_id, account.c.id == id_)
        row = self._work.connection.execute(found).one_or_none()
        if row is None:
            raise NotFound("There is no such account in this practice.")
        return row


def new_account(practice_name: str, name: str, login: str, password: str) -> dict[str, str]:
    """The checked and hashed values of a new account; slow, so it is done before the write lock is taken."""
    name, login = name.strip(), fold_login(login)
    if not 1 <= len(name) <= 120:
        raise Invalid("name", f"name has {len(name)} characters; expected 1 to 120.")
    if not 2 <= len(login) <= 120 or any(not sign.isprintable() or sign.isspace() for sign in login):
        raise Invalid(
            "login", f"login is {login!r}; expected 2 to 120 signs without spaces, such as an e-mail address."
        )
    check_password(password, login, name, practice_name)
    return {"name": name, "login": login, "password_hash": Passwords(COST).hash(password)}


def insert_account(connection: Connection, practice_id: str, role: str, values: dict[str, str]) -> str:
    """Adds the account; its login must be free in the whole store, since one signs in with it alone."""
    taken = select(account.c.id).where(account.c.login == values["login"])
    if connection.execute(taken).one_or_none() is not None:
        raise Conflict(f"The login {values['login']!r} is taken; choose another.")
    id_ = new_id()
    connection.execute(
        insert(account).values(id=id_, practice_id=practice_id, role=role, created_at=now(), disabled_at=None, **values)
    )
    return id_


def seal_account(connection: Connection, chain: Chain, id_: str) -> str:
    """Seals a row of the table of accounts, and returns the seal; within a write transaction.

    The seal is keyed with the store's key: whoever writes rights or a password into the database gets nothing by it.
    """
    row = connection.execute(select(account).where(account.c.id == id_)).one()
    seal = chain.digest(account, row)
    connection.execute(update(account).where(account.c.id == id_).values(seal=seal))
    return seal


def is_as_sealed(chain: Chain, row: Row[Any]) -> bool:
    """Whether an account is as Psoas wrote it; always, in a store without a key."""
    return not chain.is_sealed or hmac.compare_digest(row.seal or "", chain.digest(account, row))


def find_account(connection: Connection, **equal: str) -> Row[Any] | None:
    """The row of an account by its id or login, with the practice's name."""
    found = _accounts().where(*(account.c[name] == value for name, value in equal.items()))
    return connection.execute(found).one_or_none()


def account_of(row: Row[Any]) -> Account:
    """A row of `find_account` as a value."""
    return Account(
        row.id, row.practice_id, row.practice, row.name, row.login, row.role, row.created_at, row.disabled_at,
        row.must_change_at is not None,
    )  # fmt: skip


def _accounts() -> Select[Any]:
    return select(account, practice.c.name.label("practice")).join(practice, practice.c.id == account.c.practice_id)
