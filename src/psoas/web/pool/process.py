"""The inside of a worker: plain data in, plain data out. It knows nothing of the records, the key or the network."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

BEGUN = b"begun"
"""Said before a job is looked at: a worker that died without having said it has died of something else."""


class Limits(NamedTuple):
    """What one worker may take. The figures are our choice, from what a result was seen to need (240 MB).

    Attributes:
        address_mb: data the worker may hold before the system refuses it more; 0 sets no limit.
        recycle_mb: resident memory after a job above which another worker takes its place.
        longest_s: time after which a job is given up and its worker ended.
    """

    address_mb: int = 3072
    recycle_mb: int = 700
    longest_s: float = 90.0


class Report(NamedTuple):
    """What came of a job: its value, or what it raised; and the memory the worker holds afterwards."""

    value: Any
    raised: BaseException | None
    resident_mb: int


def work(pipe: Connection, limits: Limits, warm: Callable[[], object]) -> None:
    """Be a worker: load what the first job needs, say so, and do one job after the other until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all; the server tells its workers to end
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    keep_secret()
    _bound(limits.address_mb)
    warm()
    with contextlib.suppress(EOFError, OSError):
        pipe.send(Report(None, None, resident_mb()))
        while True:
            job = pipe.recv_bytes()
            pipe.send_bytes(BEGUN)
            pipe.send_bytes(_done(job))


def _done(job: bytes) -> bytes:
    """The report on a job, whatever becomes of it."""
    try:
        call, given = pickle.loads(job)  # noqa: S301 - from our own server, by a pipe that nobody else holds
        value = call(*given)
        return pickle.dumps(Report(value, None, resident_mb()))
    except MemoryError:
        return pickle.dumps(Report(None, MemoryError("the job needs more memory than a worker may take"), 10**6))
    except Exception as err:
        try:
            sent = pickle.dumps(Report(None, err, resident_mb()))
            pickle.loads(sent)  # noqa: S301 - an error that cannot be made again would end the other side
        except Exception:
            sent = pickle.dumps(Report(None, RuntimeError(f"{type(err).__name__}: {err}"), resident_mb()))
        return sent


def keep_secret() -> None:
    """Let neither a crash nor another program of this user have what this process holds: no core file, no reading of
    its memory and environment. Where the system knows no such thing, nothing happens."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        set_dumpable = 4  # PR_SET_DUMPABLE of <linux/prctl.h>
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(set_dumpable, 0, 0, 0, 0)


def resident_mb() -> int:
    """Memory that this process holds now, in megabytes; the most it ever held where the system tells no more."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 - read after every job
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20
    except (OSError, ValueError, IndexError):
        return _most_mb()


def _most_mb() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most // 2**20 if sys.platform == "darwin" else most // 2**10)


def _bound(address_mb: int) -> None:
    """Past this the system refuses memory to this process alone, instead of choosing among all."""
    if not address_mb or sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (address_mb * 2**20, address_mb * 2**20))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
