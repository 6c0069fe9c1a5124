"""The judgement of a course: the most pressing of all that hold, danger first and on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from psoas.case import Case
from psoas.follow_up import choices
from psoas.follow_up.check_in import CheckIn
from psoas.follow_up.danger import Danger, look_for_danger
from psoas.follow_up.expected import ExpectedCourse, expected_course
from psoas.follow_up.measures import Threshold, Thresholds, thresholds
from psoas.follow_up.readings import Baseline, anchored, function_change, in_order, last_change, of_pain
from psoas.follow_up.types import Judgement, Verdict, Why
from psoas.knowledge import Knowledge
from psoas.screening import STEP, Alarm

BECAUSE = " Because: "
"""Parts the cause of an alarm from what made it fire (psoas.screening)."""


def _danger(case: Case, check_ins: Sequence[CheckIn], knowledge: Knowledge) -> Danger:
    """The danger of every check-in, whatever its day.

    Where their days and the order in which they came differ, a clock was wrong, and the graver of both ways counts.
    """
    came = tuple(check_ins)
    by_day = tuple(sorted(came, key=lambda one: one.on))
    found = look_for_danger(case, came, knowledge)
    if by_day == came:
        return found
    other = look_for_danger(case, by_day, knowledge)
    return max(other, found, key=lambda one: (STEP[one.urgency], len(one.alarms)))


def judge(baseline: Baseline, check_ins: Sequence[CheckIn], case: Case, knowledge: Knowledge) -> Judgement:
    """How it goes after these check-ins.

    Args:
        baseline: how it was at the first visit.
        check_ins: in any order; what a check-in leaves out moves nothing.
        case: the first visit, which the screen looks at with the answers of today.
    """
    ordered = in_order(baseline, check_ins)
    course = _Course.of(anchored(baseline, ordered), ordered, knowledge)
    danger = _danger(case, check_ins, knowledge)
    verdict, why = _verdict(course, danger)
    return Judgement(
        verdict=verdict,
        why=why,
        danger=danger,
        week=course.week,
        pain=course.pain,
        pain_change=course.pain_change,
        function_change=course.function,
        change=course.change,
        expected_pain=course.expected,
        had_gained=course.had_gained,
        beside=tuple(_beside(course, ordered)),
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """The readings of one person beside the thresholds. Changes of pain are since the start; a fall is negative."""

    start: float | None
    readings: tuple[tuple[date, float], ...]
    week: float | None
    function: float | None
    function_noise: Threshold
    change: int | None
    expected: float | None
    limits: Thresholds

    @classmethod
    def of(cls, baseline: Baseline, check_ins: Sequence[CheckIn], knowledge: Knowledge) -> _Course:
        limits = thresholds(knowledge)
        readings = of_pain(baseline, check_ins)
        function = function_change(baseline, check_ins)
        week = baseline.weeks_to(readings[-1][0]) if readings else None
        single = function is not None and function[1] == 1
        return cls(
            start=baseline.pain,
            readings=readings,
            week=week,
            function=function[0] if function else None,
            function_noise=limits.function_detectable_single if single else limits.function_detectable,
            change=last_change(check_ins),
            expected=_expected_at(baseline, week, knowledge),
            limits=limits,
        )

    @property
    def pain(self) -> float | None:
        return self.readings[-1][1] if self.readings else None

    @property
    def changes(self) -> tuple[float, ...]:
        return tuple(value - self.start for _, value in self.readings) if self.start is not None else ()

    @property
    def pain_change(self) -> float | None:
        return self.changes[-1] if self.changes else None

    @property
    def had_gained(self) -> bool:
        """Whether some reading was below the start by more than measuring can err."""
        return any(-change >= self.limits.pain_detectable.value for change in self.changes)

    @property
    def function_gained(self) -> bool:
        limit = max(self.limits.function_important.value, self.function_noise.value)
        return self.function is not None and self.function >= limit


def _expected_at(baseline: Baseline, week: float | None, knowledge: Knowledge) -> float | None:
    if week is None or baseline.pain is None or baseline.duration_weeks is None:
        return None
    course: ExpectedCourse = expected_course(baseline.pain, baseline.duration_weeks, knowledge)
    point = course.at(week)
    return point.pain if point else None


def _verdict(course: _Course, danger: Danger) -> tuple[Verdict, tuple[Why, ...]]:
    """The most pressing verdict that has a reason."""
    if danger.alarms:
        return "danger", tuple(_dangers(danger.alarms))
    tries: tuple[tuple[Verdict, Callable[[_Course], Iterator[Why]]], ...] = (
        ("worsening", _worsening),
        ("no_lasting_response", _no_lasting_response),
        ("recovered", _recovered),
        ("improving", _improving),
        ("slower", _slower),
        ("as_expected", _as_expected),
    )
    for verdict, reasons in tries:
        if why := tuple(reasons(course)):
            return verdict, why
    return "unknown", (Why(_why_unknown(course)),)


def _dangers(alarms: Sequence[Alarm]) -> Iterator[Why]:
    """One sentence for each cause, the most urgent first, with everything that made it fire."""
    by_cause: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        by_cause.setdefault(alarm.condition, []).append(alarm)
    for held in by_cause.values():
        head = held[0].say.partition(BECAUSE)[0]
        reasons = dict.fromkeys(alarm.say.partition(BECAUSE)[2].rstrip(".") for alarm in held)
        yield Why(f"{head}{BECAUSE}{'; '.join(reasons)}. {held[0].do}")


def _worsening(course: _Course) -> Iterator[Why]:
    noise = course.limits.pain_detectable
    changes = course.changes
    if changes and changes[-1] >= noise.value:
        yield Why(f"Pain is {changes[-1]:g} points above the start.", noise)
    steps = [after - before for before, after in zip((0.0, *changes), changes, strict=False)]
    if len(changes) > 1 and steps[-1] >= noise.value:
        yield Why(f"Pain is {steps[-1]:g} points above the last reading.", noise)
    lately = changes[-choices.WORSE_READINGS :]
    if len(lately) == choices.WORSE_READINGS and min(lately) >= choices.WORSE_POINTS:
        yield Why(
            f"Pain was {choices.WORSE_POINTS:g} point or more above the start on {choices.WORSE_READINGS} readings "
            "running. People notice getting worse sooner than getting better, so less counts here (our choice)."
        )
    if len(changes) >= choices.WORSE_READINGS and min(steps[-choices.WORSE_READINGS :]) >= choices.WORSE_POINTS:
        yield Why(
            f"Pain rose by {choices.WORSE_POINTS:g} point or more on {choices.WORSE_READINGS} readings running "
            "(our choice)."
        )
    if course.change is not None and course.change <= choices.WORSE_CHANGE:
        yield Why(f"Overall change was rated {course.change:+d} of -5 to +5.", course.limits.change_important)
    if course.function is not None and -course.function >= course.function_noise.value:
        yield Why(f"The chosen activities fell by {-course.function:.1f} points.", course.function_noise)


def _no_lasting_response(course: _Course) -> Iterator[Why]:
    noise, changes = course.limits.pain_detectable, course.changes
    late = course.week is not None and course.week >= choices.PLATEAU_WEEKS
    if not late or len(changes) < choices.PLATEAU_READINGS or course.function_gained:
        return
    if max(-change for change in changes[-2:]) >= noise.value:
        return
    if course.had_gained:
        yield Why(
            "What had been gained is gone again: the last two readings are back within error of the start.", noise
        )
    else:
        yield Why(
            f"After {course.week:.0f} weeks and {len(changes)} readings the pain has not changed beyond the error of "
            "measuring it.",
            noise,
        )


def _recovered(course: _Course) -> Iterator[Why]:
    last = [value for _, value in course.readings[-choices.RECOVERED_READINGS :]]
    free = len(last) == choices.RECOVERED_READINGS and max(last) == 0
    if free and course.change is not None and course.change >= choices.RECOVERED_CHANGE:
        yield Why(
            f"No pain on {choices.RECOVERED_READINGS} readings running, and overall change is {course.change:+d}."
        )


def _improving(course: _Course) -> Iterator[Why]:
    """Pain clearly down, and no other measure that was answered falls short of its own change."""
    change, limits = course.pain_change, course.limits
    if change is None or course.start is None:
        return
    enough = -change >= limits.pain_important.value
    share = course.start > 0 and -change / course.start >= limits.pain_important_share.value
    change_good = course.change is not None and course.change >= limits.change_important.value
    backed = course.function_gained or change_good
    if not (enough or (share and backed)):
        return
    if (course.function is not None and not course.function_gained) or (course.change is not None and not change_good):
        return
    if enough:
        yield Why(f"Pain fell by {-change:g} points.", limits.pain_important)
    else:
        yield Why(f"Pain fell by {-change / course.start:.0%} of the start.", limits.pain_important_share)
    if course.function_gained:
        yield Why(f"The chosen activities gained {course.function:.1f} points.", limits.function_important)
    if change_good:
        yield Why(f"Overall change was rated {course.change:+d}.", limits.change_important)


def _slower(course: _Course) -> Iterator[Why]:
    noise = course.limits.pain_detectable
    if course.pain is None or course.expected is None:
        return
    over = course.pain - course.expected
    if over >= noise.value:
        yield Why(
            f"Pain is {course.pain:g}; people who began alike had {course.expected:.1f} on average by now. That is an "
            "average, and people vary widely.",
            noise,
        )


def _as_expected(course: _Course) -> Iterator[Why]:
    if course.pain is not None and course.expected is not None:
        yield Why(
            f"Pain is {course.pain:g}; people who began alike had {course.expected:.1f} on average by now: no further "
            "off than measuring can err.",
            course.limits.pain_detectable,
        )


def _why_unknown(course: _Course) -> str:
    if course.pain is None:
        return "No reading of pain since the start, so there is nothing to hold against it."
    if course.start is None:
        return "The pain at the start was not said."
    return "The change is within the error of measuring, and no study tells what to expect by now."


def _beside(course: _Course, check_ins: Sequence[CheckIn]) -> Iterator[str]:
    """Remarks that move nothing."""
    fall, change = course.pain_change, course.change
    if fall is not None and change is not None and fall * change > 0:
        yield "Pain and the overall rating go different ways: ask what matters most, and look at both."
    down = fall is not None and -fall >= course.limits.pain_important.value
    if down and course.function is not None and not course.function_gained:
        yield "Pain is down, the chosen activities are not yet better."
    if course.function_gained and fall is not None and not down:
        yield "The chosen activities are better, the pain is not yet clearly down."
    if not check_ins:
        return
    last = check_ins[-1]
    if last.sleep_0_10 is not None and last.sleep_0_10 >= choices.SLEEP_ASKS_FROM:
        yield "Sleep is badly disturbed: ask the questions about night pain and inflammatory pain (our choice)."
    if last.sore_over_48h == "yes":
        yield "Soreness lasted more than 48 hours after treatment: lower the dose."
    if last.adverse:
        yield "Something untoward was written down: read it."
    if last.kept_to_plan in ("not_at_all", "some_days"):
        yield "The plan was followed on few days: ask what stood in the way before judging it."
