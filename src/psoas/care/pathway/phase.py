"""In which phase a person starts: calm, rebuild or return, by pain, time and course (`phase` of plan_choices.yaml)."""

from __future__ import annotations

from psoas.care.types import Phase
from psoas.case import Case
from psoas.knowledge import Knowledge
from psoas.screening import Screen


def phase_of(case: Case, screen: Screen, knowledge: Knowledge) -> tuple[Phase, str]:
    """The phase, and by which facts: worse, fresh, very sore or awaiting a doctor is calm; unknown moves nobody."""
    edges, pain = knowledge.plan_choices.phase, case.pain
    worst, weeks = pain.worst, pain.duration_weeks
    if screen.at_least("routine_referral"):
        return "calm", "until the appointment"
    if pain.course == "worsening":
        return "calm", "the pain is getting worse"
    if worst is not None and worst >= edges.calm_from_pain:
        return "calm", f"pain {worst:g} of 10"
    if weeks is not None and weeks < edges.calm_within_weeks:
        return "calm", f"it began {_time(weeks)} ago"
    if worst is not None and worst <= edges.return_up_to_pain:
        return "return", f"pain {worst:g} of 10"
    lasting = weeks is not None and weeks > edges.lasting_weeks
    if lasting and weeks is not None:
        return "rebuild", f"{_time(weeks)} of pain"
    if worst is None or worst >= edges.calm_recent_pain:
        return "calm", _untold(worst, weeks) or f"pain {worst:g} of 10"
    return "rebuild", f"pain {worst:g} of 10"


def _untold(worst: float | None, weeks: float | None) -> str:
    """What was not told of strength and time; empty when both were."""
    if worst is None and weeks is None:
        return "how strong it is, and for how long, was not told"
    return "how strong it is was not told" if worst is None else "for how long was not told" if weeks is None else ""


def _time(weeks: float) -> str:
    """Weeks as a reader says them: days under one, years from two on."""
    if weeks < 1:
        return f"{max(1, round(7 * weeks))} days"
    if weeks >= 104:
        return f"{round(weeks / 52)} years"
    return "1 week" if weeks == 1 else f"{weeks:g} weeks"
