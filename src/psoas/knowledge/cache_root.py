"""Where on this machine Psoas keeps what it can make again, by the custom of each system.

Written by hand: the library for this, platformdirs, takes 11 ms of processor time to import, and every command asks for
the folder (measured with CPython 3.11; an answer as a whole takes some 200 ms).
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path


def user_cache_folder() -> Path | None:
    """This user's folder, which need not exist yet.

    Returns:
        `PSOAS_CACHE_DIR` where it is set; else `~/Library/Caches/psoas` on macOS, `%LOCALAPPDATA%\\psoas\\Cache` on
        Windows, `$XDG_CACHE_HOME/psoas` or `~/.cache/psoas` elsewhere; None where there is no home folder.
    """
    if own := os.environ.get("PSOAS_CACHE_DIR"):
        return Path(own)
    with suppress(RuntimeError):  # no home folder
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "psoas"
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "psoas" / "Cache"
        base = os.environ.get("XDG_CACHE_HOME", "")
        # The specification says that a relative one is to be ignored.
        return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "psoas"  # noqa: PTH117
    return None
