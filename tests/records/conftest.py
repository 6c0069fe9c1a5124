"""The same suite on both databases: `store` is a new SQLCipher file, then a new PostgreSQL database."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from psoas.records import Records, Scope, accounts, open_records
from psoas.records import keys as store_keys
from psoas.records.tokens import Cost

KEY = store_keys._code_of(bytes(range(32)))
"""A recovery code: a passphrase is stretched, which costs a tenth of a second for every store."""
PASSPHRASE = "four words in a row"
PASSWORD = "correct horse battery"
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real cost has its own test; here a hundred accounts are made."""
    monkeypatch.setattr(accounts, "COST", Cost(passes=1, memory_kib=64))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL of our own: a folder, a free port, nothing kept. Run as `postgres` where we are root."""
    if not BINARIES:
        pytest.skip("no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp(prefix="psoas-pg-"))
    folder.chmod(0o755)
    as_user: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL}
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user |= {"user": "postgres", "group": "postgres", "extra_groups": []}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, control = folder / "data", BINARIES[-1] / "pg_ctl"
    subprocess.run([BINARIES[-1] / "initdb", "-D", data, "-U", "test", "-A", "trust", "-N"], check=True, **as_user)
    options = f"-p {port} -k {folder} -c fsync=off -c listen_addresses=127.0.0.1"
    start = [control, "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    subprocess.run(start, check=True, **as_user)
    try:
        yield f"postgresql+psycopg://test@127.0.0.1:{port}"
    finally:
        subprocess.run([control, "-D", data, "-m", "immediate", "stop"], check=False, **as_user)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def administer(server: str) -> Iterator[Callable[[str], object]]:
    """Runs a statement on the server itself."""
    import psycopg

    with psycopg.connect(server.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        yield connection.execute


@pytest.fixture(scope="session")
def made(server: str, administer: Callable[[str], object]) -> str:
    """A database with the tables in it, to be copied: faster than making them each time."""
    administer("CREATE DATABASE made")
    open_records(f"{server}/made", key=KEY).close()
    return "made"


@contextmanager
def _database(server: str, administer: Callable[[str], object], like: str) -> Iterator[str]:
    name = f"t{secrets.token_hex(6)}"
    administer(f"CREATE DATABASE {name} TEMPLATE {like}")
    yield f"{server}/{name}"
    administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(server: str, administer: Callable[[str], object]) -> Iterator[str]:
    """A new, empty database."""
    with _database(server, administer, "template1") as url:
        yield url


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
    with _database(server, administer, like) as url, open_records(url, key=KEY) as records:
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
    link: str
    token: str

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
        file = work.files.add(visit.id, name="photo.png", media_type="image/png", data=b"\x89PNG secret picture")
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
        link.id,
        token,
    )


def answer() -> dict[str, Any]:
    """The least of an answer."""
    return {"psoas_version": "0.1.0", "knowledge_sha256": "ab" * 32, "differential": [{"source": "disc", "p": 0.25}]}


@pytest.fixture
def practice(store: Records) -> Practice:
    """A filled practice on either database."""
    return fill(store, "Birch")
