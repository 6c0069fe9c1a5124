"""Random tokens and how they are kept; passwords and how they are checked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import unicodedata
from dataclasses import dataclass

from psoas.records.access.weak_passwords import is_weak
from psoas.records.errors import Invalid

TOKEN_BYTES = 32
_few_at_once = threading.BoundedSemaphore(4)
"""Each check takes 64 MiB: so many at once, whoever knocks. Our choice."""
MIN_PASSWORD, MAX_PASSWORD = 12, 256
"""Twelve and not fewer: our choice; no rule on which signs, as NIST SP 800-63B advises (recalled, not read)."""


@dataclass(frozen=True)
class Cost:
    """What a guess at a password costs: RFC 9106's second recommended option, with one lane."""

    passes: int = 3
    memory_kib: int = 65536
    lanes: int = 1


class Passwords:
    """Argon2id hashes that carry their own salt and cost."""

    def __init__(self, cost: Cost) -> None:
        from argon2 import PasswordHasher

        self._hasher = PasswordHasher(cost.passes, cost.memory_kib, cost.lanes)
        nobody, salt = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (32, 16))
        self._nobody = f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p={cost.lanes}${salt}${nobody}"

    def hash(self, password: str) -> str:
        """The hash of a password."""
        return self._hasher.hash(_plain(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one kept; an unknown login costs the same time."""
        from argon2.exceptions import Argon2Error, InvalidHashError

        with _few_at_once:
            try:
                return self._hasher.verify(kept or self._nobody, _plain(password)) and kept is not None
            except (Argon2Error, InvalidHashError):
                return False


def _plain(password: str) -> str:
    """The same signs typed on another machine are the same password; over-long ones cost no more than long ones."""
    return unicodedata.normalize("NFKC", password)[: 4 * MAX_PASSWORD]


def check_password(password: str, *names: str) -> None:
    """Whether a new password is fit.

    Args:
        names: what it must not be: the login, the name, the practice's name.
    """
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Invalid(
            "password",
            f"The password has {len(password)} characters; expected {MIN_PASSWORD} to {MAX_PASSWORD}. "
            "Four or five words in a row are easy to keep.",
        )
    if len(set(password)) < 4:
        raise Invalid("password", "The password repeats the same signs; expected at least four different ones.")
    if is_weak(password):
        raise Invalid("password", "The password is one that is guessed first; four or five words are easy to keep.")
    if _bare(password) in {_bare(name) for name in names}:
        raise Invalid("password", "The password is the login or a name of the practice; choose something else.")


def fold_login(login: str) -> str:
    """Logins are the same whatever their case."""
    return unicodedata.normalize("NFKC", login).casefold().strip()


def _bare(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def new_token() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of_token(token: str) -> str:
    """What is kept of a token; it is random, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def csrf_of(token: str) -> str:
    """What a form brings back: tells that it was made for this session, and tells nothing of the token."""
    return hmac.new(token.encode("utf-8", "replace"), b"psoas csrf", hashlib.sha256).hexdigest()
