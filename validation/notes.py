"""Lays over a case what its notes say since the vocabulary has ids for it, so that a score can stand with and without.

python -m validation.diagnosis --cases FOLDER --truth FILE --notes validation/case_facts_from_notes.yaml
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

FACTS = Path(__file__).parent / "case_facts_from_notes.yaml"
"""The facts for the published cases."""
_BLOCKS = {"findings", "conditions", "regions"}


def facts_from_notes(path: Path = FACTS) -> dict[str, dict[str, Any]]:
    """Per case the facts that its notes hold."""
    read: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def with_notes(case: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The case with these facts beside its own; what it says already is never changed.

    Raises:
        ValueError: a fact that the case states otherwise, or a block that is no block of facts.
    """
    if strange := sorted(set(facts) - _BLOCKS):
        raise ValueError(f"{', '.join(strange)}: expected {', '.join(sorted(_BLOCKS))}.")
    pain = dict(case.get("pain") or {})
    made = {**case}
    if "findings" in facts:
        made["findings"] = _beside(case.get("findings") or {}, facts["findings"])
    if "regions" in facts:
        made["pain"] = {**pain, "regions": _beside(pain.get("regions") or {}, facts["regions"])}
    if "conditions" in facts:
        made["conditions"] = list(dict.fromkeys((*(case.get("conditions") or ()), *facts["conditions"])))
    return made


def _beside(held: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    if differ := sorted(name for name in more if name in held and held[name] != more[name]):
        raise ValueError(f"{', '.join(differ)}: the case says otherwise.")
    return {**held, **more}
