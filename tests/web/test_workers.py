"""One way to compute: in workers, never more in the queue than can be done, and a server that outlives its jobs."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from psoas.web.pool import Busy, JobFailed, Pool
from psoas.web.pool.process import Limits
from tests.web.conftest import PASSWORD, House, csrf_of
from tests.web.test_result import visit_of

SMALL = Limits(address_mb=1024, recycle_mb=200, longest_s=5.0)


def nothing() -> None:
    """A worker that needs no warming."""


def slow(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def fill(megabytes: int) -> int:
    """Ask for so much memory at once, and give it back."""
    return len(bytearray(megabytes * 2**20)) // 2**20


_KEPT: list[bytes] = []


def keep(megabytes: int) -> int:
    _KEPT.append(b"x" * 2**20 * megabytes)
    return os.getpid()


def die() -> None:
    os._exit(3)


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(nothing, limits=SMALL, waiting_per_worker=2, longest_wait_s=30.0)
    made.start(1)
    yield made
    made.stop()


def test_a_job_that_kills_its_worker_is_told_as_failed_and_the_next_has_another(pool: Pool) -> None:
    first = pool.run(os.getpid)
    with pytest.raises(JobFailed, match="nothing was changed"):
        pool.run(die)
    assert pool.run(os.getpid) not in (first, os.getpid())


def test_a_job_that_takes_too_long_is_ended(pool: Pool) -> None:
    first = pool.run(os.getpid)
    with pytest.raises(JobFailed, match="longer than 5 s"):
        pool.run(slow, 60.0)
    assert pool.run(os.getpid) != first


def test_a_job_gets_no_more_memory_than_a_worker_may_take(pool: Pool) -> None:
    with pytest.raises(JobFailed, match="more memory"):
        pool.run(fill, 4000)
    assert pool.run(fill, 1) == 1


def test_a_worker_that_has_grown_is_replaced_and_jobs_go_on_meanwhile(pool: Pool) -> None:
    first = pool.run(keep, 300)
    until = time.monotonic() + 60
    while pool.run(os.getpid) == first:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_more_than_can_be_done_soon_is_told_to_come_back(pool: Pool) -> None:
    pool.run(os.getpid)
    gate = threading.Barrier(8)

    def ask() -> str:
        gate.wait()
        try:
            pool.run(slow, 0.4)
        except Busy as err:
            assert err.wait_s >= 1.0 and "try again in" in str(err)
            return "busy"
        return "done"

    with ThreadPoolExecutor(8) as threads:
        told = [one.result() for one in [threads.submit(ask) for _ in range(8)]]
    assert sorted(told) == ["busy"] * 5 + ["done"] * 3, "one under way and two waiting"
    assert pool.waiting() == 0


def test_without_workers_jobs_are_done_here_one_at_a_time() -> None:
    here, most, inside = Pool(nothing), 0, 0
    lock = threading.Lock()

    def job() -> int:
        nonlocal most, inside
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.01)
        with lock:
            inside -= 1
        return os.getpid()

    with ThreadPoolExecutor(6) as threads:
        assert {one.result() for one in [threads.submit(here.run, job) for _ in range(6)]} == {os.getpid()}
    assert most == 1


def test_who_asks_for_too_much_is_told_when_to_come_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from psoas.web.computed import results

    def full(*_: object) -> None:
        raise Busy(7.2)

    monkeypatch.setattr(results.WORKER_POOL, "run", full)
    with house.records.work(house.scope) as work:
        visit = work.visits.start(work.people.add(given_name="Anna").id, case={"psoas_case": 1})
    session = house.records.sign_in("owner", PASSWORD, address="test")
    assert session is not None
    bearer = {"authorization": f"Bearer {session.token}"}
    answer = house.client(None).post(f"/api/v1/visits/{visit.id}/results", headers=bearer)
    assert answer.status_code == 503 and answer.headers["retry-after"] == "8"
    assert answer.json()["error"]["code"] == "busy" and "try again in 8 s" in answer.text
    with house.records.work(house.scope) as work:
        assert work.results.of(visit.id) == ()


def test_a_page_asked_for_too_early_asks_again_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first result after a start is worth waiting for; what was sent is not sent twice unasked."""
    from psoas.web.computed import results

    def full(*_: object) -> None:
        raise Busy(7.2)

    address = f"/visits/{visit_of(house, 'short_hip_flexor')}/result"
    monkeypatch.setattr(results.WORKER_POOL, "run", full)
    client = house.client()
    got = client.get(address)
    assert got.status_code == 503
    assert '<meta http-equiv="refresh" content="8">' in got.text and f'href="{address}"' in got.text
    sent = client.post(address, data={"csrf": csrf_of(client.get("/people/new").text)})
    assert sent.status_code == 503 and "http-equiv" not in sent.text
