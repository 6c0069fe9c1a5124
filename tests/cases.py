"""Random cases over everything that a case file can say: seeded ones for counts, Hypothesis strategies for properties.

Both are built from the vocabulary, so a new finding, region or medicine is in play as soon as the evidence has it.
"""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from hypothesis import strategies as st

from psoas.case import Case, Course, Effect, Onset, Sex, Vocabulary
from psoas.knowledge.index import vocabulary

Raw = dict[str, Any]

SEXES: tuple[str, ...] = Sex.__args__
ONSETS: tuple[str, ...] = (*Onset.__args__, "unknown")
COURSES: tuple[str, ...] = (*Course.__args__, "unknown")
EFFECTS: tuple[str, ...] = Effect.__args__
AGES = (3, 9, 14, 19, 25, 33, 44, 46, 51, 55, 58, 61, 66, 71, 76, 85)
WEEKS = (0.5, 1, 3, 5, 7, 8, 13, 14, 27, 30, 60, 300)
HOW_MANY = (0, 1, 2, 3, 5, 8, 15, 40)


@cache
def words() -> Vocabulary:
    return vocabulary()


@cache
def finding_ids() -> tuple[str, ...]:
    return tuple(sorted(words().findings))


def case_of(raw: Raw) -> Case:
    return Case.of(raw, words())


def with_answer(raw: Raw, name: str, answer: Any) -> Raw:
    """The same case with one answer set; the case itself is left as it is."""
    return raw | {"findings": {**raw.get("findings", {}), name: answer}}


# ---- seeded


def random_case(seed: int) -> Raw:
    """One raw case for each seed, every block now and then absent, booleans now and then in place of yes and no."""
    rng = random.Random(seed)
    raw: Raw = {"psoas_case": 1, "person": _person(rng), "pain": _pain(rng), "findings": _findings(rng)}
    if rng.random() < 0.4:
        raw["tried"] = [_tried(rng) for _ in range(rng.choice((1, 2)))]
    if rng.random() < 0.4:
        raw["measurements"] = [_measurement(rng) for _ in range(rng.choice((1, 2, 3)))]
    if rng.random() < 0.3:
        raw["vitals"] = _numbers(rng, words().vitals, rng.choice((1, 2, 4)))
        if rng.random() < 0.3:
            raw["vitals"]["alert"] = rng.choice(("yes", "no", True, False, "unknown"))
    if rng.random() < 0.2:
        raw["laboratory"] = _numbers(rng, words().laboratory, rng.choice((1, 2)))
    if rng.random() < 0.3:
        raw["medicines"] = rng.sample(sorted(words().medicines), rng.choice((1, 2)))
    if rng.random() < 0.3:
        raw["conditions"] = [
            name + rng.choice(("", "_left", "_right")) if name.startswith("hip_r") else name
            for name in rng.sample(sorted(words().conditions), rng.choice((0, 1, 2)))
        ]
    return raw


def _person(rng: random.Random) -> Raw:
    person: Raw = {}
    if rng.random() < 0.8:
        person["age_years"] = rng.choice(AGES)
    if rng.random() < 0.8:
        person["sex"] = rng.choice(SEXES)
    if rng.random() < 0.3 and person.get("sex") != "male":
        person["pregnant"] = rng.choice((True, False, "yes", "no", "unknown"))
        if person["pregnant"] in (True, "yes") and rng.random() < 0.5:
            person["pregnancy_weeks"] = rng.choice((5, 12, 24, 36))
    if rng.random() < 0.3:
        person |= {"height_m": 1.7, "mass_kg": rng.choice((40, 55, 90))}
    if rng.random() < 0.4:
        activity: Raw = {"id": rng.choice(sorted(words().activities))}
        if rng.random() < 0.5:
            activity["change_percent_last_8_weeks"] = rng.choice((0, 20, 50, 100))
        person["activities"] = [activity]
    return person


def _pain(rng: random.Random) -> Raw:
    marked = rng.sample(sorted(words().regions), rng.choice((0, 1, 1, 2, 3, 5)))
    pain: Raw = {"regions": {region: rng.choice((None, 2, 5, 8)) for region in marked}}
    if rng.random() < 0.3:
        pain["map_complete"] = rng.choice(("yes", "no", True, False, "unknown"))
    if rng.random() < 0.4:
        pain["worst_overall_0_10"] = rng.choice(("mild", "moderate", "severe", 1, 4, 7, 9))
    if rng.random() < 0.6:
        pain["duration_weeks"] = rng.choice(WEEKS[:-1])
    if rng.random() < 0.5:
        pain["onset"] = rng.choice(ONSETS)
    if rng.random() < 0.6:
        pain["course"] = rng.choice(COURSES)
    return pain


def _tried(rng: random.Random) -> Raw:
    tried: Raw = {"what": "massage", "effect": rng.choice(EFFECTS)}
    if rng.random() < 0.5:
        tried["weeks"] = rng.choice((1, 4, 7))
    return tried


def _findings(rng: random.Random) -> Raw:
    return {name: _answer(rng, name) for name in rng.sample(finding_ids(), rng.choice(HOW_MANY))}


