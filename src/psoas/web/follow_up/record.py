"""The course of one person, as the records hold it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psoas.case import Case
from psoas.case.types import Measurement
from psoas.errors import CaseError
from psoas.follow_up import (
    AngleChange,
    Baseline,
    CheckIn,
    ExpectedCourse,
    Judgement,
    Reopened,
    compare_angles,
    expected_course,
    judge,
    look_for_danger,
    reopen,
)
from psoas.follow_up.danger import case_now
from psoas.interview import Interview, Step
from psoas.knowledge import load
from psoas.knowledge.index import vocabulary
from psoas.records.clock import day_of
from psoas.records.ids import now
from psoas.screening import STEP
from psoas.web.computed.result_cache import ResultCache
from psoas.web.computed.workers import WORKER_POOL

if TYPE_CHECKING:
    from psoas.records import CheckIn as StoredCheckIn
    from psoas.records import Plan, Visit, Work

JUDGED: ResultCache[Judgement] = ResultCache()
REOPENED: ResultCache[Reopened] = ResultCache()
MOST_GOALS = 3
"""outcomes.yaml, psfs: three activities by default."""


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that a page about a course shows.

    Attributes:
        visit: the visit that the course is held against: that of the latest plan, or else the latest visit.
        check_ins: since that visit, oldest first, as they were told.
        unread: how many stored check-ins cannot be read.
        activities: the person's own, in the words used last; the goals of the visit before the first check-in.
    """

    visit: Visit
    case: Case
    baseline: Baseline
    plan: Plan | None
    check_ins: tuple[CheckIn, ...]
    unread: int
    activities: tuple[str, ...]

    def judged(self) -> Judgement:
        """How it goes."""
        return JUDGED.get(self._key, lambda: judge(self.baseline, self.check_ins, self.case, load()))

    def expected(self) -> ExpectedCourse | None:
        """The average course to hold it against; None when the start or the duration was not said."""
        start, weeks = self.baseline.pain, self.baseline.duration_weeks
        return None if start is None or weeks is None else expected_course(start, weeks, load())

    def angles(self) -> tuple[AngleChange, ...]:
        """Angles of the visit beside those measured last."""
        last: dict[tuple[str, str | None], list[Measurement]] = {}
        for one in self.check_ins:
            fresh: dict[tuple[str, str | None], list[Measurement]] = {}
            for reading in one.measurements:
                fresh.setdefault((reading.id, reading.side), []).append(reading)
            last |= fresh
        again = [reading for trials in last.values() for reading in trials]
        return compare_angles(self.case.measurements, again, load())

    def reopened(self, judgement: Judgement) -> Reopened:
        """Where a new visit begins."""
        return REOPENED.get(self._key, lambda: WORKER_POOL.run(_reopen, self.case, self.check_ins, judgement))

    @property
    def _key(self) -> str:
        """What judgement and reopening depend on; what was stored under an id does not change."""
        told = json.dumps([one.to_data() for one in self.check_ins], sort_keys=True)
        return f"{self.visit.id} {self.visit.version} {told}"


def _reopen(case: Case, check_ins: tuple[CheckIn, ...], judgement: Judgement) -> Reopened:
    return reopen(case, check_ins, judgement, load())


def course_of(work: Work, person_id: str) -> Course | None:
    """The course of a person; None before the first visit.

    Raises:
        NotFound: no such person within the scope.
        Refused: this role sees nothing clinical.
    """
    visits = work.visits.of(person_id)
    plans = work.plans.of_person(person_id)
    visit = _base(visits, plans)
    if visit is None:
        return None
    plan = next((one for one in plans if one.visit_id == visit.id), None)
    case = Case.of(visit.case, vocabulary())
    baseline = Baseline.of(case, day_of(visit.started_at))
    told, unread = _told(work.check_ins.of(person_id), visit, baseline.on)
    return Course(visit, case, baseline, plan, told, unread, _activities(case, told))


def _base(visits: tuple[Visit, ...], plans: tuple[Plan, ...]) -> Visit | None:
    """The visit of the latest plan; without a plan the latest that is closed, or else the latest."""
    if plans:
        return next((one for one in visits if one.id == plans[0].visit_id), None)
    held = [one for one in visits if one.state != "cancelled" and one.kind != "treatment"]
    return next((one for one in held if one.state != "open"), held[0] if held else None)


