"""What was computed once, kept for the next who asks the same.

The same case gives the same answer, to the bit, on one version; so an answer may be kept. What is kept lives in this
process only, and the longest unused goes first.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from psoas.case import Case

T = TypeVar("T")


class ResultCache(Generic[T]):
    """A bounded store. Two who ask the same at the same time wait for one computation."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._held: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()
        self._under_way: dict[str, threading.Lock] = {}

    def get(self, key: str, compute: Callable[[], T]) -> T:
        """What is held under this key, computed when nothing is.

        Raises:
            Exception: whatever `compute` raises; nothing is held then.
        """
        held, found = self._take(key)
        if found:
            return held  # type: ignore[return-value]
        with self._lock:
            turn = self._under_way.setdefault(key, threading.Lock())
        try:
            with turn:
                held, found = self._take(key)
                if found:
                    return held  # type: ignore[return-value]
                made = compute()
                self._put(key, made)
                return made
        finally:
            with self._lock:
                self._under_way.pop(key, None)

    def _put(self, key: str, made: T) -> None:
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)

    def _take(self, key: str) -> tuple[T | None, bool]:
        with self._lock:
            if key not in self._held:
                return None, False
            self._held.move_to_end(key)
            return self._held[key], True

    def __len__(self) -> int:
        return len(self._held)


def as_json(answer: dict[str, Any]) -> bytes:
    """An answer as it goes over the wire."""
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def key_of(job: str, case: Case, *options: str) -> str:
    """What an answer depends on, beside the version and the evidence, which do not change while we run.

    Notes are stored and shown, never scored, so they are no part of it.
    """
    data = {name: value for name, value in case.to_data().items() if name != "notes"}
    return json.dumps([job, *options, data], sort_keys=True, ensure_ascii=False)
