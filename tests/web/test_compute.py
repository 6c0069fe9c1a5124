"""Heavy computing in processes of its own gives the same answers, and goes on when they die."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import psoas
from psoas.web.compute import Computers, assessed
from tests.web.apps import CASE


@pytest.fixture
def computers() -> Iterator[Computers]:
    made = Computers()
    made.start(1)
    yield made
    made.stop()


def test_a_worker_gives_the_answer_of_the_library_and_its_death_is_survived(
    computers: Computers, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = psoas.assess(CASE).to_json()
    assert computers.run(assessed, CASE, "studio", "physiotherapist") == expected
    worker = computers.run(os.getpid)
    assert worker != os.getpid()
    os.kill(worker, signal.SIGKILL)
    while Path(f"/proc/{worker}/cmdline").exists() and Path(f"/proc/{worker}/cmdline").read_bytes():
        time.sleep(0.01)
    assert computers.run(assessed, CASE, "studio", "physiotherapist") == expected
    assert "goes on without them" in capsys.readouterr().err


def test_without_workers_it_is_done_here() -> None:
    assert Computers().run(os.getpid) == os.getpid()


def test_what_a_job_raises_is_raised(computers: Computers) -> None:
    with pytest.raises(ZeroDivisionError):
        computers.run(divmod, 1, 0)
