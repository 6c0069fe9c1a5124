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
Phase = Literal["calm", "rebuild", "return"]
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
        words: the same for a practitioner.
        weight: responsibility of a source, 0 to 1; None for everything else.
        plain: the same in the client's wording of the question; empty where the words are plain already.
    """

    id: str
    words: str
    weight: float | None = None
    plain: str = ""

    @property
    def for_client(self) -> str:
        """The words for the person."""
        return self.plain or self.words


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
        for_: the source of pain that it is for, a cause of the screen for a referral, or `no_single_source`.
        phase: `calm`, `rebuild` or `return`; None for a referral and outside a pathway.
        order: its place among the five things: 0 a referral, 1 the load to change, 2 what eases now, 3 the exercise for
            the source, 4 the next, 5 the way back; None outside a pathway.
        say: what to do, in a sentence or two, for the person.
        progress_when, regress_when: when to do more, and when less.
        until_seen: what to do until somebody has looked; for a referral.
        check: what should be checked there; `how_soon` says when.
        again: why now, where something alike was tried before.
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
    for_: str = ""
    phase: Phase | None = None
    order: int | None = None
    say: str = ""
    progress_when: str = ""
    regress_when: str = ""
    until_seen: str = ""
    check: tuple[str, ...] = ()
    how_soon: str = ""
    again: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a plan is for.

    Attributes:
        for_: the source it treats first, or `no_single_source`.
        pathway: the care pathway that it follows.
        name: the source in plain words.
        probability: of that source.
        how_sure: a word for it.
        second: another source that is close behind, or None.
        because: the facts of this case that lead there, the weightiest first.
        phase: where the person starts; `phase_why` says by which facts.
        hurts: loads of a day that hurt this person, as words.
        sentence: all of it in a line, for a practitioner; `plain` for the person, without figures.
    """

    for_: str
    pathway: str
    name: str
    probability: float
    how_sure: str
    second: str | None
    second_name: str
    because: tuple[Because, ...]
    phase: Phase
    phase_why: str
    hurts: tuple[str, ...]
    sentence: str
    plain: str


@dataclass(frozen=True, slots=True)
class HandsOnWork:
    """Work with hands or needles for the source: what, where, how long, what to expect, what not."""

    what: str
    region: str
    minutes: str
    sessions: str
    expect: str
    not_if: str
    certainty: str
    again: str
    sources: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ReTest:
    """What to measure again, after how many weeks, how much is enough, and what next if not.

    `plain`: the same for the person, in a few words; `plain_enough`: how much will do, and what next if not.
    """

    plain: str
    plain_enough: str
    what: str
    after_weeks: int
    enough: str
    if_not: str


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
        "guidelines_against", "no_evidence", "weak_evidence", "our_rule", "provokes", "examination",
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
        aim: what it is for; None while a doctor comes first.
        hands_on: work for the source that nothing stands against.
        hands_on_withheld: such work that something stands against, with the reasons.
        examine_first: parts of the nerves' examination that are missing although the leg hurts.
        retest: the sign and the activity to measure again.
        avoid: what the pathway says to leave alone for now.
        differs: what is otherwise for people like this one.
        course: what to expect, as published.
        watch: when to get help, for this source; the whole safety net stands beside it.
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
    aim: Aim | None = None
    hands_on: tuple[HandsOnWork, ...] = ()
    hands_on_withheld: tuple[Dropped, ...] = ()
    examine_first: tuple[str, ...] = ()
    retest: ReTest | None = None
    avoid: tuple[Leave, ...] = ()
    differs: tuple[str, ...] = ()
    course: str = ""
    watch: str = ""

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
                "for": item.for_ or None,
                "phase": item.phase,
                "order": item.order,
                "progress_when": item.progress_when or None,
                "until_seen": item.until_seen or None,
            }
            for item in self.items
        ]