def _answer(rng: random.Random, name: str) -> Any:
    word = words().findings[name]
    spelt = {"yes": True, "no": False} if rng.random() < 0.5 else {}

    def one() -> Any:
        came = rng.choice(("yes", "yes", "no", "unknown", "not_possible", *word.places))
        return spelt.get(came, came)

    if word.sided and rng.random() < 0.6:
        return {side: one() for side in rng.choice((("left",), ("right",), ("left", "right"), ("right", "left")))}
    return one()


def _measurement(rng: random.Random) -> Raw:
    name = rng.choice(sorted(words().measurements))
    word = words().measurements[name]
    grades = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
    spread = grades if word.field == "value_grade" else (word.low, word.high, rng.uniform(word.low, word.high))
    reading: Raw = {"id": name, word.field: rng.choice(spread)}
    if word.sided and rng.random() < 0.8:
        reading["side"] = rng.choice(("left", "right"))
    return reading


def _numbers(rng: random.Random, ranges: Any, how_many: int) -> Raw:
    chosen = rng.sample(sorted(ranges.items()), how_many)
    return {name: rng.choice((low, high, rng.uniform(low, high))) for name, (low, high) in chosen}


# ---- Hypothesis


def _optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries({}, optional=fields)


def _within(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False) | st.sampled_from((float(low), float(high)))


YES_NO = st.sampled_from(("yes", "no", True, False, "unknown"))


def answers(name: str) -> st.SearchStrategy[Any]:
    """Every way in which one finding may be answered."""
    word = words().findings[name]
    one = st.sampled_from(("yes", "no", True, False, "unknown", "not_possible", *word.places))
    return one | _optional(left=one, right=one) if word.sided else one


@st.composite
def findings(draw: st.DrawFn, *, max_size: int = 12) -> Raw:
    names = draw(st.lists(st.sampled_from(finding_ids()), max_size=max_size, unique=True))
    return {name: draw(answers(name)) for name in names}


@st.composite
def measurements(draw: st.DrawFn) -> Raw:
    name = draw(st.sampled_from(sorted(words().measurements)))
    word = words().measurements[name]
    reading: Raw = {"id": name, word.field: draw(_within(word.low, word.high))}
    if word.sided:
        reading |= draw(_optional(side=st.sampled_from(("left", "right"))))
    return reading


@st.composite
def people(draw: st.DrawFn) -> Raw:
    person: Raw = draw(
        _optional(
            age_years=st.sampled_from((*AGES, "unknown")),
            sex=st.sampled_from(SEXES),
            height_m=_within(1.2, 2.1),
            mass_kg=_within(30, 180),
            activities=st.lists(
                st.builds(
                    lambda name, more: {"id": name} | more,
                    st.sampled_from(sorted(words().activities)),
                    _optional(hours_per_week=_within(0, 40), change_percent_last_8_weeks=_within(-100, 300)),
                ),
                max_size=2,
            ),
        )
    )
    if person.get("sex") != "male":
        person |= draw(_optional(pregnant=YES_NO))
        if person.get("pregnant") in (True, "yes"):
            person |= draw(_optional(pregnancy_weeks=_within(0, 42)))
    return person


def pains() -> st.SearchStrategy[Raw]:
    return _optional(
        regions=st.dictionaries(
            st.sampled_from(sorted(words().regions)), st.none() | st.sampled_from((0, 1, 3, 5, 7, 10)), max_size=5
        ),
        map_complete=YES_NO,
        worst_overall_0_10=st.sampled_from(("mild", "moderate", "severe", 0, 4, 7, 10, "unknown")),
        duration_weeks=st.sampled_from(WEEKS[:-1]),
        onset=st.sampled_from(ONSETS),
        course=st.sampled_from(COURSES),
    )


def _numbers_in(ranges: Any) -> st.SearchStrategy[Raw]:
    return _optional(**{name: _within(*span) for name, span in ranges.items()})


@st.composite
def cases(draw: st.DrawFn) -> Raw:
    """Any raw case that is right."""
    held = words()
    blocks = _optional(
        person=people(),
        pain=pains(),
        tried=st.lists(
            st.builds(lambda effect, more: {"what": "massage", "effect": effect} | more,
                      st.sampled_from(EFFECTS), _optional(weeks=_within(0, 60))),
            max_size=2,
        ),
        measurements=st.lists(measurements(), max_size=3),
        vitals=_numbers_in(held.vitals),
        laboratory=_numbers_in(held.laboratory),
        medicines=st.lists(st.sampled_from(sorted(held.medicines)), max_size=2),
        supplements=st.lists(st.sampled_from(("turmeric", "ginkgo")), max_size=2),
        conditions=st.lists(st.sampled_from(sorted(held.conditions)), max_size=2),
        goals=st.lists(st.sampled_from(("walk 5 km", "sit through a film")), max_size=2),
        notes=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40),
    )  # fmt: skip
    return {"psoas_case": 1} | draw(blocks) | {"findings": draw(findings())}
