"""Where the body keeps what it can make again."""

from __future__ import annotations

import os
from pathlib import Path

from psoas.knowledge.cache_root import user_cache_folder


def cache_folder() -> Path:
    """The per-user cache folder; where there is none, a place that cannot be written, so that nothing is kept."""
    return user_cache_folder() or Path(os.devnull) / "psoas"
