"""What follows from one case: every answer given, derived or implied, in three values.

`Facts` answers the questions that rules and expressions ask. It never guesses: what was not said is None.
Its results are held equal to the reference evaluator of the evidence by a test over ten thousand random cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from psoas.case import Case
from psoas.knowledge.index import Index
from psoas.knowledge.rules.conditions import evaluate
from psoas.knowledge.rules.expressions import Ternary, compile_expression

if TYPE_CHECKING:
    from psoas.knowledge import DerivedFinding
    from psoas.knowledge.readers.medicine_reader import MedicineRead

_YES_NO: dict[Any, Ternary] = {"yes": True, "no": False}


class Facts:
    """The facts of one case.

    Args:
        case: the visit.
        index: cross-references of the evidence.
        news2_points: per vital sign the bands and points of the early-warning score.
        side: look at one side only where a fact has sides (measurements, power, answers to places).
        urgency_reached: asked by rules of techniques, after the screen; unknown before.
        illnesses_told: an illness that the case does not name counts as denied instead of unknown. Only for finding
            out which questions are open; a rule never sees it.
    """

    def __init__(
        self,
        case: Case,
        index: Index,
        news2_points: Any,
        *,
        side: str | None = None,
        urgency_reached: Callable[[str], Ternary] | None = None,
        illnesses_told: bool = False,
    ) -> None:
        self.case = case
        self.index = index
        self.side = side
        self._news2_points = news2_points
        self._urgency_reached = urgency_reached
        self._illnesses_told = illnesses_told
        self._memo: dict[str, Ternary] = {}

    def of_side(self, side: str) -> Facts:
        """The same facts, looking at one side only."""
        return Facts(self.case, self.index, self._news2_points, side=side, urgency_reached=self._urgency_reached)

    def of_case(self, case: Case) -> Facts:
        """The facts of another case over the same evidence."""
        return Facts(case, self.index, self._news2_points, side=self.side, urgency_reached=self._urgency_reached)

    def after_screen(self, urgency_reached: Callable[[str], Ternary]) -> Facts:
        """The same facts for the second pass, in which techniques may ask how urgent the screen was."""
        second = Facts(self.case, self.index, self._news2_points, side=self.side, urgency_reached=urgency_reached)
        second._memo = self._memo  # answers do not depend on the urgency (the language forbids it)
        return second

    def answering(self, answers: Mapping[str, str]) -> Facts:
        """The same facts after these answers were given, or given otherwise."""
        from psoas.knowledge.rules.follows import followers_of

        other = self.of_case(self.case.model_copy(update={"findings": {**self.case.findings, **answers}}))
        stale = frozenset().union(*(followers_of(self.index)[name] for name in answers))
        other._memo = self._memo.copy()
        for name in stale:
            other._memo.pop(name, None)
        return other

    def with_illnesses_told(self) -> Facts:
        """The same facts, where the list of illnesses, once it was given, denies what it does not name."""
        told = "conditions" in self.case.model_fields_set
        return Facts(self.case, self.index, self._news2_points, side=self.side, illnesses_told=told)

    # ---- answers

    def expression(self, text: str) -> Any:
        """The value of an expression: True, False, a number, a word, or None for unknown."""
        return compile_expression(text)(self)

    def holds(self, name: str) -> Ternary:
        """Whether an id is true as a rule: a combination fires, or an answer is yes."""
        return self.combination(name) if name in self.index.combinations else self.yes(name)

    def combination(self, name: str) -> Ternary:
        """Whether a combination holds; closed only when its `applies_if` is known to be false."""
        combo = self.index.combinations[name]
        if combo.applies_if and self.expression(combo.applies_if) is False:
            return False
        return evaluate(combo.rule, self)

    def yes(self, name: str, side: str | None = None) -> Ternary:
        """Whether the answer is yes, given, derived or implied; on that side only what was said of that side."""
        if side is not None:
            raw = self.case.findings.get(name)
            return _YES_NO.get(raw.get(side)) if isinstance(raw, dict) else None
        if name not in self._memo:
            self._memo[name] = None  # breaks circles: an id cannot prove itself
            self._memo[name] = self._yes(name)
        return self._memo[name]

    def _yes(self, name: str) -> Ternary:
        direct = self.answer(name)
        if direct == "yes" or (direct is not None and direct in _places_of(name, self.index)):
            return True
        seen_no = direct == "no"
        for vote in self._votes(name) if name in _voted_on(self.index) else ():
            if vote:
                return True
            seen_no = seen_no or vote is False
        return False if seen_no else None

    def _votes(self, name: str) -> Iterator[Ternary]:
        """What parts, fields, thresholds and other ids say of an answer."""
        index = self.index
        finding, flag, derived = index.findings.get(name), index.flags.get(name), index.derived.get(name)
        parts = (finding.parts if finding else None) or (flag.parts if flag else None)
        if parts:
            yield evaluate(parts, self)
        if derived and derived.per_side and self.side is None:
            yield self._derived_per_side(derived)
        elif derived:
            yield self._derived(derived.rule, derived.no_when_false)
        elif flag and flag.derived_from:
            yield self._derived(flag.derived_from, flag.no_when_false)
        for text in index.sets.get(name, ()):
            yield True if self.expression(text) else None
        for other in index.implied_by.get(name, ()):
            yield True if self.yes(other) else None
        for other in index.same.get(name, ()):
            yield self.yes(other)

    def _derived(self, text: str, no_when_false: bool) -> Ternary:
        got = self.expression(text)
        return got if got or no_when_false else None

    def _derived_per_side(self, derived: DerivedFinding) -> Ternary:
        """A finding of either side: the rule is asked of each side that has a reading.

        The smallest of both readings, which an expression sees without a side, would let a good side hide a bad one
        wherever large values are the finding (a thigh that stays up on the right, and drops on the left).
        """
        votes = [self.of_side(side)._derived(derived.rule, derived.no_when_false) for side in ("left", "right")]
        told = [vote for vote in votes if vote is not None]
        return any(told) if told else None

    def answer(self, name: str) -> str | None:
        """The raw answer; of two sides a yes first, then not_possible, then a place, then the first given."""
        raw = self.case.findings.get(name)
        if not isinstance(raw, dict):
            return raw
        if self.side is not None:
            return raw.get(self.side)
        values = list(raw.values())
        for word in ("yes", "not_possible"):
            if word in values:
                return word
        return next((one for one in values if one not in ("no", "unknown")), values[0] if values else None)

    def not_possible(self, name: str, side: str | None = None) -> Ternary:
        """True when the test was tried and could not be done; otherwise unknown."""
        raw = self.case.findings.get(name)
        if isinstance(raw, dict):
            held = list(raw.values()) if side is None else [raw.get(side)]
        else:
            held = [raw] if side is None else []
        return True if "not_possible" in held else None

    def urgency_reached(self, action: str) -> Ternary:
        """Whether the screen as a whole reached this urgency; unknown during the screen itself."""
        return self._urgency_reached(action) if self._urgency_reached else None

    # ---- fields and the pain drawing

    def field(self, block: str, name: str) -> Any:
        """A field of the case; `pain.worst` is the larger of the overall and the strongest rated region."""
        return getattr(getattr(self.case, block), name)

    def _marked(self, parts: set[str], side: str | None) -> Ternary:
        for region, marked_side in self.case.pain.marks():
            if parts & {region, *self.index.regions[region].covers} and (side is None or marked_side == side):
                return True
        return self._absent_from_map()

    def _absent_from_map(self) -> Ternary:
        return False if self.case.pain.map_complete == "yes" else None

    def marked(self, region: str, side: str | None = None) -> Ternary:
        """Whether the drawing has the region, a part of it, or a region that covers it."""
        return self._marked({region, *self.index.regions[region].whole_of}, side)

    def marked_exactly(self, region: str, side: str | None = None) -> Ternary:
        """Whether the region itself is marked; parts and covers do not count."""
        for name, marked_side in self.case.pain.marks():
            if name == region and (side is None or marked_side == side):
                return True
        return self._absent_from_map()

    def worst(self, *regions: str) -> float | None:
        """Largest rating among these regions, or among all."""
        rated = [
            value
            for key, value in self.case.pain.regions.items()
            if value is not None and (not regions or key.rpartition("_")[0] in regions)
        ]
        return max(rated, default=None)

    def _sides(self, regions: tuple[str, ...]) -> set[str]:
        return {side for region, side in self.case.pain.marks() if not regions or region in regions}

    def one_sided(self, *regions: str) -> Ternary:
        """Whether all marks are on one side; unknown when there are none or a side was not stated."""
        sides = self._sides(regions)
        return None if not sides or "unspecified" in sides else sides in ({"left"}, {"right"})

    def one_side(self) -> Ternary:
        """Whether the marks beside the midline are all on one side; unknown when there are none or a side is open."""
        sides = self._sides(()) - {"centre"}
        return None if not sides or "unspecified" in sides else len(sides) == 1

    def two_sides(self) -> Ternary:
        """Whether anything is marked on the left and anything on the right, the same region or not."""
        if {"left", "right"} <= self._sides(()):
            return True
        return self._absent_from_map()

    def both_sides(self, *regions: str) -> Ternary:
        """Whether one of these regions is marked on the left and on the right."""
        if any({"left", "right"} <= self._sides((region,)) for region in regions):
            return True
        return self._absent_from_map()

    # ---- illnesses, medicines, activities, care so far

    def known(self, name: str) -> Ternary:
        """True when the case names the illness, one it covers, or one of its sides; otherwise unknown."""
        covers = self.index.known_covers[name]
        for held in self.case.conditions:
            bare = held.removesuffix("_left").removesuffix("_right")
            if bare in covers or held.startswith(name + "_"):
                return True
        return False if self._illnesses_told else None

    @property
    def medicines(self) -> tuple[MedicineRead, ...]:
        """What the person takes, as far as it is understood, in the order of the case."""
        return tuple(map(self.index.reader.read, self.case.medicines))

    def taking(self, name: str) -> tuple[str, ...]:
        """The entries, as written, that hold a medicine of the class, of the medicines and of the supplements."""
        entries = (*self.case.medicines, *self.case.supplements)
        return tuple(written for written in entries if self.index.reader.read(written).holds(name))

    def takes_count(self, name: str) -> int | None:
        """How many medicines of the class are taken; unknown when none is named.

        One substance under two names is one medicine. A class that stands without a name is one more.
        """
        entries = dict.fromkeys((*self.case.medicines, *self.case.supplements))
        kinds = [self.index.reader.read(written).members(name) for written in entries]
        named = {one for kind in kinds for one in kind if one is not None}
        return len(named) + sum(None in kind for kind in kinds) or None

    def takes(self, name: str) -> Ternary:
        """True when a medicine of the class is taken; otherwise unknown."""
        return True if self.takes_count(name) else None

    def activity(self, name: str | None = None) -> Ternary:
        """True when the person does this sport (any, when none is named); otherwise unknown."""
        held = [activity.id for activity in self.case.person.activities]
        return True if (name in held if name else held) else None

    def activity_change(self) -> float | None:
        """Largest change of load of the last eight weeks, in percent."""
        changes = [activity.change_percent_last_8_weeks for activity in self.case.person.activities]
        return max((change for change in changes if change is not None), default=None)

    def tried(self, effect: str, weeks: float = 0) -> Ternary:
        """True when care with this effect, for at least so many weeks, was tried; otherwise unknown."""
        for care in self.case.tried:
            if care.effect == effect and (not weeks or (care.weeks or 0) >= weeks):
                return True
        return None

    # ---- measurements

    def _readings(self, name: str) -> list[float]:
        return [
            value
            for reading in self.case.measurements
            if reading.id == name and (self.side is None or reading.side in (self.side, None))
            for value in reading.values().values()
        ]

    def measured(self, name: str) -> float | None:
        """The reading; the smallest when there are several and no side is meant."""
        return min(self._readings(name), default=None)

    def power(self, group: str) -> float | None:
        """Power of a muscle group, 0 to 5; the lowest grade when no side is meant."""
        return self.measured("power." + group)

    def _grades(self) -> list[Any]:
        return [reading for reading in self.case.measurements if reading.id.startswith("power.")]

    def power_min(self) -> float | None:
        """The lowest grade of all groups."""
        return min((reading.value_grade for reading in self._grades()), default=None)

    def power_weak_roots(self) -> int | None:
        """Number of different roots with a grade below 5; 3 when both sides are weak."""
        weak = [reading for reading in self._grades() if reading.value_grade < 5]
        if {"left", "right"} <= {reading.side for reading in weak}:
            return 3
        return len({self.index.measurements[reading.id].root for reading in weak}) if weak else None

    def news2(self) -> int | None:
        """Early-warning points of the vital signs given: a lower bound of the score; unknown when none was given."""
        total, seen = 0, False
        for name, bands in self._news2_points.items():
            value = getattr(self.case.vitals, name)
            if value is None:
                continue
            seen = True
            total += next((points for band, points in bands if _in_band(value, band)), 0)
        return total if seen else None


def _places_of(name: str, index: Index) -> tuple[str, ...]:
    """Places that stand for a yes of this finding."""
    finding = index.findings.get(name)
    return finding.values[4:] if finding is not None else ()


@lru_cache(maxsize=2)
def _voted_on(index: Index) -> frozenset[str]:
    """Ids whose answer may follow from something else; the others are only what was said of them."""
    groups = {name for name, finding in index.findings.items() if finding.parts}
    flags = {name for name, flag in index.flags.items() if flag.parts or flag.derived_from}
    return frozenset({*groups, *flags, *index.derived, *index.sets, *index.implied_by, *index.same})


def _in_band(value: float | str, band: str) -> bool:
    """Bands are listed in rising order, so only the upper end of `a-b` needs a look."""
    if isinstance(value, str):
        return value == band
    if band[:2] == "<=":
        return value <= float(band[2:])
    if band[:2] == ">=":
        return value >= float(band[2:])
    return value <= float(band.split("-")[1])
