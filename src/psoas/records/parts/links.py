"""Private links for clients: random, kept as a hash, ending by themselves, and revocable."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from psoas.records.access.tokens import new_token
from psoas.records.database.tables import account, client_link, person, plan, visit
from psoas.records.errors import Invalid, NotFound, Refused
from psoas.records.ids import new_id, now
from psoas.records.model import PURPOSES, ClientLink, Scope
from psoas.records.moment import moment_of
from psoas.records.parts.part import CLINICAL, STAFF, Part
from psoas.records.seals.chain import Chain, digest_of
from psoas.records.seals.row_seal import row_content

MOST_DAYS = {"intake": 42, "check_in": 180, "trial": 180, "plan": 180}
"""Our choice: an intake is filled in before one visit; a course of care with its check-ins is over by then."""
SHOWS_WHAT_WAS_TOLD = ("check_in", "trial", "plan")
CLAIM = re.compile(r"[0-9a-f]{64}")


class Links(Part):
    """Links of the practice's people.

    A link gives no more than its maker has: what was told before is shown by a check-in link and by an intake link for
    a visit that is under way, so the front desk makes neither. Its own intake link begins a visit that nobody sees by
    it but the browser that began. It ends with the account that made it.
    """

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
        if purpose in SHOWS_WHAT_WAS_TOLD or visit_id is not None:
            self._allow("To make a link that shows what was told", *CLINICAL)
        if not 1 <= days <= MOST_DAYS[purpose]:
            raise Invalid("days", f"days is {days}; expected 1 to {MOST_DAYS[purpose]} for this purpose.")
        self._work.begin_write()
        self._person_row(person_id)
        for table, id_, what in ((visit, visit_id, "visit"), (plan, plan_id, "plan")):
            if id_ is not None and not self._is_of(self._row(table, id_, what), person_id):
                raise NotFound(f"There is no such {what} of this person.")
        id_, token, moment = new_id(), new_token(), now()
        self._work.connection.execute(
            insert(client_link).values(
                id=id_,
                practice_id=self._scope.practice_id,
                person_id=person_id,
                token_hash=self._work.chain.token_hash(token),
                purpose=purpose,
                visit_id=visit_id,
                plan_id=plan_id,
                by=self._scope.account_id,
                made_at=moment,
                expires_at=moment + timedelta(days=days),
                revoked_at=None,
            )
        )
        self._note_row(client_link, id_, f"client_link.make: {purpose}")
        return _link(self._row(client_link, id_, "link")), token

    def revoke(self, id_: str) -> None:
        """Ends a link now."""
        self._allow("To revoke a link", *STAFF)
        self._work.begin_write()
        self._row(client_link, id_, "link")
        self._work.connection.execute(
            update(client_link).where(*self._own(client_link), client_link.c.id == id_).values(revoked_at=now())
        )
        self._note_row(client_link, id_, "client_link.revoke")

    def claim(self, claim: str) -> bool:
        """Give the link of this scope to the browser that begins with it; False where another has begun already.

        Args:
            claim: a hash of what that browser alone holds.
        """
        self._allow("To begin with a link", "client")
        if self._scope.link_id is None:
            raise Refused("This is not the link of anybody; ask the practice for one.")
        if not CLAIM.fullmatch(claim):
            raise Invalid("claim", f"claim has {len(claim)} characters; expected 64 hex digits.")
        self._work.begin_write()
        row = self._row(client_link, self._scope.link_id, "link")
        if row.claimed is None:
            own = (*self._own(client_link), client_link.c.id == row.id)
            self._work.connection.execute(update(client_link).where(*own).values(claimed=claim))
            self._note_row(client_link, row.id, "client_link.claim")
        return row.claimed in (None, claim)

    def of(self, person_id: str) -> tuple[ClientLink, ...]:
        """Every link of a person, the newest first."""
        self._allow("A link", *STAFF)
        self._person_row(person_id)
        found = select(client_link).where(*self._own(client_link), self._theirs(client_link, person_id))
        return tuple(_link(row) for row in self._all(found.order_by(client_link.c.made_at.desc())))


def link_of(connection: Connection, chain: Chain, token: str) -> tuple[ClientLink | None, str | None]:
    """The link with this token if it still holds; and its id where its time is over but nobody has ended it yet.

    It holds no longer than the account that made it, its visit and its person; and whoever made it still has to have
    the right to.
    """
    found = (
        select(client_link, account.c.role, account.c.disabled_at, visit.c.state)
        .join(person, person.c.id == client_link.c.person_id)
        .outerjoin(account, account.c.id == client_link.c.by)
        .outerjoin(visit, visit.c.id == client_link.c.visit_id)
        .where(
            client_link.c.token_hash == chain.token_hash(token),
            client_link.c.revoked_at.is_(None),
            person.c.erased_at.is_(None),
        )
    )
    row = connection.execute(found).one_or_none()
    if row is None or row.disabled_at is not None:
        return None, None
    if row.expires_at <= moment_of(connection):
        return None, row.id
    if row.purpose == "intake" and row.state not in (None, "open"):
        return None, row.id
    if row.purpose in SHOWS_WHAT_WAS_TOLD and row.role not in (None, *CLINICAL):
        return None, None
    return replace(_link(row), sees_earlier=row.role in (None, *CLINICAL)), None


def end_link(connection: Connection, chain: Chain, id_: str) -> None:
    """Ends a link whose time is over, so that no clock that steps back revives it; within a write transaction."""
    row = connection.execute(select(client_link).where(client_link.c.id == id_)).one()
    if row.revoked_at is not None:
        return
    connection.execute(update(client_link).where(client_link.c.id == id_).values(revoked_at=moment_of(connection)))
    ended = connection.execute(select(client_link).where(client_link.c.id == id_)).one()
    salt = connection.execute(select(person.c.salt).where(person.c.id == row.person_id)).scalar_one()
    scope = Scope(row.practice_id, None, "client", row.person_id, "client")
    digest = digest_of(salt, row_content(client_link, ended))
    chain.append(connection, scope, "client_link.over", "client_link", id_, digest)


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
        row.claimed,
    )
