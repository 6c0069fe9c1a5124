"""Whether a store holds everything that was confirmed, looked at before anything is written to it.

The log is copied aside first: closing a damaged store would fold what is left of it into the file and remove it, and
somebody may still want to read the rest.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import func, inspect, select

from psoas.records.database.confirmed import Confirmed, Head
from psoas.records.database.engine import Database
from psoas.records.database.tables import audit, audit_head
from psoas.records.errors import Damaged
from psoas.records.ids import now

LOG, ASIDE = "-wal", "-wal-aside"


def copy_log(path: Path) -> Path | None:
    """A copy of the log beside it; None where there is none."""
    log = Path(f"{path}{LOG}")
    try:
        if not log.stat().st_size:
            return None
        copy = Path(f"{path}{ASIDE}-{now():%Y%m%dT%H%M%S%f}")
        shutil.copyfile(log, copy)
        copy.chmod(0o600)
    except OSError:
        return None
    return copy


def check(database: Database, confirmed: Confirmed, noted: dict[str, Head], log: Path | None) -> None:
    """Hold the store against what was noted before it was opened.

    Raises:
        Damaged: confirmed changes are not there; the sentence says how many and what to do.
    """
    lost = [missing for practice_id, head in noted.items() if (missing := _missing(database, practice_id, head))]
    if lost:
        kept = f" The log as it was found is kept as {log.name}." if log is not None else ""
        raise Damaged(
            f"{database.where} lacks {sum(lost)} confirmed change{'s' if sum(lost) > 1 else ''}: its write-ahead log "
            f"({database.where}{LOG}) was damaged or removed, or an older copy was put in its place.{kept} Put a "
            "backup back with `psoas records restore`, or go on without them with `psoas records accept-loss`, which "
            "the audit trail will say."
        )
    if log is not None:
        log.unlink(missing_ok=True)
    if confirmed.is_damaged:
        confirmed.forget()
    for practice_id, head in heads_of(database).items():
        confirmed.note(practice_id, head)


def heads_of(database: Database) -> dict[str, Head]:
    """The end of each practice's audit trail as the store has it."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("audit_head"):
            return {}
        rows = connection.execute(select(audit_head.c.practice_id, audit_head.c.seq, audit_head.c.hash)).all()
        return {row.practice_id: Head(row.seq, row.hash) for row in rows}


def missing_from(database: Database, noted: dict[str, Head]) -> list[str]:
    """A sentence for every practice that lacks what was confirmed."""
    return [
        f"{missing} confirmed changes of practice {practice_id} are missing."
        for practice_id, head in noted.items()
        if (missing := _missing(database, practice_id, head))
    ]


def _missing(database: Database, practice_id: str, head: Head) -> int:
    """How many entries of the audit trail are missing, at least; 0 where the one noted is there as it was."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("audit"):
            return head.seq
        mine = audit.c.practice_id == practice_id
        found = connection.execute(select(audit.c.hash).where(mine, audit.c.seq == head.seq)).scalar_one_or_none()
        if found == head.hash or not head.seq:
            return 0
        last = connection.execute(select(func.max(audit.c.seq)).where(mine)).scalar_one() or 0
        return max(1, head.seq - int(last))
