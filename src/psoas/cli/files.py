"""Files that a command writes: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from psoas.errors import CaseError


def save(path: Path, data: dict[str, Any]) -> None:
    """Write a case file from plain data, whole or not at all."""
    import yaml

    save_text(path, yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100))


def save_text(path: Path, text: str) -> None:
    """Write a file whole or not at all: a kill at any instant leaves the old one or the new one.

    Raises:
        CaseError: the file cannot be written; the old one stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as err:
        raise CaseError(str(path), f"the file cannot be written: {err.strerror or err}.") from None
