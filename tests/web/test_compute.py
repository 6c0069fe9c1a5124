"""Heavy computing in processes of its own gives the same answers, and goes on when they die."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import psoas
from psoas.web.computed.workers import assessed, warm
from psoas.web.pool import Pool
from tests.web.apps import CASE


@pytest.fixture
def computers() -> Iterator[Pool]:
    made = Pool(warm)
    made.start(1)
    yield made
    made.stop()


def test_jobs_wait_for_the_first_worker_rather_than_be_done_in_the_server(computers: Pool) -> None:
    assert computers.run(os.getpid) != os.getpid()


def test_a_worker_gives_the_answer_of_the_library_and_its_death_is_survived(
    computers: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = psoas.assess(CASE).to_json()
    worker = computers.run(os.getpid)
    assert computers.run(assessed, CASE, "studio", "physiotherapist") == expected
    os.kill(worker, signal.SIGKILL)
    while Path(f"/proc/{worker}/cmdline").exists() and Path(f"/proc/{worker}/cmdline").read_bytes():
        time.sleep(0.01)
    assert computers.run(assessed, CASE, "studio", "physiotherapist") == expected
    assert "a worker has died" in capsys.readouterr().err
    assert computers.run(os.getpid) not in (worker, os.getpid())


def test_ctrl_c_which_a_terminal_sends_to_all_does_not_reach_a_worker(computers: Pool) -> None:
    worker = computers.run(os.getpid)
    os.kill(worker, signal.SIGINT)
    assert computers.run(os.getpid) == worker


def test_without_workers_it_is_done_here() -> None:
    assert Pool(warm).run(os.getpid) == os.getpid()


def test_what_a_job_raises_is_raised(computers: Pool) -> None:
    with pytest.raises(ZeroDivisionError):
        computers.run(divmod, 1, 0)
