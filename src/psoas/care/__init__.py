"""What to do now: a plan of at most five things, each with its evidence, dose, harms and stop rules.

`plan_for` is the one verb; `Plan` and its parts are the nouns. `weights` holds every choice of ours, with its reason.
"""

from psoas.care.plan import exercises_held_back, plan_for, stage_of
from psoas.care.types import (
    Because,
    Citation,
    Clash,
    Dropped,
    EffectWords,
    Item,
    Leave,
    Plan,
    Reason,
    Review,
    Score,
    Stance,
)

__all__ = [
    "Because",
    "Citation",
    "Clash",
    "Dropped",
    "EffectWords",
    "Item",
    "Leave",
    "Plan",
    "Reason",
    "Review",
    "Score",
    "Stance",
    "exercises_held_back",
    "plan_for",
    "stage_of",
]
