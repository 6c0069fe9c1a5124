"""The words of a check-in, from words/check_in.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from psoas.knowledge import load
from psoas.knowledge.deadlines import with_deadlines
from psoas.knowledge.index import index_of

FILE = Path(__file__).parent.parent / "words" / "check_in.yaml"


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Everything that file holds."""
    found: dict[str, Any] = with_deadlines(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    return found


def question(name: str) -> str | None:
    """The question of a flag, or the name of a finding; None for a group that is asked by its parts."""
    index = index_of(load())
    flag, finding = index.flags.get(name), index.findings.get(name)
    if flag is not None and flag.ask:
        return flag.ask
    return finding.name if finding is not None else None


def asked(name: str) -> str:
    """The same, in any case with words."""
    return question(name) or name.replace("_", " ")
