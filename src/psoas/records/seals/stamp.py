"""Sealing the rows of a store that an earlier Psoas wrote, once, as soon as its key is there; and its practices.

The revision that brings the seals leaves a note that this has to follow. Each practice then gets one entry `store.seal`
with the reason: from there on everything is covered. A second with the same reason would be somebody who let altered
rows be sealed, and `verify` says so.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from psoas.records.database.engine import Database
from psoas.records.database.schema import TO_STAMP
from psoas.records.database.tables import (
    account,
    audit,
    check_in,
    client_link,
    consent,
    entry,
    file,
    note,
    person,
    plan,
    practice,
    response,
    result,
    store_info,
    trial,
    trial_entry,
    visit,
)
from psoas.records.model import Scope
from psoas.records.parts.accounts import seal_account
from psoas.records.seals.chain import Chain, digest_of
from psoas.records.seals.row_seal import row_content

PRACTICES = "practices"
SEALED = "store.seal"
OF_A_PERSON = (
    visit, result, plan, check_in, response, note, consent, file, client_link, trial, trial_entry, entry,
)  # fmt: skip
AT_ONCE = 50


def stamp(database: Database) -> None:
    """Seals what is there if a revision asks for it; all of it or nothing."""
    waiting = select(store_info.c.value).where(store_info.c.name == TO_STAMP)
    with database.engine.connect() as connection:
        if connection.execute(waiting).one_or_none() is None:
            return
    chain = Chain(database.key)
    with (
        database.turn_to_write(),
        database.engine.connect() as connection,
        connection.execution_options(psoas_write=True).begin(),
    ):
        if not database.is_sqlite:
            connection.exec_driver_sql("LOCK TABLE practice IN EXCLUSIVE MODE")
        reason = connection.execute(waiting).scalar_one_or_none()
        if reason is None:
            return
        for id_ in connection.execute(select(practice.c.id)).scalars().all():
            _stamp_practice(connection, chain, id_, reason)
        seal_practices(connection, chain)
        connection.execute(delete(store_info).where(store_info.c.name == TO_STAMP))


def seal_practices(connection: Connection, chain: Chain) -> None:
    """Notes which practices there are, sealed; within a write transaction."""
    connection.execute(delete(store_info).where(store_info.c.name == PRACTICES))
    connection.execute(insert(store_info).values(name=PRACTICES, value=chain.seal_of_practices(connection)))


def stamped_too_often(connection: Connection, practice_id: str) -> bool:
    """Whether the rows of a practice were sealed as they stood more often than Psoas does, for either reason."""
    entries = select(audit.c.action).where(audit.c.practice_id == practice_id, audit.c.action.startswith(SEALED))
    actions = connection.execute(entries).scalars().all()
    return len(actions) != len(set(actions))


def _stamp_practice(connection: Connection, chain: Chain, practice_id: str, reason: str) -> None:
    scope = Scope(practice_id, None, "owner", name="Psoas")
    chain.lock(connection, practice_id)
    chain.append(connection, scope, f"{SEALED}: {reason}", "practice", practice_id)
    for id_ in connection.execute(select(account.c.id).where(account.c.practice_id == practice_id)).scalars().all():
        chain.append(connection, scope, "account.seal", "account", id_, seal_account(connection, chain, id_))
    people = connection.execute(select(person).where(person.c.practice_id == practice_id)).all()
    salts = {row.id: row.salt for row in people if row.erased_at is None}
    for row in people:
        if row.id in salts:
            digest = digest_of(row.salt, row_content(person, row))
            chain.append(connection, scope, "person.seal", "person", row.id, digest)
    for table in OF_A_PERSON:
        for id_ in connection.execute(select(table.c.id).where(table.c.practice_id == practice_id)).scalars().all():
            if table is client_link:
                plain = connection.execute(select(table.c.token_hash).where(table.c.id == id_)).scalar_one()
                connection.execute(update(table).where(table.c.id == id_).values(token_hash=chain.rehashed(plain)))
            row = connection.execute(select(table).where(table.c.id == id_)).one()
            if row.person_id in salts:
                digest = digest_of(salts[row.person_id], row_content(table, row))
                chain.append(connection, scope, f"{table.name}.seal", table.name, id_, digest)
