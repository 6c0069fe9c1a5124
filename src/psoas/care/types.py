"""What a plan is made of. Everything is frozen, and every item says where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Kind = Literal[
    "referral", "education", "exercise", "self_care", "hands_on", "needling", "mind", "medicine", "supplement",
    "programme",
]  # fmt: skip
Who = Literal["self", "practitioner", "refer"]
Stage = Literal["acute", "subacute", "chronic", "recurrent"]
Noticeable = Literal["yes", "no", "unclear", "unknown"]


@dataclass(frozen=True, slots=True)
class Citation:
    """One source: its id in a pack of the evidence, what it is, and how the figure was read there."""

    id: str
    pack: str
    citation: str
    read_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Because:
    """One thing that led to an item.

    Attributes:
        id: a source of pain, a finding, the rule of an alarm, `no_single_source`, or a stage.
        words: the same for a reader.
        weight: responsibility of a source, 0 to 1; None for everything else.
    """

    id: str
    words: str
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class EffectWords:
    """An effect in plain words, beside the smallest change that people notice.

    Attributes:
        noticeable: whether the average effect is as large as that change; `unclear` when the interval of the effect
            holds nothing as well, `unknown` when no size in points was read.
        points: the effect on a scale of 0 to 100, positive is better; only used to rank. None: not known.
        against_little: compared with little or nothing, not with another treatment.
    """

    words: str
    noticeable: Noticeable
    points: float | None
    against_little: bool


@dataclass(frozen=True, slots=True)
class Stance:
    """What one guideline says of an item."""

    body: str
    stance: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """Why an item stands where it stands: points per criterion (see `weights`), and their sum."""

    points: tuple[tuple[str, float], ...]

    @property
    def total(self) -> float:
        """Sum of the points, rounded so that it reads the same everywhere."""
        return round(sum(value for _, value in self.points), 3)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do.

    Attributes:
        id: id of the intervention or exercise, or of the step of `action_scale` for a referral.
        name: for the person; `practitioner_name` in the words of the trade.
        dose: as the data hold it; empty when none is published.
        dose_words: the dose, or that there is none, as a sentence.
        certainty: of the evidence, as graded; `certainty_words` says where the grade comes from.
        effects: sizes in plain words beside the smallest change people notice.
        stances: what guidelines say; `disagreement` is a sentence when they do not agree.
        stop_if: when to stop, what must be answered before it starts first.
        start_after: those of `stop_if` that say what must be answered before it starts.
        leave_out_if: what would forbid the item and has not been asked; in plain words.
        after_questions: ids that must be answered no before the item starts (the gate before the hip flexors).
        doctor_first: questions of the same gate that were answered yes without raising an alarm: a doctor's word first.
        retest: how to learn whether it was the right thing; only for items at the hip flexors.
    """

    id: str
    kind: Kind
    name: str
    practitioner_name: str
    who: Who
    steps: tuple[str, ...] = ()
    dose: Mapping[str, Any] = field(default_factory=dict)
    dose_words: str = ""
    certainty: str = "none"
    certainty_words: str = ""
    effects: tuple[EffectWords, ...] = ()
    stances: tuple[Stance, ...] = ()
    disagreement: str | None = None
    harms: str = ""
    because: tuple[Because, ...] = ()
    stop_if: tuple[str, ...] = ()
    start_after: tuple[str, ...] = ()
    leave_out_if: tuple[str, ...] = ()
    after_questions: tuple[str, ...] = ()
    doctor_first: tuple[str, ...] = ()
    retest: str | None = None
    note: str = ""
    sources: tuple[Citation, ...] = ()
    score: Score | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not offered.

    Attributes:
        code: what kind of reason.
        by: the flag, technique, medicine, illness or rule that stands against it.
        words: one sentence.
        source: citations of the rule, where it has one.
    """

    code: Literal[
        "contraindication", "technique", "interaction", "gate", "referred", "tried", "age", "place", "unknown_medicine",
        "guidelines_against", "no_evidence", "weak_evidence", "our_rule",
    ]  # fmt: skip
    by: str
    words: str
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that would have come into question and is not offered."""

    id: str
    kind: Kind
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things of this case that do not go together; `severity` is avoid, caution or minor."""

    first: str
    second: str
    severity: str
    words: str
    evidence: str
    sources: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """Something not to do for now, and what to do instead; `techniques`: the ids of those that it names."""

    what: str
    why: str
    instead: str
    source: tuple[str, ...]
    techniques: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """When to look again, at what, and what to do if it is not as expected. `on` is None when no date was given."""

    week: int
    on: date | None
    check: str
    expected: str
    if_not: str
    why_then: str
    source: tuple[str, ...]
    read_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now, in order.

    Attributes:
        stage: how long the pain has lasted, in the words of the trials; None when nobody said.
        items: at most five, the first one first.
        dropped: what something in this case forbids or holds back, with the reasons.
        not_offered: what would fit this stage and place, but the evidence or the guidelines speak against it.
        next_best: ids that came next, with their score, for a practitioner who wants another choice.
        clashes: what the person already takes or has that does not go together, worst first.
        ask_pharmacist: medicines and supplements that the tables do not know, and why to ask.
        warnings: what holds for a product that is taken or offered, whatever else is taken.
        leave_for_now: exercises and techniques to leave for now.
    """

    urgency: str
    stage: Stage | None
    items: tuple[Item, ...]
    dropped: tuple[Dropped, ...]
    not_offered: tuple[Dropped, ...]
    next_best: tuple[tuple[str, float], ...]
    clashes: tuple[Clash, ...]
    ask_pharmacist: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    leave_for_now: tuple[Leave, ...]
    safety_net: tuple[str, ...]
    review: Review
    checkpoints: tuple[Review, ...]
    message: str | None

    def to_answer(self) -> list[dict[str, Any]]:
        """The `plan` list of the answer: plain data, exactly the keys of the case format."""
        return [
            {
                "id": item.id,
                "kind": item.kind,
                "certainty": item.certainty,
                "dose": dict(item.dose),
                "because": [one.id for one in item.because],
                "stop_if": list(item.stop_if),
            }
            for item in self.items
        ]
