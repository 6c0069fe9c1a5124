"""What somebody typed whose session had ended: kept for a few minutes, so that it can be sent again after signing in.

In memory only, few and short-lived; passwords and files are never among it. Only the account whose session had ended
can ask for it, in a browser that was told its random name: the next who signs in at the same machine may be somebody
else.
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

    account_id: str
    action: str
    page: str
    fields: tuple[tuple[str, str], ...]
    at: float


class UnsentForms:
    """Forms that wait for somebody to sign in again."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Unsent] = OrderedDict()
        self._left: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def note_left(self, csrf: str, account_id: str) -> None:
        """Note whose pages bear this token, as a session is ended: another tab may still hold a form."""
        with self._lock:
            while len(self._left) >= MOST_ENTRIES:
                self._left.popitem(last=False)
            self._left[csrf] = account_id

    def left_by(self, csrf: str) -> str | None:
        """The account whose pages bore this token."""
        with self._lock:
            return self._left.get(csrf)

    def keep(self, account_id: str, action: str, page: str, fields: list[tuple[str, str]]) -> str | None:
        """Keep a form of an account; its name, or None when it is none that may be kept."""
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
            self._held[token] = Unsent(account_id, action, page, told, time.monotonic())
        return token

    def get(self, token: str, account_id: str) -> Unsent | None:
        """The form of this name, while it is kept and for its own account."""
        with self._lock:
            self._drop_old()
            form = self._held.get(token)
        return form if form is not None and form.account_id == account_id else None

    def _drop_old(self) -> None:
        until = time.monotonic() - KEPT_S
        for token in [token for token, one in self._held.items() if one.at < until]:
            del self._held[token]