def _told(stored: tuple[StoredCheckIn, ...], visit: Visit, since: date) -> tuple[tuple[CheckIn, ...], int]:
    """Check-ins since the visit in the order in which they came, and how many cannot be read.

    A check-in says which visit it follows. Where it does not, an older one is left out only when day and instant both
    say so and the visit does not lie in the future: a clock that was wrong drops no danger.
    """
    read = [(one, _read(one)) for one in stored]
    doubtful = visit.started_at > now()

    def follows(one: StoredCheckIn, told: CheckIn) -> bool:
        return told.follows == visit.id or doubtful or one.made_at >= visit.started_at or told.on >= since

    told = tuple(check_in for one, check_in in read if check_in is not None and follows(one, check_in))
    return told, sum(check_in is None for _, check_in in read)


def _read(stored: StoredCheckIn) -> CheckIn | None:
    try:
        return CheckIn.of(stored.content, vocabulary())
    except CaseError:
        return None


def _activities(case: Case, told: tuple[CheckIn, ...]) -> tuple[str, ...]:
    named = next((tuple(one.activities) for one in reversed(told) if one.activities), ())
    return named or tuple(goal[:120] for goal in case.goals[:MOST_GOALS])


def graver_of(case: Case, told: tuple[CheckIn, ...]) -> Step | None:
    """What could make a danger of the last check-in graver, to be asked at once; None when nothing could."""
    return Interview(as_told(case, told), knowledge=load()).graver if told else None


def as_told(case: Case, told: tuple[CheckIn, ...]) -> dict[str, Any]:
    """The person as they are now, as data of a case; what was skipped at the last check-in counts as asked."""
    data = case_now(case, told).to_data()
    skipped = {name: said for one in told[-1:] for name, said in one.danger.items() if said == "unknown"}
    return {**data, "findings": {**skipped, **data.get("findings", {})}}


def keep_check_in(work: Work, person_id: str, told: CheckIn, course: Course | None) -> StoredCheckIn:
    """Keep a check-in together with the alarm that it raises, so that the list of people can show it."""
    before = course.check_ins if course else last_told(work, person_id)
    plan_id = course.plan.id if course and course.plan else None
    if course is not None:
        told = told.model_copy(update={"follows": course.visit.id})
    if (again := _sent_before(work, person_id, told)) is not None:
        return again
    alarm = alarm_of(course, before, told)
    kept = work.check_ins.add(person_id, told.to_data(), plan_id=plan_id, alarm=alarm)
    if alarm in STEP:  # a danger: nothing is tried while somebody must be seen
        work.trials.stop_all(person_id, "A danger sign was told: see a doctor first.", told.on)
    return kept


SENT_TWICE_WITHIN = timedelta(hours=12)
"""The same answers again within this time are one check-in sent twice. Our choice."""


def _sent_before(work: Work, person_id: str, told: CheckIn) -> StoredCheckIn | None:
    """The last check-in, when it holds the very same answers: 'Back' and 'Send' make no second one.

    A danger that is told again is always kept again: somebody may have dealt with the first in between.
    """
    if "yes" in told.danger.values():
        return None
    stored = work.check_ins.of(person_id)
    if not stored or stored[-1].content != told.to_data() or now() - stored[-1].made_at > SENT_TWICE_WITHIN:
        return None
    return stored[-1]


def alarm_of(course: Course | None, before: tuple[CheckIn, ...], told: CheckIn) -> str | None:
    """The urgency of the danger that a check-in leaves the person in, or else the verdict that asks to act on it."""
    every = (*before, told)
    if course is None:
        danger = look_for_danger(Case.model_validate({"psoas_case": 1}), every, load())
        return danger.urgency if danger.alarms else None
    found = judge(course.baseline, every, course.case, load())
    return found.danger.urgency if found.danger.alarms else found.verdict if found.alarm else None


def told_since(work: Work, person_id: str, moment: datetime) -> tuple[CheckIn, ...]:
    """The check-ins that were sent after this moment and can be read, the oldest first."""
    sent = (one for one in work.check_ins.of(person_id) if one.made_at > moment)
    return tuple(sorted((told for one in sent if (told := _read(one)) is not None), key=lambda one: one.on))


def last_told(work: Work, person_id: str) -> tuple[CheckIn, ...]:
    """The last check-in of a person, whatever visits there are; empty without one."""
    read = [told for one in work.check_ins.of(person_id) if (told := _read(one)) is not None]
    return tuple(read[-1:])
