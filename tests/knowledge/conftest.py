"""The evidence as the tests of this room use it: with a cache of their own, and with one thing changed at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from psoas.knowledge import EvidenceError, Knowledge, Problem
from psoas.knowledge._compile import compile_pack
from psoas.knowledge._load import DATA, PACKS
from psoas.knowledge.integrity import check

Change = Callable[[str, str, str], list[Problem]]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Every test has an empty cache of its own; nothing of the user's is read or written."""
    monkeypatch.setenv("PSOAS_CACHE_DIR", str(tmp_path / "cache"))
    yield tmp_path / "cache" / "knowledge"


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The evidence as shipped, compiled from its files."""
    return Knowledge.of(
        {name: compile_pack(name, (DATA / f"{name}.yaml").read_bytes(), pack.kind()) for name, pack in PACKS.items()}
    )


@pytest.fixture(scope="session")
def problems_after(knowledge: Knowledge) -> Change:
    """What the checks say once one passage of one pack is replaced by another."""

    def change(pack: str, old: str, new: str) -> list[Problem]:
        text = (DATA / f"{pack}.yaml").read_text(encoding="utf-8")
        assert old in text, f"{pack}.yaml no longer holds {old!r}: choose another passage"
        raw = text.replace(old, new, 1).encode()
        try:
            changed = compile_pack(pack, raw, PACKS[pack].kind())
        except EvidenceError as error:
            return list(error.problems)
        return check(Knowledge.of({**knowledge.packs(), pack: changed}))

    return change
