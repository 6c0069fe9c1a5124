"""The same suite on both databases: `store` is a new SQLCipher file, then a new PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from psoas.records import Records, Scope, open_records
from psoas.records import keys as store_keys
from psoas.records.access.tokens import Cost
from psoas.records.parts import accounts
from tests.postgres import database

KEY = store_keys._code_of(bytes(range(32)))
"""A recovery code: a passphrase is stretched, which costs a tenth of a second for every store."""
PASSPHRASE = "four words in a row"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real cost has its own test; here a hundred accounts are made."""
    monkeypatch.setattr(accounts, "COST", Cost(passes=1, memory_kib=64))


@pytest.fixture(scope="session")
def made(server: str, administer: Callable[[str], object]) -> str:
    """A database with the tables in it, to be copied: faster than making them each time."""
    administer("CREATE DATABASE made")
    open_records(f"{server}/made", key=KEY).close()
    return "made"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new store may be made."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/practice.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    """A new store without accounts."""
    if request.param == "sqlite":
        with open_records(f"sqlite:///{tmp_path}/practice.db", key=KEY) as records:
            yield records
        return
    server, administer, like = (request.getfixturevalue(name) for name in ("server", "administer", "made"))
    with database(server, administer, like) as url, open_records(url, key=KEY) as records:
        yield records


@pytest.fixture
def memory() -> Iterator[Records]:
    """A new store in memory, for what does not depend on the database."""
    with open_records("sqlite://") as records:
        yield records


@pytest.fixture
def in_memory(memory: Records) -> Practice:
    """A filled practice in memory."""
    return fill(memory, "Birch")


@dataclass(frozen=True)
class Practice:
    """A practice with one account of each role and one person with everything."""

    records: Records
    owner: Scope
    practitioner: Scope
    front_desk: Scope
    person: str
    visit: str
    result: str
    plan: str
    check_in: str
    file: str
    note: str
    consent: str
    link: str
    token: str
    trial: str = ""
    retest: str = ""

    def client(self, purpose: Any = "check_in") -> Scope:
        """The person's own scope."""
        return Scope(self.owner.practice_id, None, "client", self.person, purpose=purpose)


def fill(records: Records, name: str) -> Practice:
    """One more practice in the store."""
    owner = records.add_practice(practice=name, name="Olga", login=f"olga@{name}", password=PASSWORD).scope
    with records.work(owner) as work:
        practitioner = work.accounts.add("Pia", f"pia@{name}", PASSWORD, "practitioner").scope
        front_desk = work.accounts.add("Finn", f"finn@{name}", PASSWORD, "front_desk").scope
    with records.work(practitioner) as work:
        person = work.people.add(given_name="Anna", family_name="Berg", birth_date="1980-05-31", note="Left-handed")
        visit = work.visits.start(person.id, case={"pain": {"worst": 7}})
        result = work.results.keep(visit.id, answer(), page={"headline": "No single source"})
        plan = work.plans.keep(visit.id, result.id, {"items": ["walk"]})
        check_in = work.check_ins.add(person.id, {"nrs": 4}, plan_id=plan.id)
        work.check_ins.respond(check_in.id, "Telephoned: to go on as before")
        file = work.files.add(visit.id, name="photo.png", media_type="image/png", data=b"\x89PNG secret picture")
        note = work.notes.keep(visit.id, {"said": "Sleeps better"})
        consent = work.consents.keep(person.id, {"to": "hands-on work", "agreed": True})
        work.entries.add(person.id, "diary", [("first", {"what": "pain", "value": 3})])
        trial = work.trials.start(person.id, "weeks", {"treatment": "secret stretch"}, visit_id=visit.id)
        work.trials.add(trial.id, {"day": "2026-01-02", "pain_0_10": 4})
        retest = work.trials.start(person.id, "retest", {"treatment": "secret stretch"}, visit_id=visit.id)
        link, token = work.links.make(person.id, "check_in", plan_id=plan.id)
    return Practice(
        records,
        owner,
        practitioner,
        front_desk,
        person.id,
        visit.id,
        result.id,
        plan.id,
        check_in.id,
        file.id,
        note.id,
        consent.id,
        link.id,
        token,
        trial.id,
        retest.id,
    )


def answer() -> dict[str, Any]:
    """The least of an answer."""
    return {"psoas_version": "0.1.0", "knowledge_sha256": "ab" * 32, "differential": [{"source": "disc", "p": 0.25}]}


@pytest.fixture
def practice(store: Records) -> Practice:
    """A filled practice on either database."""
    return fill(store, "Birch")
