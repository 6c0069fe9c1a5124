"""Whether the records are whole: the chain, its head, and the content that the chain has digests of."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from psoas.records.chain import START, Chain, digest_of, hash_of
from psoas.records.database.tables import account, audit, audit_head, person, practice, store_info
from psoas.records.row_seal import row_content
from psoas.records.stamp import OF_A_PERSON, PRACTICES, stamped_too_often

AT_ONCE = 50
"""Rows read at once: a file can have twenty megabytes."""
UNSEALED = (
    "the store has no key, so nothing in it is signed: whoever can write the database can change what they like and "
    "make it look whole. Give it a passphrase (PSOAS_PASSPHRASE)."
)


def problems(connection: Connection, chain: Chain) -> list[str]:
    """A sentence for everything that is not as it was written; empty when the records are whole."""
    found: list[str] = [] if chain.is_sealed else [UNSEALED]
    found += _practice_problems(connection, chain)
    for one in connection.execute(select(practice.c.id, practice.c.name).order_by(practice.c.id)).all():
        latest: dict[tuple[str, str], str] = {}
        found += [f"{one.name}: {text}" for text in _chain_problems(connection, chain, one.id, latest)]
        found += [f"{one.name}: {text}" for text in _content_problems(connection, chain, one.id, latest)]
    return found


def _practice_problems(connection: Connection, chain: Chain) -> Iterator[str]:
    """Whether every practice is there that was made, and under its name."""
    kept = connection.execute(select(store_info.c.value).where(store_info.c.name == PRACTICES)).scalar_one_or_none()
    there = chain.seal_of_practices(connection)
    if kept == there or (kept is None and there.startswith("0:")):
        return
    made, found = (kept or "no").partition(":")[0], there.partition(":")[0]
    yield f"the practices are not as they were sealed: {made} were made, {found} are there, or one has another name."


def broken_pages(connection: Connection) -> list[str]:
    """What SQLCipher says of pages whose signature does not fit their content; the first few.

    It reads past the locks, so a page that somebody was just writing is looked at a second time.
    """
    first = _broken_pages(connection)
    return [text for text in first if text in _broken_pages(connection)][:5] if first else []


def _broken_pages(connection: Connection) -> list[str]:
    return [str(row[0]).lower() for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check")]


def heads(connection: Connection) -> dict[str, str]:
    """The head of each practice's chain, as `seq:hash`, to be noted outside the store."""
    rows = connection.execute(select(audit_head.c.practice_id, audit_head.c.seq, audit_head.c.hash)).all()
    return {row.practice_id: f"{row.seq}:{row.hash}" for row in rows}


def missing_heads(connection: Connection, noted: dict[str, str]) -> list[str]:
    """A sentence for every noted head that the audit trail does not hold."""
    found = []
    for practice_id, head in noted.items():
        seq, _, last = head.partition(":")
        entry = select(audit.c.hash).where(audit.c.practice_id == practice_id, audit.c.seq == int(seq))
        if connection.execute(entry).scalar_one_or_none() != last and (seq, last) != ("0", START):
            found.append(f"Entry {seq} of practice {practice_id}, as it was noted, is not in the audit trail.")
    return found


def _chain_problems(
    connection: Connection, chain: Chain, practice_id: str, latest: dict[tuple[str, str], str]
) -> Iterator[str]:
    seq, previous = 0, START
    entries = select(audit).where(audit.c.practice_id == practice_id).order_by(audit.c.seq)
    for row in connection.execute(entries.execution_options(yield_per=AT_ONCE)):
        if row.seq != seq + 1:
            yield f"entries {seq + 1} to {row.seq - 1} of the audit trail are missing."
        if row.previous != previous:
            yield f"entry {row.seq} does not follow the one before it; one was changed, dropped, added or moved."
        if hash_of(dict(row._mapping)) != row.hash:
            yield f"entry {row.seq} was changed."
        if row.digest:
            latest[row.subject, row.subject_id] = row.digest
        if row.action.endswith(".erase"):
            latest.pop((row.subject, row.subject_id), None)
        seq, previous = row.seq, row.hash
    if stamped_too_often(connection, practice_id):
        yield "its rows were sealed more than once as they stood; Psoas does so once, when it brings a store forward."
    head = connection.execute(select(audit_head).where(audit_head.c.practice_id == practice_id)).one_or_none()
    if head is None:
        yield "the head of the audit trail is missing."
    elif (head.seq, head.hash) != (seq, previous):
        yield f"the audit trail ends at entry {seq}, but its head says {head.seq}; its end was cut off or added to."
    elif head.seal != chain.seal(practice_id, head.seq, head.hash):
        yield "the head of the audit trail is not signed with this store's key; it was written by something else."


def _content_problems(
    connection: Connection, chain: Chain, practice_id: str, latest: dict[tuple[str, str], str]
) -> Iterator[str]:
    """Content that is not what was digested when it was written, or is gone although nobody erased its person."""
    rows = connection.execute(select(person).where(person.c.practice_id == practice_id)).all()
    salts = {row.id: row.salt for row in rows if row.erased_at is None}
    for row in rows:
        if row.erased_at is None and not _holds(latest, "person", row.id, row.salt, row_content(person, row)):
            yield f"person {row.id} is not as it was last written."
    for row in connection.execute(select(account).where(account.c.practice_id == practice_id)).all():
        digest = chain.digest(account, row)
        if latest.pop(("account", row.id), None) != digest or row.seal != digest:
            yield f"account {row.id} is not as it was last written: somebody gave it other rights or another password."
    for table in OF_A_PERSON:
        kept = select(table).where(table.c.practice_id == practice_id)
        for row in connection.execute(kept.execution_options(yield_per=AT_ONCE)):
            salt = salts.get(row.person_id)
            if salt is None:
                yield f"{table.name} {row.id} belongs to a person who was erased or is missing."
            elif not _holds(latest, table.name, row.id, salt, row_content(table, row)):
                yield f"{table.name} {row.id} is not as it was last written."
    for subject, id_ in latest:
        yield f"{subject} {id_} is missing, and nobody erased it."


def _holds(latest: dict[tuple[str, str], str], subject: str, id_: str, salt: str, content: str | bytes) -> bool:
    """Takes the digest out, so that what is left has no content any more."""
    return latest.pop((subject, id_), None) == digest_of(salt, content)
