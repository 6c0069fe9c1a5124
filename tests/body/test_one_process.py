"""The body in a process with other threads: nothing of the whole process is changed, nothing is kept for good."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from typing import Any

import mujoco
import pytest

from psoas.body.statics.loads import solve
from psoas.body.subject.model import Body

AT_ONCE = """
import threading
from psoas.body.subject.model import Body
gate = threading.Barrier(8)
def make(number):
    gate.wait()
    for size in range(3):
        Body.of(height_m=1.5 + 0.01 * number + 0.1 * size, mass_kg=60)
threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
[one.start() for one in threads]
[one.join() for one in threads]
print("alive")
"""


def test_making_a_body_does_not_touch_the_handler_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Swapped while another thread computes, it aborted the process: 2 of 6 starts with four at once."""
    Body.of()
    changes: list[Any] = []
    monkeypatch.setattr(mujoco, "set_mju_user_warning", changes.append)
    Body.of(height_m=1.61, mass_kg=61)
    assert changes == []


def test_bodies_of_different_people_at_once_leave_the_process_alive() -> None:
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


def test_nothing_keeps_a_body_that_nobody_holds() -> None:
    """A weak dictionary whose values held their keys kept 26 MB of every person's body for good."""
    body = Body.of(height_m=1.62, mass_kg=62)
    kept = weakref.ref(body.kinematics)
    solve(body, "standing")
    del body
    gc.collect()
    assert kept() is None
