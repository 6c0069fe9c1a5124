"""Where the store of this machine is, and where its key comes from.

The key is looked for in this order: a passphrase that is given, the variable PSOAS_PASSPHRASE (for services), the key
store of the operating system. A store that is made without a passphrase gets a random key, which the key store keeps
and a recovery code repeats for the safe.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psoas.records.access.first_start import alone_at_first
from psoas.records.address import file_of, store_url
from psoas.records.database.confirmed import SUFFIX
from psoas.records.database.engine import SIDECAR
from psoas.records.errors import KeyNeeded, Unreachable
from psoas.records.keys import SALT_BYTES, check_passphrase, new_code
from psoas.records.store import Records, open_records

PASSPHRASE_VARIABLE = "PSOAS_PASSPHRASE"  # noqa: S105 (the name of a variable, no secret)
SERVICE = "psoas"
PLAIN_KEY_STORES = ("plaintext", "backends.null")
"""What names a key store that encrypts nothing."""


@dataclass(frozen=True)
class Opened:
    """A store that was found or made.

    Attributes:
        recovery_code: the key of a store that was just made with a random one; shown once, to be kept on paper.
    """

    records: Records
    recovery_code: str | None = None


def open_store(
    store: str | None = None, *, passphrase: str | None = None, make: bool = False, accept_loss: bool = False
) -> Opened:
    """Opens the practice's store.

    Args:
        store: a file or an address; None is PSOAS_STORE, or the file in the user's data folder.
        passphrase: None looks into PSOAS_PASSPHRASE and then the key store of the operating system.
        make: whether a store that is not there is made.
        accept_loss: whether to go on with a file that lacks changes that were confirmed.

    Raises:
        Unreachable: it is not there, and `make` is False.
        KeyNeeded: no key was found, or a new one cannot be kept by this machine.
    """
    url = store_url(store)
    given = passphrase or os.environ.get(PASSPHRASE_VARIABLE)
    path = file_of(url)
    if path is None:
        return Opened(open_records(url, key=given))
    if make:
        _make_folder(path.parent)
    with alone_at_first(path):
        if (path.exists() and path.stat().st_size) or Path(f"{path}{SIDECAR}").exists():
            return Opened(open_records(url, key=given or key_of(path), accept_loss=accept_loss))
        if not make:
            raise Unreachable(f"There is no store at {path}; `psoas serve` makes one, --store names another.")
        if given:
            check_passphrase(given)
            return Opened(open_records(url, key=given))
        return _with_random_key(url, path)


def key_of(path: Path) -> str:
    """The key that the operating system keeps for this store; found by the store's salt, so the file may be moved."""
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(SERVICE, _name_of(path))
    except (KeyringError, RuntimeError):
        found = None
    if not found:
        raise KeyNeeded(
            f"{path} needs its key, and this machine's key store has none for it; "
            f"give its passphrase or recovery code (--passphrase asks for it, a service sets {PASSPHRASE_VARIABLE})."
        )
    return found


def keep_key(path: Path, code: str) -> None:
    """Gives the key of a store to the operating system.

    Raises:
        KeyNeeded: this machine has no key store, or it does not take it.
    """
    import keyring
    from keyring.errors import KeyringError

    if (plain := _in_plain_text(keyring.get_keyring())) is not None:
        raise KeyNeeded(
            f"The key store of this machine, {plain}, would keep the key in plain text, where anybody finds it who has "
            f"the disk; choose a passphrase (--passphrase asks for it, a service sets {PASSPHRASE_VARIABLE})."
        )
    try:
        keyring.set_password(SERVICE, _name_of(path), code)
        kept = keyring.get_password(SERVICE, _name_of(path)) == code
    except (KeyringError, RuntimeError):
        kept = False
    if not kept:
        raise KeyNeeded(
            "This machine has no key store that could keep a random key; choose a passphrase "
            f"(--passphrase asks for it, a service sets {PASSPHRASE_VARIABLE})."
        )


def _in_plain_text(backend: Any) -> str | None:
    """The name of a key store that encrypts nothing; None where none is known to do so."""
    kind = type(backend)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if kind.__module__ == "keyring.backends.chainer":  # it keeps a key in the first that takes it
        first = next(iter(backend.backends), None)
        return None if first is None else _in_plain_text(first)
    return name if any(word in name.casefold() for word in PLAIN_KEY_STORES) else None


def _with_random_key(url: str, path: Path) -> Opened:
    code = new_code()
    records = open_records(url, key=code)
    try:
        keep_key(path, code)
    except BaseException:
        records.close()
        for suffix in ("", "-wal", "-shm", SIDECAR, SUFFIX):  # ours, a moment old and empty
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        raise
    return Opened(records, code)


def _name_of(path: Path) -> str:
    with path.open("rb") as stored:
        return f"store {stored.read(SALT_BYTES).hex()}"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as err:
        raise Unreachable(f"The folder {folder} cannot be made: {err.strerror}; --store names another place.") from err
