"""The audit trail: one chain for each practice, each entry holding the hash of the one before.

The head (how long the chain is, and its last hash) is kept apart and signed with the store's key. So whoever changes,
drops, adds or reorders entries without the key is found out, also at the end of the chain. Not found out is whoever
holds the key, and an older copy of the whole store put in its place: note the head (`psoas records verify` prints it)
and compare.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from psoas.records.access.tokens import hash_of_token
from psoas.records.database.confirmed import Head
from psoas.records.database.engine import HEADS
from psoas.records.database.tables import audit, audit_head, practice
from psoas.records.ids import canonical, now
from psoas.records.keys import StoreKey
from psoas.records.model import AuditEntry, Scope
from psoas.records.seals.row_seal import row_content

START = "0" * 64
HASHED = ("practice_id", "seq", "at", "by", "role", "action", "subject", "subject_id", "digest", "previous")


class Chain:
    """Writes the audit trail within a transaction that already holds the write lock."""

    def __init__(self, key: StoreKey | None) -> None:
        self._seal_key = key.use("audit head") if key else None
        self._row_key = key.use("row") if key else b"psoas row"
        self._token_key = key.use("token") if key else b"psoas token"

    @property
    def is_sealed(self) -> bool:
        """Whether the store has a key that signs: without one, whoever has the database can write what they like."""
        return self._seal_key is not None

    def digest(self, table: Table, row: Mapping[str, Any] | Row[Any]) -> str:
        """The digest of a row that hangs on no person, keyed with the store's key."""
        return hmac.new(self._row_key, row_content(table, row).encode(), hashlib.sha256).hexdigest()

    def token_hash(self, token: str) -> str:
        """What is kept of a token. Keyed, so that whoever can write the database cannot let themselves in."""
        return self.rehashed(hash_of_token(token))

    def rehashed(self, plain: str) -> str:
        """The keyed hash, from the plain one that a store of an earlier revision kept."""
        return hmac.new(self._token_key, plain.encode(), hashlib.sha256).hexdigest()

    def new_mark(self, login: str) -> str:
        """A mark for a browser that has signed in with this login; nothing of it is kept."""
        nonce = secrets.token_hex(16)
        return f"{nonce}.{self._mark(nonce, login)}"

    def is_mark_of(self, mark: str, login: str) -> bool:
        """Whether this store gave the mark for this login."""
        nonce, _, rest = mark.partition(".")
        return self.is_sealed and hmac.compare_digest(rest.encode(), self._mark(nonce, login).encode())

    def _mark(self, nonce: str, login: str) -> str:
        told = canonical(["browser", nonce, login]).encode()
        return hmac.new(self._token_key, told, hashlib.sha256).hexdigest()

    def seal_of_practices(self, connection: Connection) -> str:
        """Covers which practices there are, so that none can be taken out whole."""
        rows = connection.execute(select(practice).order_by(practice.c.id)).all()
        told = canonical([row_content(practice, row) for row in rows])
        return f"{len(rows)}:{hmac.new(self._row_key, told.encode(), hashlib.sha256).hexdigest()}"

    def seal(self, practice_id: str, seq: int, last: str) -> str:
        """The signature of a head; empty in a store without a key."""
        if self._seal_key is None:
            return ""
        return hmac.new(self._seal_key, canonical([practice_id, seq, last]).encode(), hashlib.sha256).hexdigest()

    def begin(self, connection: Connection, practice_id: str) -> None:
        """The empty chain of a new practice."""
        connection.execute(
            insert(audit_head).values(practice_id=practice_id, seq=0, hash=START, seal=self.seal(practice_id, 0, START))
        )

    def lock(self, connection: Connection, practice_id: str) -> None:
        """One writer at a time in a practice: the row of the head is the lock. SQLite has its own."""
        connection.execute(
            select(audit_head.c.seq).where(audit_head.c.practice_id == practice_id).with_for_update()
        ).one_or_none()

    def append(
        self, connection: Connection, scope: Scope, action: str, subject: str, subject_id: str, digest: str = ""
    ) -> None:
        """One more entry; the caller holds the lock."""
        self.append_all(connection, scope, [(action, subject, subject_id, digest)])

    def append_all(self, connection: Connection, scope: Scope, told: Sequence[tuple[str, str, str, str]]) -> None:
        """Several entries (action, subject, its id, digest), each after the one before; the caller holds the lock."""
        if not told:
            return
        practice_id = scope.practice_id
        head = connection.execute(
            select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.practice_id == practice_id).with_for_update()
        ).one()
        seq, last, entries = head.seq, head.hash, []
        for action, subject, subject_id, digest in told:
            seq += 1
            entry = {
                "practice_id": practice_id,
                "seq": seq,
                "at": now().isoformat(timespec="microseconds"),
                "by": scope.account_id,
                "role": scope.role,
                "action": action,
                "subject": subject,
                "subject_id": subject_id,
                "digest": digest,
                "previous": last,
            }
            last = hash_of(entry)
            entries.append({**entry, "hash": last})
        connection.execute(insert(audit), entries)
        connection.execute(
            update(audit_head)
            .where(audit_head.c.practice_id == practice_id)
            .values(seq=seq, hash=last, seal=self.seal(practice_id, seq, last))
        )
        connection.info.setdefault(HEADS, {})[practice_id] = Head(seq, last)


def hash_of(entry: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of everything in the entry but the hash itself."""
    return hashlib.sha256(canonical({name: entry[name] for name in HASHED}).encode()).hexdigest()


def digest_of(salt: str, content: str | bytes) -> str:
    """Keyed digest of content with the person's salt: once that is erased, nothing can be learnt from it."""
    data = content.encode() if isinstance(content, str) else content
    return hmac.new(bytes.fromhex(salt), data, hashlib.sha256).hexdigest()


def entry_of(row: Row[Any]) -> AuditEntry:
    """A row of the table as a value."""
    return AuditEntry(**{name: value for name, value in row._mapping.items() if name != "practice_id"})
