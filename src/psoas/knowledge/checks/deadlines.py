"""Check that the screen's scale of actions names the deadlines of the one table, and no other time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from psoas.knowledge.problems import Problem

if TYPE_CHECKING:
    from psoas.knowledge._load import Knowledge


def check_deadlines(k: Knowledge) -> Iterator[Problem]:
    """Every urgency that sends to a doctor has its deadline, and its action says so."""
    scale: dict[str, str] = {str(name): text for name, text in k.red_flags.action_scale.items()}
    for name, deadline in k.urgency.deadlines.items():
        if name not in scale:
            yield Problem("urgency", f"deadlines/{name}", name, f"one of {', '.join(scale)}")
        elif deadline.hours != 0 and deadline.within not in scale[name]:
            yield Problem("red_flags", f"action_scale/{name}", scale[name], f"the words '{deadline.within}'")
    for name in scale:
        if name != "watch" and name not in k.urgency.deadlines:
            yield Problem("urgency", "deadlines", name, "a deadline")
