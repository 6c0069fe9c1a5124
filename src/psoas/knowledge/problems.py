"""What is said when the evidence does not hold together."""

from __future__ import annotations

from typing import NamedTuple

from psoas.errors import KnowledgeError


class Problem(NamedTuple):
    """One fault in a pack: where it stands, what stands there, and what was expected."""

    pack: str
    """Name of the file without its ending."""
    path: str
    """Keys and ids from the top of the file, joined by '/'."""
    value: object
    """What was found; None when the message says it all."""
    expected: str

    def __str__(self) -> str:
        found = "" if self.value is None else f" is {_short(self.value)}"
        return f"{self.pack}.yaml {self.path}{found}; expected {self.expected}."


class EvidenceError(KnowledgeError):
    """The evidence packs are at fault. `problems` holds every fault found, in file order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        shown = [str(problem) for problem in problems[:10]]
        more = [f"and {len(problems) - 10} more"] if len(problems) > 10 else []
        super().__init__("\n".join([f"{len(problems)} problem(s) in the evidence:", *shown, *more]))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
