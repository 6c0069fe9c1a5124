"""The reference evaluator of the evidence packs, unchanged, run over the packs that the package ships."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psoas.knowledge
from psoas.knowledge._load import PACKS

HERE = Path(__file__).parent
DATA = Path(psoas.knowledge.__file__).parent / "data"


@lru_cache(maxsize=1)
def reference() -> Any:
    """`check.py` as a namespace: `Case`, `FINDINGS`, `COMBOS`, `EXAMPLES` and so on."""
    source = (HERE / "check.py").read_text(encoding="utf-8")
    names: dict[str, Any] = {"__file__": str(DATA / "check.py"), "__name__": "check"}
    exec(compile(source, str(HERE / "check.py"), "exec"), names)
    names["PACKS"] = {name: pack for name, pack in names["PACKS"].items() if name in PACKS}  # what the package reads
    return SimpleNamespace(**names)
