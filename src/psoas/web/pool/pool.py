"""Hands jobs to workers, one at a time each, and never more in the queue than can be done soon.

A worker that died of a job is replaced and the job told as failed: a job that kills is not tried again. One that takes
too long is ended. One that has grown is replaced by a fresh one, which is warm before the old one goes.
"""

from __future__ import annotations

import math
import multiprocessing
import multiprocessing.resource_tracker
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from psoas.errors import PsoasError
from psoas.web.pool.process import BEGUN, Limits, Report, work

T = TypeVar("T")

WAITING_PER_WORKER = 12
"""Jobs that may wait for each worker: with about a second a job nobody is kept longer than a page is worth waiting for.
Our choice."""
LONGEST_WAIT_S = 20.0
FIRST_GUESS_S = 1.5
REST_AFTER_DEATH_S = 1.0
"""Between a worker that did not come up and the next try. Our choice."""


class Busy(PsoasError):  # noqa: N818 - the names are what is told
    """More is asked for than can be done soon; `wait_s` says when to come back."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = max(1.0, wait_s)
        super().__init__(f"Psoas is busy with other results; try again in {math.ceil(self.wait_s)} s.")


class JobFailed(PsoasError):  # noqa: N818
    """A job that ended its worker, or took too long; nothing was changed by it."""


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    has_grown: bool = False
    is_replaced: bool = False

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join(timeout=5)


class Pool:
    """So many workers. With none, and until `start`, jobs are done in this process, one at a time."""

    def __init__(
        self,
        warm: Callable[[], object],
        *,
        limits: Limits | None = None,
        waiting_per_worker: int = WAITING_PER_WORKER,
        longest_wait_s: float = LONGEST_WAIT_S,
    ) -> None:
        self._warm, self._limits = warm, limits or Limits()
        self._waiting_per_worker, self._longest_wait_s = waiting_per_worker, longest_wait_s
        self._count = 0
        self._idle: list[_Worker] = []
        self._all: list[_Worker] = []
        self._lock = threading.Lock()
        self._free = threading.Condition(self._lock)
        self._here = threading.Lock()
        self._inside = 0
        self._usual_s = FIRST_GUESS_S
        self._stopped = False

    def expect(self, workers: int) -> None:
        """So many will be started in a moment: until then jobs wait for them, rather than be done here."""
        self._count, self._stopped = workers, False

    def start(self, workers: int) -> None:
        """Begin with so many workers; they warm up in the background, and jobs wait for the first."""
        self._count, self._stopped = workers, False
        for _ in range(workers):
            self._begin_one()

    def stop(self) -> None:
        """End the workers."""
        with self._lock:
            self._stopped, self._count = True, 0
            ending, self._all, self._idle = self._all, [], []
        for worker in ending:
            worker.end()

    def run(self, job: Callable[..., T], *given: Any) -> T:
        """Do a job.

        Args:
            job: a function of a module, which a worker finds by its name.

        Raises:
            Busy: too many wait already, or it was this job's turn too late.
            JobFailed: the job ended its worker, or took too long.
            Exception: whatever the job raises.
        """
        self._enter()
        try:
            return self._in_a_worker(job, given) if self._count else self._right_here(job, given)
        finally:
            with self._lock:
                self._inside -= 1

    def waiting(self) -> int:
        """Jobs under way or waiting."""
        return self._inside

    def _enter(self) -> None:
        with self._lock:
            room = max(1, self._count) * (1 + self._waiting_per_worker)
            if self._inside >= room:
                raise Busy(self._inside * self._usual_s / max(1, self._count))
            self._inside += 1

    def _right_here(self, job: Callable[..., T], given: tuple[Any, ...]) -> T:
        if not self._here.acquire(timeout=self._longest_wait_s):
            raise Busy(self._usual_s)
        try:
            return job(*given)
        finally:
            self._here.release()

    def _in_a_worker(self, job: Callable[..., T], given: tuple[Any, ...]) -> T:
        worker = self._handed(pickle.dumps((job, given)))
        started = time.monotonic()
        report = self._report(worker)
        self._give_back(worker, report.resident_mb)
        with self._lock:
            self._usual_s += 0.1 * (time.monotonic() - started - self._usual_s)
        if report.raised is not None:
            if isinstance(report.raised, MemoryError):
                raise JobFailed("This needs more memory than Psoas gives to one job; nothing was changed.")
            raise report.raised
        value: T = report.value
        return value

    def _handed(self, job: bytes) -> _Worker:
        """The worker that has begun a job; one that died while it was idle is replaced, and the job goes to another."""
        until = time.monotonic() + self._longest_wait_s
        while True:
            with self._free:
                if not self._free.wait_for(lambda: self._idle, timeout=until - time.monotonic()):
                    raise Busy(self._usual_s * max(1, self._inside))
                worker = self._idle.pop()
            try:
                worker.pipe.send_bytes(job)
                if worker.pipe.poll(self._limits.longest_s) and worker.pipe.recv_bytes() == BEGUN:
                    return worker
            except (EOFError, OSError):
                pass
            self._bury(worker, "a worker has died")

    def _report(self, worker: _Worker) -> Report:
        """What a worker says of its job; one that dies of it, or takes too long, is replaced."""
        try:
            if not worker.pipe.poll(self._limits.longest_s):
                raise TimeoutError
            report: Report = pickle.loads(worker.pipe.recv_bytes())  # noqa: S301 - from a process that we started
            return report
        except TimeoutError:
            self._bury(worker, "a job took too long and was given up")
            raise JobFailed(
                f"This took longer than {self._limits.longest_s:.0f} s and was given up; nothing was changed."
            ) from None
        except (EOFError, OSError):
            self._bury(worker, "a worker has died")
            raise JobFailed("Computing this ended unexpectedly; nothing was changed. Try once more.") from None

    def _bury(self, worker: _Worker, words: str) -> None:
        with self._lock:
            ours = worker in self._all
            if ours:
                self._all.remove(worker)
        worker.end()
        if ours and not self._stopped:
            print(f"psoas: {words}; another takes its place.", file=sys.stderr, flush=True)
            if not worker.has_grown:  # else its successor is on the way
                self._begin_one()

    def _give_back(self, worker: _Worker, resident_mb: int) -> None:
        """Ready for the next; one that has grown goes on until a fresh one is warm."""
        if resident_mb > self._limits.recycle_mb and not worker.has_grown:
            worker.has_grown = True
            self._begin_one(instead_of=worker)
        with self._free:
            if worker in self._all and not worker.is_replaced:
                self._idle.append(worker)
                self._free.notify()
                return
            if worker in self._all:
                self._all.remove(worker)
        worker.end()

    def _begin_one(self, instead_of: _Worker | None = None) -> None:
        threading.Thread(target=self._bring_one, args=(instead_of,), daemon=True).start()

    def _bring_one(self, instead_of: _Worker | None) -> None:
        """Start a worker and wait until it is warm; one that does not come up is tried again after a rest."""
        if hasattr(signal, "pthread_sigmask"):  # of this thread, and so of what it starts: Ctrl-C is for the server
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        while not self._stopped:
            worker = self._started()
            try:
                worker.pipe.recv()
            except (EOFError, OSError):
                worker.end()
                time.sleep(REST_AFTER_DEATH_S)
                continue
            if not self._joined(worker, instead_of):
                worker.end()
            return

    def _joined(self, worker: _Worker, instead_of: _Worker | None) -> bool:
        """Take a warm worker in, and let the one go that it replaces: now if it is idle, else after its job."""
        with self._free:
            if self._stopped:
                return False
            self._all.append(worker)
            self._idle.append(worker)
            if instead_of is not None:
                instead_of.is_replaced = True
            leaving = instead_of in self._idle
            if leaving and instead_of is not None:
                self._idle.remove(instead_of)
                self._all.remove(instead_of)
            self._free.notify()
        if leaving and instead_of is not None:
            instead_of.end()
        return True

    def _started(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=work, args=(theirs, self._limits, self._warm), daemon=True, name="psoas-worker"
        )
        with _SPAWNING:
            if hasattr(signal, "pthread_sigmask"):
                # Starting its helper, the library lets Ctrl-C through again, to a worker that is not yet ready for it.
                multiprocessing.resource_tracker.ensure_running()
                signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            process.start()
        theirs.close()
        return _Worker(process, ours)


_SPAWNING = threading.Lock()
"""Spawning changes what a child inherits; one at a time."""
