"""One hash over the answers of case files: the same before and after a change that should change none.

    python scripts/hash_answers.py examples/*.yaml

Prints a line a case and one for all; `--each` leaves the sum out. The version of Psoas is left out of what is hashed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import psoas


def digest(path: Path) -> str:
    """SHA-256 of the answer as JSON, without the version that made it."""
    answer = psoas.assess(path).to_json()
    answer.pop("psoas_version", None)
    return hashlib.sha256(json.dumps(answer, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--each", action="store_true", help="no line for all")
    chosen = parser.parse_args()
    whole = hashlib.sha256()
    for path in chosen.cases:
        found = digest(path)
        whole.update(found.encode())
        print(found[:16], path.name)
    if not chosen.each:
        print(whole.hexdigest(), "all", len(chosen.cases))


if __name__ == "__main__":
    main()
