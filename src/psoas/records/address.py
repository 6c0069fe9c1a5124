"""Where the store of this machine is: a file, an address, or the user's data folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import make_url

STORE_VARIABLE = "PSOAS_STORE"
FILE = "practice.db"
SAFE = "/\\: "
"""Signs of a path that stand for themselves in an address; `?`, `#` and `%` do not."""


def store_url(store: str | None) -> str:
    """The address of a store that is named by a file, an address or not at all."""
    named = store or os.environ.get(STORE_VARIABLE)
    if named and "://" in named:
        return named
    path = Path(named).expanduser().absolute() if named else data_folder() / FILE
    return f"sqlite:///{quote(str(path), safe=SAFE)}"


def file_of(url: str) -> Path | None:
    """The file behind the address; None for memory and PostgreSQL."""
    parsed = make_url(url)
    in_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if in_file else None


def data_folder() -> Path:
    """Where this system keeps the data of a user's programs."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "Psoas"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Psoas"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "psoas"
