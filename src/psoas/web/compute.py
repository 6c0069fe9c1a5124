"""Heavy computing in processes of its own, so that pages do not wait behind it (`psoas serve --workers N`).

Without workers it is done here, one at a time. A worker gets plain data and gives plain data back; it knows nothing of
the records. When the server ends, however it ends, its workers end with it.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

T = TypeVar("T")


class Computers:
    """The workers of this server, if it has any."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._places = threading.Semaphore(1)

    def start(self, workers: int) -> None:
        """Begin with so many workers; they warm up in the background."""
        if workers < 1:
            return
        self._places = threading.Semaphore(workers)
        spawn = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin)
        for _ in range(workers):
            self._pool.submit(_ready)

    def stop(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def run(self, job: Callable[..., T], *given: Any) -> T:
        """Do a job, as many at a time as there are workers; here where there is none, or where they have died.

        Args:
            job: a function of a module, which a worker can find by its name.
        """
        with self._places:
            if self._pool is not None:
                try:
                    return self._pool.submit(job, *given).result()
                except BrokenProcessPool:
                    print("psoas: the workers have died; computing goes on without them.", file=sys.stderr)
                    self._pool = None
            return job(*given)


COMPUTERS = Computers()
"""Of this process."""


def assessed(case: dict[str, Any], setting: str, who: str) -> dict[str, Any]:
    """The whole answer to a case as plain data."""
    from psoas.assessment import assess

    return assess(case, setting=setting, who=who).to_json()


def asked_next(case: dict[str, Any], setting: str, who: str) -> dict[str, Any]:
    """What to ask next of a case, without the body that an answer would compute as well."""
    from psoas.assessment import assess
    from psoas.assessment.as_json import diagnosis_to_json

    answer = assess(case, setting=setting, who=who)
    return {
        "urgency": answer.screen.urgency,
        "not_asked": list(answer.screen.not_asked),
        "next": diagnosis_to_json(answer.diagnosis)["next"],
    }


def _begin() -> None:
    """In a worker: end when the server does, and load what the first job will need."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from psoas.assessment import assess

    assess({"psoas_case": 1})


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _ready() -> None:
    """Nothing; its answer says that a worker is there."""
