"""What somebody typed whose session had ended: kept for a few minutes, so that it can be sent again after signing in.

In memory only, few and short-lived; passwords and files are never among it. Only the browser that was told the random
name of an entry can ask for it, and only once it is signed in.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MOST_ENTRIES, MOST_LETTERS, KEPT_S = 50, 100_000, 20 * 60
"""Our choice: enough for a practice, and too little to fill a memory."""
LEFT_OUT = ("csrf", "password", "again", "code", "passphrase")


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that was not taken: where it was sent to, the page it stood on, and its fields in order."""

    action: str
    page: str
    fields: tuple[tuple[str, str], ...]
    at: float


class UnsentForms:
    """Forms that wait for somebody to sign in again."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Unsent] = OrderedDict()
        self._lock = Lock()

    def keep(self, action: str, page: str, fields: list[tuple[str, str]]) -> str | None:
        """Keep a form; its name, or None when it is none that may be kept."""
        if any("password" in name or name in LEFT_OUT[1:] for name, _ in fields):
            return None
        told = tuple((name, value) for name, value in fields if name not in LEFT_OUT)
        if not any(value.strip() for _, value in told) or sum(len(value) for _, value in told) > MOST_LETTERS:
            return None
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._drop_old()
            while len(self._held) >= MOST_ENTRIES:
                self._held.popitem(last=False)
            self._held[token] = Unsent(action, page, told, time.monotonic())
        return token

    def get(self, token: str) -> Unsent | None:
        """The form of this name, while it is kept."""
        with self._lock:
            self._drop_old()
            return self._held.get(token)

    def _drop_old(self) -> None:
        until = time.monotonic() - KEPT_S
        for token in [token for token, one in self._held.items() if one.at < until]:
            del self._held[token]
