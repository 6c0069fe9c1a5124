"""What was confirmed is there, whatever moment the power goes: 200 writers, killed with -9."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from psoas.records import open_records
from psoas.records.keys import new_code

from .conftest import PASSWORD

KILLS = 200
KILLS_ON_POSTGRESQL = 40
"""There it is the connection that dies; the server does not."""


def _kill(url: str, code: str, kills: int, seed: int) -> dict[str, list[str]]:
    script = Path(__file__).with_name("killed_writer.py")
    command = [sys.executable, str(script), url, code, str(kills), str(seed)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    said: dict[str, list[str]] = json.loads(run.stdout)
    return said


def test_kills_lose_nothing_that_was_confirmed(url: str) -> None:
    kills, code = (KILLS if url.startswith("sqlite") else KILLS_ON_POSTGRESQL), new_code()
    said = _kill(url, code, kills, seed=1)
    promised = {line.split()[0]: int(line.split()[1]) for line in said["confirmed"]}  # the later line wins
    assert len(promised) >= kills * 3 // 4, "too few writes to mean anything"
    with open_records(url, key=code) as records:
        assert records.verify() == []
        session = records.sign_in("olga", PASSWORD, address="here")
        assert session is not None
        with records.work(session.scope) as work:
            for person_id, version in promised.items():
                (visit,) = work.visits.of(person_id)
                assert visit.version >= version
                assert visit.case == ({} if visit.version == 1 else {"pain": {"worst": 7}})
            kept = work.people.count()
    assert len(promised) <= kept <= len(promised) + kills, "at most one unconfirmed write for each kill"


def test_kills_while_a_store_is_made_leave_one_that_opens(tmp_path: Path) -> None:
    code = new_code()
    _kill(f"sqlite:///{tmp_path}/NUMBER.db", code, kills=20, seed=1)
    for number in range(20):
        with open_records(f"sqlite:///{tmp_path}/{number}.db", key=code) as records:
            assert records.verify() == []
