"""Records the answers of the examples in tests/recorded_answers, which a test compares within a tolerance.

    .venv/bin/python scripts/record_answers.py          # after a change that is meant to change answers; read the diff

The version and the hash of the evidence are left out: they change with every change. Without the body model the part
that it computes would be missing, so it has to be installed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psoas
from psoas.assessment.body_findings import is_installed

HERE = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((HERE / "examples").glob("*.yaml"))
RECORDED = HERE / "tests" / "recorded_answers"
LEFT_OUT = ("psoas_version", "knowledge_sha256")


def answer_of(example: Path) -> dict[str, Any]:
    """The answer of an example as JSON has it, without what every version changes."""
    answer: dict[str, Any] = json.loads(json.dumps(psoas.assess(example).to_json()))
    return {name: value for name, value in answer.items() if name not in LEFT_OUT}


def main() -> None:
    """Write one file an example, and drop those of examples that are gone."""
    if not is_installed():
        raise SystemExit("the body model is not installed: pip install 'psoas[body]'")
    RECORDED.mkdir(exist_ok=True)
    for old in RECORDED.glob("*.json"):
        old.unlink()
    for example in EXAMPLES:
        text = json.dumps(answer_of(example), indent=1, ensure_ascii=False, sort_keys=True)
        (RECORDED / f"{example.stem}.json").write_text(text + "\n", encoding="utf-8")
    print(f"recorded {len(EXAMPLES)} answers in {RECORDED.relative_to(HERE)}")


if __name__ == "__main__":
    main()
