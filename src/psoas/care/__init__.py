"""What to do now: a plan of at most five things, each with its evidence, dose, harms and stop rules.

`plan_for` is the one verb; `Plan` and its parts are the nouns. `weights` holds every choice of ours, with its reason.
"""

from psoas.care.brief import Shown, brief, word_count
from psoas.care.plan import exercises_held_back, plan_for, stage_of
from psoas.care.types import (
    Aim,
    Because,
    Citation,
    Clash,
    Dropped,
    EffectWords,
    HandsOnWork,
    Item,
    Leave,
    Plan,
    Reason,
    ReTest,
    Review,
    Score,
    Stance,
)

__all__ = [
    "Aim",
    "Because",
    "Citation",
    "Clash",
    "Dropped",
    "EffectWords",
    "HandsOnWork",
    "Item",
    "Leave",
    "Plan",
    "ReTest",
    "Reason",
    "Review",
    "Score",
    "Shown",
    "Stance",
    "brief",
    "exercises_held_back",
    "plan_for",
    "stage_of",
    "word_count",
]
