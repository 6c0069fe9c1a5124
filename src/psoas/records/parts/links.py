"""Private links for clients: random, kept as a hash, ending by themselves, and revocable."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from psoas.records.database.tables import client_link, person, plan, visit
from psoas.records.errors import Invalid, NotFound
from psoas.records.ids import new_id, now
from psoas.records.model import PURPOSES, ClientLink
from psoas.records.parts.part import STAFF, Part
from psoas.records.tokens import hash_of_token, new_token

MOST_DAYS = 180
"""Our choice: a course of care with its check-ins is over by then."""


class Links(Part):
    """Links of the practice's people."""

    def make(
        self,
        person_id: str,
        purpose: str,
        *,
        visit_id: str | None = None,
        plan_id: str | None = None,
        days: int = 14,
    ) -> tuple[ClientLink, str]:
        """A new link, and its token, which is not kept and not shown again."""
        self._allow("To make a link", *STAFF)
        if purpose not in PURPOSES:
            raise Invalid("purpose", f"purpose is {purpose!r}; expected one of {', '.join(PURPOSES)}.")
        if not 1 <= days <= MOST_DAYS:
            raise Invalid("days", f"days is {days}; expected 1 to {MOST_DAYS}.")
        self._work.begin_write()
        self._person_row(person_id)
        for table, id_, what in ((visit, visit_id, "visit"), (plan, plan_id, "plan")):
            if id_ is not None and self._row(table, id_, what).person_id != person_id:
                raise NotFound(f"There is no such {what} of this person.")
        id_, token, moment = new_id(), new_token(), now()
        self._work.connection.execute(
            insert(client_link).values(
                id=id_,
                practice_id=self._scope.practice_id,
                person_id=person_id,
                token_hash=hash_of_token(token),
                purpose=purpose,
                visit_id=visit_id,
                plan_id=plan_id,
                by=self._scope.account_id,
                made_at=moment,
                expires_at=moment + timedelta(days=days),
                revoked_at=None,
            )
        )
        self._work.note(f"client_link.make: {purpose}", "client_link", id_)
        return _link(self._row(client_link, id_, "link")), token

    def revoke(self, id_: str) -> None:
        """Ends a link now."""
        self._allow("To revoke a link", *STAFF)
        self._work.begin_write()
        self._row(client_link, id_, "link")
        self._work.connection.execute(
            update(client_link).where(*self._own(client_link), client_link.c.id == id_).values(revoked_at=now())
        )
        self._work.note("client_link.revoke", "client_link", id_)

    def of(self, person_id: str) -> tuple[ClientLink, ...]:
        """Every link of a person, the newest first."""
        self._allow("A link", *STAFF)
        self._person_row(person_id)
        found = select(client_link).where(*self._own(client_link), client_link.c.person_id == person_id)
        return tuple(_link(row) for row in self._all(found.order_by(client_link.c.made_at.desc())))


def link_of(connection: Connection, token: str) -> ClientLink | None:
    """The link with this token, if it still holds."""
    found = (
        select(client_link)
        .join(person, person.c.id == client_link.c.person_id)
        .where(
            client_link.c.token_hash == hash_of_token(token),
            client_link.c.revoked_at.is_(None),
            client_link.c.expires_at > now(),
            person.c.erased_at.is_(None),
        )
    )
    row = connection.execute(found).one_or_none()
    return _link(row) if row is not None else None


def _link(row: Row[Any]) -> ClientLink:
    return ClientLink(
        row.id,
        row.practice_id,
        row.person_id,
        row.purpose,
        row.visit_id,
        row.plan_id,
        row.by,
        row.made_at,
        row.expires_at,
        row.revoked_at,
    )
