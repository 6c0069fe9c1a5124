"""Heavy computing in processes of its own gives the same answers, and goes on when they die."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import psoas
from psoas.web.workers import Computers, assessed
from tests.web.apps import CASE


@pytest.fixture
def computers() -> Iterator[Computers]:
    made = Computers()
    made.start(1)
    yield made
    made.stop()


def warm(computers: Computers) -> int:
    """The process that computes once it is not this one."""
    until = time.monotonic() + 60
    while (where := computers.run(os.getpid)) == os.getpid():
        assert time.monotonic() < until
        time.sleep(0.05)
    return where


def test_until_a_worker_is_warm_nobody_waits_for_it(computers: Computers) -> None:
    assert computers.run(os.getpid) == os.getpid()
    assert warm(computers) != os.getpid()


def test_a_worker_gives_the_answer_of_the_library_and_its_death_is_survived(
    computers: Computers, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = psoas.assess(CASE).to_json()
    worker = warm(computers)
    assert computers.run(assessed, CASE, "studio", "physiotherapist") == expected
    os.kill(worker, signal.SIGKILL)
    while Path(f"/proc/{worker}/cmdline").exists() and Path(f"/proc/{worker}/cmdline").read_bytes():
        time.sleep(0.01)
    assert computers.run(assessed, CASE, "studio", "physiotherapist") == expected
    assert "a worker has died" in capsys.readouterr().err
    assert warm(computers) not in (worker, os.getpid())


def test_ctrl_c_which_a_terminal_sends_to_all_does_not_reach_a_worker(computers: Computers) -> None:
    worker = warm(computers)
    os.kill(worker, signal.SIGINT)
    assert computers.run(os.getpid) == worker


def test_without_workers_it_is_done_here() -> None:
    assert Computers().run(os.getpid) == os.getpid()


def test_what_a_job_raises_is_raised(computers: Computers) -> None:
    warm(computers)
    with pytest.raises(ZeroDivisionError):
        computers.run(divmod, 1, 0)
