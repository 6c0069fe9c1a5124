"""The audit trail: what is written cannot be changed, and whoever gets round that is found out."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from psoas.records import Records, Refused, StoreError, open_records
from psoas.records.database.tables import PERSONAL, UNCHANGING
from psoas.records.seals.chain import hash_of

from .conftest import KEY, Practice, fill

ERASABLE = [name for name in UNCHANGING if name in PERSONAL]


@contextmanager
def behind_the_back(records: Records) -> Iterator[Connection]:
    """A connection of somebody who has the database but not the program: the triggers are out of the way."""
    with records._writing() as connection:
        if connection.dialect.name == "sqlite":
            for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection


def run(records: Records, statement: str) -> None:
    with behind_the_back(records) as connection:
        for one in statement.split("; "):
            connection.execute(text(one))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET action = 'nothing' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        *(f"UPDATE {name} SET made_at = made_at" for name in ERASABLE),
        *(f"DELETE FROM {name}" for name in ERASABLE),
    ],
)
def test_the_database_itself_refuses_to_change_what_was_written(practice: Practice, statement: str) -> None:
    with pytest.raises(StoreError, match="append-only"), practice.records._writing() as connection:
        connection.execute(text(statement))
    assert practice.records.verify() == []


def test_postgresql_refuses_to_empty_the_trail(postgres_url: str) -> None:
    with open_records(postgres_url, key=KEY) as records:
        fill(records, "Birch")
        with pytest.raises(StoreError, match="append-only"), records._writing() as connection:
            connection.execute(text("TRUNCATE audit CASCADE"))


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET action = 'visit.save: goals' WHERE seq = 4", "entry 4 was changed"),
        ("UPDATE audit SET at = '2020-01-01T00:00:00+00:00' WHERE seq = 1", "entry 1 was changed"),
        ("UPDATE audit SET by = NULL WHERE seq = 5", "entry 5 was changed"),
        ("UPDATE audit SET hash = previous WHERE seq = 5", "entry 6 does not follow"),
        ("DELETE FROM audit WHERE seq = 4", "entries 4 to 4 of the audit trail are missing"),
        ("DELETE FROM audit WHERE seq = 1", "entries 1 to 1 of the audit trail are missing"),
        ("DELETE FROM audit WHERE seq > 7", "its end was cut off"),
        ("DELETE FROM audit", "its end was cut off"),
        ("DELETE FROM audit_head", "the head of the audit trail is missing"),
        ("UPDATE audit_head SET seq = seq + 1", "its head says"),
        ("UPDATE person SET note = 'forged'", "is not as it was last written"),
        ("UPDATE visit SET \"case\" = '{}'", "is not as it was last written"),
        ('UPDATE result SET content = \'{"answer":{},"page":{}}\'', "is not as it was last written"),
        ("UPDATE plan SET content = '{}'", "is not as it was last written"),
        ("UPDATE check_in SET content = '{\"nrs\":0}'", "is not as it was last written"),
        ("UPDATE response SET content = 'forged'", "is not as it was last written"),
        ("DELETE FROM response", "is missing, and nobody erased it"),
        ("DELETE FROM response; DELETE FROM check_in", "is missing, and nobody erased it"),
        ("DELETE FROM file", "is missing, and nobody erased it"),
    ],
)
def test_what_was_changed_behind_the_back_is_found(practice: Practice, statement: str, found: str) -> None:
    run(practice.records, statement.replace("SET by", 'SET "by"').replace('":', r'"\:'))
    problems = practice.records.verify()
    assert any(found in problem and problem.startswith("Birch: ") for problem in problems), problems


def test_entries_that_change_places_are_found(practice: Practice) -> None:
    for step in ("seq = 104 WHERE seq = 4", "seq = 4 WHERE seq = 5", "seq = 5 WHERE seq = 104"):
        run(practice.records, f"UPDATE audit SET {step}")
    assert any("does not follow" in problem for problem in practice.records.verify())


def _forge(connection: Connection, *, from_seq: int, drop_last: int) -> None:
    """Somebody who knows how the chain is made, but not the key: changes an entry and computes every hash anew."""
    rows = [dict(row._mapping) for row in connection.execute(text("SELECT * FROM audit ORDER BY seq")).all()]
    kept = rows[: len(rows) - drop_last]
    previous = kept[from_seq - 1]["previous"]
    for row in kept[from_seq - 1 :]:
        row["action"] = "account.sign_in" if row["seq"] == from_seq else row["action"]
        row["previous"] = previous
        previous = row["hash"] = hash_of(row)
        connection.execute(
            text("UPDATE audit SET action = :action, previous = :previous, hash = :hash WHERE seq = :seq"),
            {name: row[name] for name in ("action", "previous", "hash", "seq")},
        )
    connection.execute(text("DELETE FROM audit WHERE seq > :last"), {"last": kept[-1]["seq"]})
    connection.execute(
        text("UPDATE audit_head SET seq = :seq, hash = :hash"), {"seq": kept[-1]["seq"], "hash": previous}
    )


@pytest.mark.parametrize(("from_seq", "drop_last"), [(4, 0), (1, 0), (5, 1)])
def test_a_chain_forged_without_the_key_is_found_by_its_seal(practice: Practice, from_seq: int, drop_last: int) -> None:
    with behind_the_back(practice.records) as connection:
        _forge(connection, from_seq=from_seq, drop_last=drop_last)
    assert "not signed with this store's key" in practice.records.verify()[0]


def test_the_head_noted_elsewhere_finds_out_a_store_put_back(practice: Practice) -> None:
    noted = practice.records.heads()
    assert practice.records.behind(noted) == []
    with practice.records.work(practice.owner) as work:
        work.people.add(family_name="Vale")
    assert practice.records.behind(noted) == [], "a longer trail still holds the one noted"
    later = practice.records.heads()
    run(practice.records, "DELETE FROM audit WHERE seq > 10")
    assert "is not in the audit trail" in practice.records.behind(later)[0]


def test_no_entry_holds_anything_personal(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        entries = work.audit.entries(limit=1000)
    assert [one.seq for one in entries] == list(range(len(entries), 0, -1))
    for one in entries:  # random digits, in which any four may stand by chance
        assert all(re.fullmatch("[0-9a-f]*", word or "") for word in (one.by, one.subject_id, one.digest, one.hash))
    told = repr([(one.role, one.action, one.subject) for one in entries])
    assert not [
        word
        for word in ("Anna", "Berg", "1980", "Left", "worst", "walk", "photo", "Telephoned", "olga", "Pia")
        if word in told
    ]
    assert {one.action for one in entries} == {
        "practice.set_up",
        "account.add: practitioner",
        "account.add: front_desk",
        "person.add",
        "visit.start",
        "result.keep",
        "plan.keep",
        "check_in.add",
        "response.add",
        "note.keep",
        "consent.keep",
        "entry.add",
        "file.add",
        "trial.start",
        "trial_entry.add",
        "client_link.make: check_in",
    }


def test_entries_are_read_in_pages_by_the_owner_alone(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        first = work.audit.entries(limit=3)
        second = work.audit.entries(limit=3, before=first[-1].seq)
    assert [one.seq for one in (*first, *second)] == list(range(first[0].seq, first[0].seq - 6, -1))
    with practice.records.work(practice.practitioner) as work, pytest.raises(Refused):
        work.audit.entries()


def test_equal_content_of_two_people_has_unequal_digests(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        for _ in range(2):
            work.people.add(family_name="Same")
        one, other = work.audit.entries(limit=2)
    assert one.digest != other.digest


def test_writers_side_by_side_do_not_fork_the_chain(store: Records) -> None:
    practices = [fill(store, "Birch"), fill(store, "Elm")]
    failed: list[BaseException] = []

    def write(practice: Practice) -> Callable[[], None]:
        def go() -> None:
            try:
                for _ in range(8):
                    with store.work(practice.practitioner) as work:
                        work.people.count()
                        work.people.add(family_name="Side")
            except BaseException as err:
                failed.append(err)

        return go

    threads = [threading.Thread(target=write(practices[number % 2])) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert store.verify() == []
    for practice in practices:
        with store.work(practice.owner) as work:
            assert work.people.count("side") == 32


def test_verifying_while_others_write_raises_no_false_alarm(store: Records) -> None:
    practice, stop, found = fill(store, "Birch"), threading.Event(), list[str]()

    def write() -> None:
        while not stop.is_set():
            with store.work(practice.owner) as work:
                visit = work.visits.get(practice.visit)
                work.visits.save(visit.id, visit.case, version=visit.version, what="pain")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(20):
            found += store.verify()
    finally:
        stop.set()
        writer.join()
    assert found == []
