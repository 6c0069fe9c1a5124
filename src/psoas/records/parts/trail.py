"""The audit trail as its practice reads it."""

from __future__ import annotations

from sqlalchemy import select

from psoas.records.database.tables import audit
from psoas.records.errors import Invalid
from psoas.records.model import AuditEntry
from psoas.records.parts.part import Part
from psoas.records.seals.chain import entry_of


class Trail(Part):
    """Who did what and when; written by every other part, never by hand."""

    def entries(self, *, limit: int = 100, before: int | None = None) -> tuple[AuditEntry, ...]:
        """The newest entries first.

        Args:
            limit: at most so many.
            before: only those with a smaller `seq`, to read on.
        """
        self._allow("The audit trail", "owner")
        if not 1 <= limit <= 1000:
            raise Invalid("limit", f"limit is {limit}; expected 1 to 1000.")
        found = select(audit).where(audit.c.practice_id == self._scope.practice_id)
        if before is not None:
            found = found.where(audit.c.seq < before)
        return tuple(entry_of(row) for row in self._all(found.order_by(audit.c.seq.desc()).limit(limit)))
