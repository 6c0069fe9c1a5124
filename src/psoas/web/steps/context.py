"""One visit as somebody sees it: what is known, who looks, where the pages are, and how an answer is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from starlette.requests import Request

from psoas.interview import Interview, Step, part_of
from psoas.knowledge import Knowledge, load
from psoas.knowledge.words import Words
from psoas.records import Conflict, Visit, Work
from psoas.records.clock import today
from psoas.screening import Alarm
from psoas.web.access import Visitor, records_of

Data = dict[str, Any]

STEPS = {
    "about": "Person", "pain": "Pain", "danger": "Danger signs", "questions": "Questions", "tests": "Tests",
    "angles": "Angles", "medicines": "Medicines", "goals": "Goals", "review": "Review",
}  # fmt: skip
FOLLOW_UP_STEPS = {"since": "Since last time", **{name: words for name, words in STEPS.items() if name != "about"}}
TREATMENT_STEPS = {"since": "Since last time", "note": "Session note"}
STEPS_OF = {"assessment": STEPS, "follow_up": FOLLOW_UP_STEPS, "treatment": TREATMENT_STEPS}
"""The steps that stand in the bar, by the kind of the visit."""
CLIENT_STEPS = {"about": "About you", "pain": "Your pain", "danger": "Safety", "questions": "Questions"}

STOPPED = "stop"
"""The step of a visit that a danger has stopped: what the practice is alerted by."""

CONTINUED = "continued_past_danger.json"
"""The file of a visit in which a practitioner says why it goes on past a danger."""
NEXT_SHEET = "next"
"""In an address: the danger sheet that is due, or the questions where none is."""
LEFT_OPEN = "danger_questions_left_open.json"
"""The file of a visit that names the danger questions which a practitioner knowingly left open."""


@dataclass(frozen=True, slots=True)
class Continued:
    """A decision to go on past a danger: which rules, why, who and when."""

    rules: tuple[str, ...]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class VisitContext:
    """A visit before somebody's eyes.

    Attributes:
        base: address under which its steps stand.
        is_client: the person fills it in alone, on a telephone.
        name: of the person, for the practitioner.
        previous: the visit that this one carries over from.
        left_open: danger questions that a practitioner knowingly left open.
    """

    visitor: Visitor
    visit: Visit
    base: str
    is_client: bool
    name: str = ""
    continued: tuple[Continued, ...] = ()
    knowledge: Knowledge = field(default_factory=load)
    previous: Visit | None = None
    left_open: frozenset[str] = frozenset()

    @cached_property
    def interview(self) -> Interview:
        """What to ask the person next."""
        return self.interview_with("self")

    def interview_with(self, who: str) -> Interview:
        """The interview with somebody who can do more than the person alone."""
        accepted = frozenset(rule for one in self.continued for rule in one.rules)
        return Interview(
            begun(self.visit.case),
            who=who,
            knowledge=self.knowledge,
            passed=frozenset({"person", "pain"}),
            accepted=accepted,
            short=True,
        )

    @cached_property
    def every_sheet(self) -> tuple[Step, ...]:
        """The open danger sheets before a first answer, line by line, whatever the short check would ask of them."""
        return Interview(begun(self.visit.case), knowledge=self.knowledge).first_sheets

    @cached_property
    def words(self) -> Words:
        """Names of things."""
        return Words(self.knowledge)

    @property
    def stops(self) -> tuple[Alarm, ...]:
        """Dangers that stop it."""
        return self.interview.stops

    @property
    def is_open(self) -> bool:
        """Whether answers are still taken."""
        return self.visit.state == "open"

    @property
    def names(self) -> Mapping[str, str]:
        """The steps that this visitor goes through, with their words."""
        return CLIENT_STEPS if self.is_client else STEPS_OF[self.visit.kind]

    def has(self, step: str) -> bool:
        """Whether this visitor may open the step; a practitioner may open those outside the bar too."""
        if step == "story":  # the box in one's own words stands outside the bar
            return "danger" in self.names
        return step in self.names or (not self.is_client and step in (*STEPS, "since"))

    def bar(self, now: str) -> list[tuple[str, str, str, str]]:
        """The steps bar: key, words, address, and `done`, `now` or `later`."""
        done = self._done()
        return [
            (key, words, f"{self.base}/{key}", "now" if key == now else "done" if key in done else "later")
            for key, words in self.names.items()
        ]

    def _done(self) -> set[str]:
        case, interview = self.visit.case, self.interview
        findings = self.knowledge.findings.findings
        found = {
            "since": bool(case.get("pain", {}).get("course")) and not interview.first_sheets,
            "about": bool(case.get("person")),
            "pain": bool(case.get("pain", {}).get("regions")) or "duration_weeks" in case.get("pain", {}),
            "danger": not interview.first_sheets,
            "questions": not interview.first_sheets and interview.progress.answer_ready,
            "tests": any(name in findings and findings[name].mode == "hands_on" for name in case.get("findings", {})),
            "angles": bool(case.get("measurements")),
            "medicines": "conditions" in case or bool(case.get("medicines")),
            "goals": bool(case.get("goals")),
        }
        return {name for name, is_done in found.items() if is_done}


def desk_of(work: Work, visitor: Visitor, visit_id: str) -> VisitContext:
    """A practitioner's view of a visit."""
    visit = work.visits.get(visit_id)
    person = work.people.get(visit.person_id)
    name = f"{person.given_name} {person.family_name}".strip()
    return VisitContext(
        visitor, visit, f"/visits/{visit.id}", False, name, tuple(_continued(work, visit.id)),
        previous=work.visits.get(visit.previous_id) if visit.previous_id else None,
        left_open=left_open_of(work, visit.id),
    )  # fmt: skip


