"""Settle it on one person: treat and re-test within a visit, and a trial in blocks over weeks.

    from psoas.trial import Reading, posterior, retest, verdict_of
    retest([Reading("before", 6), Reading("before", 6), Reading("treatment", 3), Reading("comparison", 3)])

A trial is drawn by lot, told a day at a time, and analysed exactly. Danger signs stop it; nothing of it moves the
screen.
"""

from __future__ import annotations

from psoas.trial.angle import AngleChange, AngleReading, angle_change
from psoas.trial.course import Course, Look, course_of
from psoas.trial.design import Option, Swings, options, swings_of, typical_swings
from psoas.trial.guided import LaidDown, State, state_of
from psoas.trial.model import Posterior, TrialError, posterior
from psoas.trial.record import Day, Trial
from psoas.trial.retest import Reading, Retest, characteristics, retest
from psoas.trial.schedule import Schedule, draw, new_seed
from psoas.trial.verdict import Verdict, verdict_of

__all__ = [
    "AngleChange",
    "AngleReading",
    "Course",
    "Day",
    "LaidDown",
    "Look",
    "Option",
    "Posterior",
    "Reading",
    "Retest",
    "Schedule",
    "State",
    "Swings",
    "Trial",
    "TrialError",
    "Verdict",
    "angle_change",
    "characteristics",
    "course_of",
    "draw",
    "new_seed",
    "options",
    "posterior",
    "retest",
    "state_of",
    "swings_of",
    "typical_swings",
    "verdict_of",
]
