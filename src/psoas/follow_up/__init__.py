"""How it goes: the course that studies lead one to expect, check-ins, and the judgement of each.

`judge` is the one verb; it never lets a number outvote a danger sign. `expected_course` draws what people had on
average, never what one person must have. `choices` holds what we chose ourselves, each with its reason.
"""

from psoas.follow_up.angles import AngleChange, compare_angles
from psoas.follow_up.check_in import CheckIn
from psoas.follow_up.danger import Danger, Group, danger_groups, look_for_danger
from psoas.follow_up.expected import (
    ExpectedCourse,
    ExpectedPoint,
    RecoveryShare,
    expected_course,
)
from psoas.follow_up.judge import judge
from psoas.follow_up.measures import MEASURES, Threshold, free_to_ship
from psoas.follow_up.readings import Baseline
from psoas.follow_up.reopen import Reopened, reopen
from psoas.follow_up.types import Judgement, Verdict, Why

__all__ = [
    "MEASURES",
    "AngleChange",
    "Baseline",
    "CheckIn",
    "Danger",
    "ExpectedCourse",
    "ExpectedPoint",
    "Group",
    "Judgement",
    "RecoveryShare",
    "Reopened",
    "Threshold",
    "Verdict",
    "Why",
    "compare_angles",
    "danger_groups",
    "expected_course",
    "free_to_ship",
    "judge",
    "look_for_danger",
    "reopen",
]
