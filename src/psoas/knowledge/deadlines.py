"""The words of a deadline, wherever something is said of an urgency.

Reviewed texts keep their words in files of their own and name no time: under the key of an urgency `{within}` and
`{soon}` stand for its deadline.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psoas.knowledge import Knowledge, load


def within(urgency: str, knowledge: Knowledge | None = None) -> str:
    """By when, as the end of 'a doctor ...'; empty for an urgency that sends nobody to a doctor."""
    deadline = (knowledge or load()).urgency.deadlines.get(urgency)
    return deadline.within if deadline else ""


def with_deadlines(texts: Any, urgency: str = "", knowledge: Knowledge | None = None) -> Any:
    """The same texts with the deadline of the urgency under whose key they stand."""
    deadlines = (knowledge or load()).urgency.deadlines
    if isinstance(texts, Mapping):
        return {
            key: with_deadlines(part, str(key) if key in deadlines else urgency, knowledge)
            for key, part in texts.items()
        }
    if isinstance(texts, (list, tuple)):
        return [with_deadlines(part, urgency, knowledge) for part in texts]
    if isinstance(texts, str) and (deadline := deadlines.get(urgency)):
        return texts.replace("{within}", deadline.within).replace("{soon}", deadline.soon)
    return texts
