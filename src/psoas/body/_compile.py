"""Compiles the inner loops with Numba where it is installed, and keeps the machine code in the user's cache.

Numba's own habit is to write `__pycache__` beside the source, that is into site-packages. Psoas writes into the
per-user cache directory of the platform instead, in a folder per version of the sources, and compiles without keeping
anything when that is not writable. Compiled functions and the constants they take live in modules named `_*.py` here.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.util
import multiprocessing
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from psoas.body._folders import cache_folder

_Function = TypeVar("_Function", bound=Callable[..., Any])

# Sums may be reordered (vector registers) and products fused; infinities and NaN keep their meaning.
_FASTMATH = {"contract", "reassoc", "arcp", "nsz"}


@functools.cache
def has_numba() -> bool:
    """Whether Numba is installed, without importing it."""
    return importlib.util.find_spec("numba") is not None


def cache_directory() -> Path:
    """The per-user directory for the code compiled from these very sources."""
    return cache_folder() / "compiled" / _fingerprint()


@functools.cache
def _fingerprint() -> str:
    """Changes with any compiled source: Numba looks at the one file a function is in, not at the constants and
    functions that it takes from others and freezes."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("_*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _writable(directory: Path) -> bool:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(directory, os.W_OK)


def compiled(function: _Function) -> _Function:
    """Compile `function` on its first call; the interpreter lock is released while it runs.

    Without Numba the function is left as it is: slow, with the same answer.
    """
    if not has_numba():
        return function
    numba: Any = importlib.import_module("numba")
    directory = cache_directory()
    keep = _writable(directory)
    before = numba.config.CACHE_DIR
    # Read while decorating, so that other users of Numba in this process keep theirs.
    numba.config.CACHE_DIR = str(directory) if keep else before
    try:
        made: _Function = numba.njit(cache=keep, nogil=True, fastmath=_FASTMATH, error_model="numpy")(function)
    finally:
        numba.config.CACHE_DIR = before
    _ours.add(function)
    _listen_for_compilation()
    return made


_ours: set[Callable[..., Any]] = set()
_tells: list[bool] = []


def tell_when_compiling() -> None:
    """From now on, say on standard error when one of our functions is compiled and not read from the cache.

    The command line asks for it; used as a library, the body prints nothing.
    """
    _tells.append(True)


@functools.cache
def _listen_for_compilation() -> None:
    """Numba tells its listeners of compilations only, never of what it finds in the cache. Workers keep silent: the
    process that started them has said it."""
    event: Any = importlib.import_module("numba.core.event")

    class Listener(event.Listener):  # type: ignore[misc]
        def on_start(self, event: Any) -> None:
            ours = event.data["dispatcher"].py_func in _ours
            if ours and _tells and multiprocessing.parent_process() is None:
                _say_compiling()

        def on_end(self, event: Any) -> None:
            pass

    event.register("numba:compile", Listener())


@functools.cache
def _say_compiling() -> None:
    """One line, once a process; standard output stays clean for `--json`."""
    print("psoas: compiling the body's kernels, once; about half a minute", file=sys.stderr, flush=True)
