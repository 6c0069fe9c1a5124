"""How the plan chooses: every number here is our own choice, with the reason beside it.

Nothing published says how to weigh certainty against burden. The points are few and small so that a reader can add them
up: an item's score is the sum of what the functions of `_scoring` give it, and `Item.score` shows each part.
"""

from __future__ import annotations

from types import MappingProxyType

MOST_ITEMS = 5
"""A plan nobody can follow is no plan; five is what the issue of this work asks for."""

CERTAINTY_POINTS = MappingProxyType({"high": 4.0, "moderate": 3.0, "low": 2.0, "very_low": 1.0, "none": 0.0})
"""One point a step: what is known well comes before what only looks large."""

EFFECT_POINTS = 3.0
"""For an effect as large as the smallest change people notice; smaller ones in proportion, larger ones no more, since
large effects here come from small trials."""

EFFECT_TRUST = MappingProxyType({"high": 1.0, "moderate": 0.75, "low": 0.5, "very_low": 0.25, "none": 0.0})
"""The share of the effect points that is believed at each certainty."""

UNKNOWN_SIZE = 1.0
"""Effect points when a review gives a direction and no size, or compares with another treatment only."""

STANCE_POINTS = MappingProxyType({"for": 1.0, "conditional": 0.5, "no_recommendation": 0.0, "against": -2.0})
"""Guidelines share their trials, so agreement counts little and is capped; an 'against' weighs double."""
STANCE_CAP = 2.0

MATCH_POINTS = 3.0
"""Times the share of the complaint that the item speaks to: responsibility of its sources, and what is left over for
items that help back pain of no single source."""
LEAST_GENERAL = 0.3
"""What is left over for general care is never taken to be less: no ranking of sources is that sure."""

DOSE_POINTS = MappingProxyType({"trial": 0.5, "guideline": 0.5, "default": 0.0})
OWN_STUDY_POINTS = 0.5
"""An exercise whose dose has a source, or that was studied itself, comes before one that only belongs to its group."""
AIMLESS_POINTS = -1.0
"""Bending or arching as an exercise, when nothing in the case asks for that direction."""

LEADING_POINTS = 2.0
LEADING_RESPONSIBILITY = 0.1
"""An item made for the leading source, when that source answers for a tenth of the complaint or more."""

FINDING_POINTS = 2.0
"""A finding of this case that the item acts on was seen, for instance a hip that does not straighten."""

LIKELY = 0.3
"""Probability from which a source is treated as present when that makes the plan more careful (for instance a narrow
canal and bending backward). Three in ten, so that doubt protects."""

BURDEN_POINTS = MappingProxyType({
    "education": 0.0, "exercise": 0.0, "self_care": 0.0, "supplement": -0.5, "medicine": -1.0, "hands_on": -1.0,
    "needling": -1.0, "mind": -1.5, "programme": -2.0,
})  # fmt: skip
"""What an item costs in visits, weeks and side effects."""
THRUST_POINTS = -0.5
"""A thrust to the spine has rare grave harms (red_flags.yaml, harm_reports)."""

REFER_POINTS = -3.0
"""Somebody else must decide and do it: to be known, not to be counted on."""

LEAST_SCORE = 4.0
"""Below this an item does not fill a free place: fewer things to do are better than weak ones."""

PLACES = MappingProxyType({
    "acute": ("education", "exercise"),
    "subacute": ("education", "exercise", "exercise"),
    "chronic": ("education", "exercise", "exercise"),
    "recurrent": ("education", "exercise", "exercise"),
})  # fmt: skip
"""Kinds that get a place before all others, best score first. Education stands first and always (its note says so);
hands-on work is advised only in a package with exercise (NICE NG59), and exercise is the first choice of five
guidelines once pain lasts."""
UNKNOWN_STAGE_PLACES = ("education", "exercise")
PLACES_BEFORE_HIP_FLEXORS = 2
"""After the first two places, one goes to the hip flexors when a finding asks for it: whether they matter can only be
learnt by treating them and testing again, so a plan without that step would leave the question open for good."""

MOST_OF_A_KIND = MappingProxyType({"exercise": 3, "education": 1})
"""Any other kind: one."""
FIRST_KINDS = ("education", "exercise", "self_care")
"""The order of the plan: what a person does alone, then the rest, each by score."""
MOST_PASSIVE = 1
PASSIVE = frozenset({"hands_on", "needling"})
"""Kinds in which something is done to the person: one of them at most."""
COMFORT = frozenset({"self_care", "medicine", "supplement"})
MOST_COMFORT = 2
"""Warmth and a tablet may stand beside each other in a fresh episode; in all at most two for comfort."""

GENTLE_BESIDES_REFERRAL = 2
"""While an urgent appointment is awaited: the referral and at most two gentle things."""

LEAST_HIP_FLEXOR = 0.1
"""Work on the hip flexors comes into question from this summed responsibility, or from a finding that asks for it."""

SHOWN_RESPONSIBILITY = 0.05
"""Sources below this are not named as a reason."""

ADULT_YEARS = 16
"""The guidelines speak of adults (NG59: over 16)."""

# Review: weeks of the checkpoints in prognosis.yaml at which to look again first.
REVIEW_WEEK = MappingProxyType({"acute": 2, "subacute": 2, "chronic": 4, "recurrent": 12})
UNKNOWN_STAGE_REVIEW_WEEK = 2
EARLY_REVIEW_WEEK = 1
"""With anything to watch, a pain that gets worse, or a referral under way: the checkpoint of the first week."""
