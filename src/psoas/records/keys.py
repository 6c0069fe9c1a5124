"""From a passphrase or a recovery code to the 256-bit key of a store.

The Argon2id costs are RFC 9106's second recommended option (3 passes, 64 MiB), with one lane.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass, field

from psoas.records.access.weak_passwords import is_weak
from psoas.records.errors import KeyNeeded, WrongKey

KEY_BYTES = 32
SALT_BYTES = 16
PASSES, MEMORY_KIB, LANES = 3, 65536, 1
CODE_PREFIX = "psoas-"
MIN_PASSPHRASE = 12
"""Our choice, the same as for passwords."""


@dataclass(frozen=True)
class StoreKey:
    """The key of a store. What it does not encrypt itself it signs, each use with a key of its own."""

    secret: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    def use(self, purpose: str) -> bytes:
        """A key for one purpose."""
        return hmac.new(self.secret, f"psoas {purpose}".encode(), hashlib.sha256).digest()

    @property
    def check(self) -> str:
        """Tells this key from another without telling anything of it."""
        return hmac.new(self.use("key check"), self.salt, hashlib.sha256).hexdigest()[:32]

    @property
    def pragma(self) -> str:
        """As SQLCipher takes a raw key with its salt: no second, slow derivation at each connection."""
        return f"\"x'{self.secret.hex()}{self.salt.hex()}'\""


def new_salt() -> bytes:
    """Sixteen random bytes."""
    return secrets.token_bytes(SALT_BYTES)


def spellings(key: str) -> tuple[str, ...]:
    """A passphrase as keyboards write it: composed, as typed, decomposed; `ü` may be one sign or two."""
    return tuple(dict.fromkeys((unicodedata.normalize("NFC", key), key, unicodedata.normalize("NFD", key))))


def store_key(key: str, salt: bytes, *, as_typed: bool = False) -> StoreKey:
    """The key of the store with this salt, from a passphrase or a recovery code.

    Args:
        as_typed: take the passphrase sign by sign, as stores of before did; else it is composed first.
    """
    key = key if as_typed else unicodedata.normalize("NFC", key)
    if key.strip().lower().startswith(CODE_PREFIX):
        return StoreKey(_secret_of(key), salt)
    if not key:
        raise KeyNeeded("The passphrase is empty; give the passphrase or the recovery code of this store.")
    from argon2.low_level import Type, hash_secret_raw

    secret = hash_secret_raw(
        key.encode(),
        salt,
        time_cost=PASSES,
        memory_cost=MEMORY_KIB,
        parallelism=LANES,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
    return StoreKey(secret, salt)


def new_code() -> str:
    """A random key, written so that a person can copy it: `psoas-XXXX-XXXX-...`; its end checks the rest."""
    return _code_of(secrets.token_bytes(KEY_BYTES))


def check_passphrase(passphrase: str) -> None:
    """A new passphrase must be long enough.

    Raises:
        WrongKey: it is shorter than twelve characters.
    """
    if passphrase.strip().lower().startswith(CODE_PREFIX):
        _secret_of(passphrase)
    elif len(passphrase) < MIN_PASSPHRASE:
        raise WrongKey(
            f"The passphrase has {len(passphrase)} characters; expected at least {MIN_PASSPHRASE}. "
            "Four or five words in a row are easy to keep."
        )
    elif is_weak(passphrase):
        raise WrongKey("The passphrase is one that is guessed first; four or five words in a row are easy to keep.")


def _code_of(secret: bytes) -> str:
    text = base64.b32encode(secret + _mark(secret)).decode().rstrip("=")
    return CODE_PREFIX + "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _mark(secret: bytes) -> bytes:
    return hashlib.sha256(b"psoas recovery code" + secret).digest()[:3]


def _secret_of(code: str) -> bytes:
    """The key that a recovery code holds; case, spaces and dashes do not matter."""
    text = "".join(sign for sign in code.strip().upper()[len(CODE_PREFIX) :] if sign not in "- ")
    try:
        whole = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        whole = b""
    secret = whole[:KEY_BYTES]
    if len(whole) != KEY_BYTES + 3 or whole[KEY_BYTES:] != _mark(secret):
        raise WrongKey(
            "The recovery code is incomplete or mistyped; "
            "expected psoas- and 14 groups of four, of letters and the digits 2-7."
        )
    return secret
