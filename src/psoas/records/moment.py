"""What time it is for what ends by itself: never earlier than the newest entry of the audit trail.

A clock that steps back would otherwise revive links that were over. One that stepped forward and back again
ends them early, which is the safe side.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from psoas.records.database.tables import audit, audit_head
from psoas.records.ids import now


def moment_of(connection: Connection) -> datetime:
    """This moment, or the newest that the store has seen."""
    newest = select(func.max(audit.c.at)).join(
        audit_head, and_(audit_head.c.practice_id == audit.c.practice_id, audit_head.c.seq == audit.c.seq)
    )
    seen = connection.execute(newest).scalar_one()
    return now() if seen is None else max(now(), datetime.fromisoformat(seen))
