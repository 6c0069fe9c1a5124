"""The interview: given what is known of a case and who answers, what to ask next. Terminal and app ask the same.

step = next_step(case, who="self")            # a danger sheet, a question, a stop, or done
case = apply(case, step, {"tick": ["fever"]}) # the answer, in the case
"""

from __future__ import annotations

from psoas.interview.answers import apply, apply_answers, apply_graver
from psoas.interview.fields import apply_pain, apply_person
from psoas.interview.flow import ENOUGH_BITS, FIRST_QUESTIONS, Interview, next_step
from psoas.interview.lists import apply_goals, apply_medicines, illness_groups, takes_none, understood
from psoas.interview.measured import METHODS, apply_measurements, asked_back, remarks
from psoas.interview.sheets import all_sheets, danger_sheets, part_of, sign_sheets, step_of
from psoas.interview.types import WHO, Block, Part, Progress, Step

__all__ = [
    "ENOUGH_BITS", "FIRST_QUESTIONS", "METHODS", "WHO", "Block", "Interview", "Part", "Progress", "Step", "all_sheets",
    "apply", "apply_answers", "apply_goals", "apply_graver", "apply_measurements", "apply_medicines", "apply_pain",
    "apply_person", "asked_back", "danger_sheets", "illness_groups", "next_step", "part_of", "remarks", "sign_sheets",
    "step_of", "takes_none", "understood",
]  # fmt: skip
