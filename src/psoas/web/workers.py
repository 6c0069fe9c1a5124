"""Heavy computing in processes of its own, so that pages do not wait behind it (`psoas serve --workers N`).

Without workers, and until they are warm, it is done here, one at a time. A worker gets plain data and gives plain data
back; it knows nothing of the records. When the server ends, however it ends, its workers end with it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class Computers:
    """The workers of this server, if it has any."""

    def __init__(self) -> None:
        self._count = 0
        self._started: ProcessPoolExecutor | None = None
        self._ready: ProcessPoolExecutor | None = None
        self._places = threading.Semaphore(1)
        self._replacing = threading.Lock()

    def start(self, workers: int) -> None:
        """Begin with so many workers; they warm up in the background, and until the first is warm it is done here."""
        if workers < 1:
            return
        self._count = workers
        self._started = ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
        )
        with _without_ctrl_c():
            for _ in range(workers):
                self._started.submit(_warm).add_done_callback(partial(self._take, self._started))

    def _take(self, pool: ProcessPoolExecutor, warm: Future[None]) -> None:
        if self._started is pool and not warm.cancelled() and warm.exception() is None and self._ready is None:
            self._places, self._ready = threading.Semaphore(self._count), pool

    def stop(self) -> None:
        """End the workers."""
        pool, self._started, self._ready = self._started, None, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def run(self, job: Callable[..., T], *given: Any) -> T:
        """Do a job, as many at a time as there are workers; here where there is none, or where it died of the job.

        Args:
            job: a function of a module, which a worker can find by its name.
        """
        with self._places:
            pool = self._ready
            if pool is not None:
                try:
                    return pool.submit(job, *given).result()
                except BrokenProcessPool:
                    self._replace(pool)
            return job(*given)

    def _replace(self, dead: ProcessPoolExecutor) -> None:
        with self._replacing:
            if self._started is dead:
                print("psoas: a worker has died; computing goes on here until another is there.", file=sys.stderr)
                self._places, self._ready = threading.Semaphore(1), None
                self.start(self._count)


WORKER_POOL = Computers()
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


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Processes begun in here never hear Ctrl-C, which a terminal sends to all: the server tells them to end."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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


def _warm() -> None:
    """Nothing; its answer says that a worker is there."""
