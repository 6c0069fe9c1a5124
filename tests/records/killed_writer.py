"""Run apart: writers that confirm each write and are killed (-9) at random moments.

    python killed_writer.py STORE CODE KILLS SEED

NUMBER in the store's name is replaced by the number of the writer. Children are forked, so that a kill costs
milliseconds and not an interpreter's start; each opens the store itself.
Prints one line of JSON: the ids that were confirmed, and how many children were killed.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time

from psoas.records import open_records
from psoas.records.access.tokens import Cost
from psoas.records.parts import accounts

PASSWORD = "correct horse battery"


def write_for_ever(url: str, code: str, out: int) -> None:
    """Opens the store, making it if it is new, and adds people and visits until it is killed."""
    accounts.COST = Cost(passes=1, memory_kib=64)
    records = open_records(url, key=code)
    if records.is_new():
        records.set_up(practice="Birch", name="Olga", login="olga", password=PASSWORD)
    session = records.sign_in("olga", PASSWORD, address="here")
    assert session is not None
    while True:
        with records.work(session.scope) as work:
            person = work.people.add(family_name="Kept")
            visit = work.visits.start(person.id, case={})
        os.write(out, f"{person.id} 1\n".encode())
        with records.work(session.scope) as work:
            work.visits.save(visit.id, {"pain": {"worst": 7}}, version=1, what="pain")
        os.write(out, f"{person.id} 2\n".encode())


def kill_one(url: str, code: str, after_s: float, *, confirmed_first: bool) -> list[str]:
    """One writer's life; returns what it confirmed.

    Args:
        after_s: when to kill it, counted from its birth or, `confirmed_first`, from its first confirmed write.
    """
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            write_for_ever(url, code, write)
        finally:
            os._exit(1)
    os.close(write)
    if confirmed_first:
        select.select([read], [], [])
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the writer ended by itself"
    with os.fdopen(read, "rb") as said:
        return said.read().decode().splitlines()


def main() -> None:
    """Kills one writer after the other: most while they write, some while they open the store."""
    with open_records("sqlite://") as warm:  # what a writer imports is imported once
        warm.sign_in("nobody", PASSWORD, address="here")
    url, code, kills, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    moments = random.Random(seed)
    confirmed: list[str] = []
    for number in range(kills):
        confirmed_first = number % 4 != 0 and "NUMBER" not in url
        after_s = moments.uniform(0, 0.025 if confirmed_first else 0.15)
        confirmed += kill_one(url.replace("NUMBER", str(number)), code, after_s, confirmed_first=confirmed_first)
    print(json.dumps({"confirmed": confirmed, "killed": kills}))


main()
