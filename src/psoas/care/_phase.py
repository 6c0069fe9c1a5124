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
        return "calm", f"it began {weeks:g} week{'s' if weeks != 1 else ''} ago"
    if worst is not None and worst <= edges.return_up_to_pain:
        return "return", f"pain {worst:g} of 10"
    lasting = weeks is not None and weeks > edges.lasting_weeks
    if lasting:
        return "rebuild", f"{weeks:g} weeks of pain"
    if worst is None or worst >= edges.calm_recent_pain:
        untold = worst is None or weeks is None
        return "calm", "how strong or how long was not told" if untold else f"pain {worst:g} of 10"
    return "rebuild", f"pain {worst:g} of 10"