def _continued(work: Work, visit_id: str) -> Iterator[Continued]:
    for file in work.files.of(visit_id):
        if file.name == CONTINUED and file.media_type == "application/json":
            told = json.loads(work.files.get(file.id).data)
            yield Continued(tuple(told["rules"]), told["reason"], told["by"], file.made_at)


def left_open_of(work: Work, visit_id: str) -> frozenset[str]:
    """The danger questions of a visit that a practitioner knowingly left open."""
    found: set[str] = set()
    for file in work.files.of(visit_id):
        if file.name == LEFT_OPEN and file.media_type == "application/json":
            found |= set(json.loads(work.files.get(file.id).data)["questions"])
    return frozenset(found)


def leave_open(work: Work, desk: VisitContext, questions: Iterable[str]) -> None:
    """Keep that a practitioner goes on without these questions; they stay open and count as not known."""
    told = {"questions": sorted(questions), "by": desk.visitor.scope.name}
    work.files.add(
        desk.visit.id, name=LEFT_OPEN, media_type="application/json", data=json.dumps(told, sort_keys=True).encode()
    )


def go_on(work: Work, desk: VisitContext, reason: str) -> None:
    """Keep that, and why, a practitioner goes on past the dangers that stop the visit."""
    told = {"rules": [alarm.rule for alarm in desk.stops], "reason": reason, "by": desk.visitor.scope.name}
    work.files.add(
        desk.visit.id, name=CONTINUED, media_type="application/json", data=json.dumps(told, sort_keys=True).encode()
    )
    work.visits.save(
        desk.visit.id, desk.visit.case, version=desk.visit.version, step="danger", what="went on past a danger"
    )


def stop_trials(work: Work, person_id: str) -> None:
    """Nothing is tried on a person while a danger stops a visit."""
    work.trials.stop_all(person_id, "A danger sign stopped a visit: see a doctor first.", today())


def begun(case: Data) -> Data:
    """The case with its first line, which a visit that nobody has filled in may lack."""
    return {"psoas_case": 1, **case}


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people answered differently."""

    words: str
    kept: str
    mine: str


class Clashed(Exception):  # noqa: N818 - an answer, not an error
    """Somebody else saved other answers meanwhile; nothing was changed."""

    def __init__(self, clashes: list[Clash], version: int) -> None:
        super().__init__()
        self.clashes, self.version = clashes, version


def keep(
    request: Request,
    desk: VisitContext,
    change: Callable[[Data], Data],
    *,
    version: int,
    what: str,
    step: Callable[[Data], str],
) -> Visit:
    """Apply an answer to the case as it is now and keep it. What others answered meanwhile stays.

    Args:
        step: where to go on, by the new case.

    Raises:
        Clashed: the answer would replace something that was saved after the page was opened.
        CaseError: it cannot be taken.
    """
    for _ in range(3):
        with records_of(request).work(desk.visitor.scope) as work:
            now = work.visits.get(desk.visit.id)
            new = change(begun(now.case))
            if now.version != version and (clashes := list(_clashes(now.case, new, desk.knowledge))):
                raise Clashed(clashes, now.version)
            try:
                kept = work.visits.save(now.id, new, version=now.version, step=step(new), what=what)
                if kept.step == STOPPED:
                    stop_trials(work, kept.person_id)
                return kept
            except Conflict:
                if work.visits.get(now.id).state != "open":
                    raise
    raise Conflict("The visit is being changed at this very moment; send the answer once more.")


def _clashes(kept: Data, mine: Data, knowledge: Knowledge) -> Iterator[Clash]:
    before, after = dict(_fields(kept)), dict(_fields(mine))
    for path, value in before.items():
        if after.get(path) != value and value != "unknown":
            yield Clash(_words_of(path, knowledge), _said(value), _said(after.get(path)))


def _fields(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        where = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict) and path != "findings":
            yield from _fields(value, where)
        else:
            yield where, value


def _words_of(path: str, knowledge: Knowledge) -> str:
    block, _, name = path.partition(".")
    if block == "findings":
        return part_of(name, knowledge).ask
    if path.startswith("pain.regions."):
        return Words(knowledge).region(path.removeprefix("pain.regions."))
    return (name or block).replace("_", " ")


def _said(value: Any) -> str:
    if value is None:
        return "not said"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(held)}" for key, held in value.items())
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value) or "none"
    return str(value).replace("_", " ")
