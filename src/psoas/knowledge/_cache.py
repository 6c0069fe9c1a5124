"""Compiled packs, kept per user so that the next start need not read YAML again.

A pickle can run code when it is read, so a file is only trusted when it and its folder belong to this user and nobody
else can write to them, and when it begins with the key it was stored under. Anything else counts as absent. Nothing
here raises: without a usable folder Psoas works from memory.
"""

from __future__ import annotations

import gc
import os
import pickle
import stat
import time
from contextlib import suppress
from pathlib import Path

from psoas.knowledge.cache_root import user_cache_folder

_KEEP_DAYS = 30
"""How long compiled packs of other versions are kept; our choice."""


def cache_folder() -> Path | None:
    """This user's folder for packs: `knowledge` in the cache of Psoas; None where there is no home folder."""
    root = user_cache_folder()
    return None if root is None else root / "knowledge"


def read(name: str, key: str) -> object | None:
    """What was stored for pack `name` under `key`, or None."""
    folder = cache_folder()
    if folder is None or not _is_private(folder):
        return None
    try:
        descriptor = os.open(folder / _file_name(name, key), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not _belongs_to_us(os.fstat(file.fileno())):
                return None
            raw = file.read()
        head = _head(key)
        return _unpickle(raw[len(head) :]) if raw.startswith(head) else None
    except Exception:  # a damaged file can raise anything while it is unpickled; compiling again is always right
        return None


def _unpickle(raw: bytes) -> object:
    """The object, made without the garbage collector looking through the growing heap again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(raw)  # noqa: S301  ours alone, see above
    finally:
        if was_on:
            gc.enable()


def write(name: str, key: str, value: object) -> bool:
    """Store `value` for pack `name`; False when there is no folder to trust. Several processes may do so at once."""
    import tempfile  # slow to import, and only needed after compiling

    folder = cache_folder()
    if folder is None:
        return False
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(folder):
            return False
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{name}.", delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(_head(key) + pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
                file.close()
                temporary.replace(folder / _file_name(name, key))
            except BaseException:
                with suppress(OSError):
                    temporary.unlink()
                raise
        _drop_old(folder, name)
    except OSError:
        return False
    return True


def _file_name(name: str, key: str) -> str:
    return f"{name}.{key[:16]}.pickle"


def _head(key: str) -> bytes:
    return f"psoas {key}\n".encode()


def _drop_old(folder: Path, name: str) -> None:
    """Clear away what earlier versions left; another version in use today keeps its own."""
    for file in folder.glob(f"{name}.*.pickle"):
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > _KEEP_DAYS * 86400:
                file.unlink()


def _is_private(folder: Path) -> bool:
    try:
        state = folder.stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(state.st_mode) and _belongs_to_us(state)


def _belongs_to_us(state: os.stat_result) -> bool:
    """Whether only this user can have written here. Windows keeps such rights elsewhere, in the user's profile."""
    if not hasattr(os, "getuid"):
        return True
    return state.st_uid == os.getuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
