"""Answers of the stateless jobs, each computed once for the same question.

The same case gives the same answer, to the bit, on one version; so an answer may be kept. What is kept lives in this
process only, and the oldest goes first.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from psoas.case import Case

KEPT = 256
"""Answers of about 20 kB each: some 5 MB. Our choice."""


class Answers:
    """A bounded store of answers. Two who ask the same at the same time wait for one computation."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._under_way: dict[str, threading.Lock] = {}

    def get(self, key: str, compute: Callable[[], dict[str, Any]]) -> bytes:
        """The answer to this key as JSON, computed when it is not held.

        Raises:
            Exception: whatever `compute` raises; nothing is held then.
        """
        if (held := self._take(key)) is not None:
            return held
        with self._lock:
            turn = self._under_way.setdefault(key, threading.Lock())
        try:
            with turn:
                if (held := self._take(key)) is not None:
                    return held
                made = json.dumps(compute(), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
                self._put(key, made)
                return made
        finally:
            with self._lock:
                self._under_way.pop(key, None)

    def _take(self, key: str) -> bytes | None:
        with self._lock:
            if (held := self._held.get(key)) is not None:
                self._held.move_to_end(key)
            return held

    def _put(self, key: str, answer: bytes) -> None:
        with self._lock:
            self._held[key] = answer
            while len(self._held) > self._most:
                self._held.popitem(last=False)

    def __len__(self) -> int:
        return len(self._held)


def key_of(job: str, case: Case, *options: str) -> str:
    """What an answer depends on, beside the version and the evidence, which do not change while we run."""
    return json.dumps([job, *options, case.to_data()], sort_keys=True, ensure_ascii=False)


ANSWERS = Answers()
"""Of this process."""
