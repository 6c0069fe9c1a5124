"""The interview: given what is known of a case and who answers, what to ask next. Terminal and app ask the same.

step = next_step(case, who="self")            # a danger sheet, a question, a stop, or done
case = apply(case, step, {"tick": ["fever"]}) # the answer, in the case
"""

from __future__ import annotations

from psoas.assessment.interview.answers import NONE_OF_THESE, Form, apply, apply_answers
from psoas.assessment.interview.flow import ENOUGH_BITS, FIRST_QUESTIONS, Interview, next_step
from psoas.assessment.interview.sheets import danger_sheets, part_of, sign_sheets, step_of
from psoas.assessment.interview.types import WHO, Block, Part, Progress, Step

__all__ = [
    "ENOUGH_BITS", "FIRST_QUESTIONS", "NONE_OF_THESE", "WHO", "Block", "Form", "Interview", "Part", "Progress", "Step",
    "apply", "apply_answers", "danger_sheets", "next_step", "part_of", "sign_sheets", "step_of",
]  # fmt: skip
