"""What to ask next: the person, the pain, danger, then whatever tells most per minute.

Everything follows from the case alone, so an interview can be left and taken up again at any point: the same answers
lead to the same next question, whatever way they came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from psoas.assessment import read_case
from psoas.diagnosis import NextQuestion, what_next
from psoas.interview import gateways, sheets
from psoas.interview.types import WHO, Block, Kind, Part, Progress, Step
from psoas.knowledge import Knowledge, load
from psoas.knowledge.rules.conditions import ids_in
from psoas.screening import STEP, Alarm, Screen, facts_of, screen

ENOUGH_BITS = 0.08
"""Below this a question is not worth a person's time. Our choice: since every finding speaks of every source, nearly
every question moves something, and an interview has to end."""

FIRST_QUESTIONS = 5
"""So many questions, at most, come before the first answer: with the sheets it stays under twenty screens."""


class Interview:
    """One interview, as far as it has come.

    Args:
        data: the case so far, as plain data.
        who: who answers: `self`, `bodyworker` or `physiotherapist`.
        setting: whose starting shares hold.
        passed: ids of steps that were looked at and left (`person`, `pain`); a sheet left is in the case itself.
        accepted: rules of alarms past which a practitioner, who said why, goes on.
        short: ask the gateways first, and a danger sheet only where one of them opens it.

    Raises:
        CaseError: data that is no case.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        who: str = "self",
        setting: str = "studio",
        knowledge: Knowledge | None = None,
        passed: frozenset[str] = frozenset(),
        accepted: frozenset[str] = frozenset(),
        short: bool = False,
    ) -> None:
        self.knowledge = knowledge or load()
        self.who, self.setting, self.passed, self.accepted = who, setting, passed, accepted
        self.short = short
        self.case = read_case(data, self.knowledge)
        self.facts = facts_of(self.case, self.knowledge)

    @cached_property
    def screen(self) -> Screen:
        """The danger screen of what was said so far."""
        return screen(self.case, self.knowledge, self.facts)

    @cached_property
    def dangers(self) -> tuple[Alarm, ...]:
        """Alarms that stop a visit: a doctor today or sooner, or a hard stop of any urgency."""
        return tuple(
            alarm
            for alarm in self.screen.alarms
            if STEP[alarm.urgency] >= STEP["same_day"] or self._is_hard_stop(alarm.rule)
        )

    def _is_hard_stop(self, rule: str) -> bool:
        flag = self.facts.index.acts.get(rule)
        return flag is not None and flag.strength == "hard_stop"

    @cached_property
    def stops(self) -> tuple[Alarm, ...]:
        """Dangers that no practitioner has decided to go on past."""
        return tuple(alarm for alarm in self.dangers if alarm.rule not in self.accepted)

    @cached_property
    def graver(self) -> Step | None:
        """While a danger stops the visit: the open questions that could make it more urgent, in one list.

        Answered and asked again until it is None, it leaves nothing graver behind sheets that were never shown.
        """
        return sheets.graver_step(self.facts, self.knowledge, self.screen.urgency) if self.stops else None

    # ---- what is open

    @cached_property
    def sheets(self) -> tuple[Step, ...]:
        """Open danger sheets in the order in which they are asked."""
        every = tuple(sheets.open_sheets(self.facts, self.knowledge))
        return (*self._gateways(), *_without(gateways.closed_lines(self.facts), every)) if self.short else every

    def _gateways(self) -> tuple[Step, ...]:
        step = gateways.screen_step(self.facts, self.knowledge)
        return (step,) if step.blocks else ()

    @cached_property
    def first_sheets(self) -> tuple[Step, ...]:
        """Open danger sheets that come before the first answer."""
        return tuple(step for step in self.sheets if step.first)

    @cached_property
    def ranked(self) -> tuple[NextQuestion, ...]:
        """Open findings worth asking or testing, the most telling per minute first."""
        found = what_next(self.facts, self.knowledge, setting=self.setting, who=self.who)
        worth = [
            one
            for one in found
            if one.expected_information_bits >= ENOUGH_BITS and one.finding not in self.case.findings
        ]
        return tuple(sorted(worth, key=lambda one: (-one.bits_per_minute, one.finding)))

    @cached_property
    def questions(self) -> tuple[Step, ...]:
        """Open questions and tests as steps; a group of answers is asked as the checklist of its parts."""
        return tuple(step for one in self.ranked if (step := self._question(one)) is not None)

    def _question(self, one: NextQuestion) -> Step | None:
        step = self.question(one.finding, everything=False)
        if not step.parts:
            return None  # every part was answered as far as it is known; to ask for the sum tells nothing
        return replace(step, minutes=one.minutes, bits=one.expected_information_bits)

    def question(self, name: str, *, everything: bool = True) -> Step:
        """A finding as a step, `everything`: with what is answered already, to look at it again.

        Raises:
            KeyError: there is no such finding.
        """
        finding = self.knowledge.findings.findings[name]
        parts = self._leaves(name, everything)
        kind: Kind = "checklist" if finding.parts and (everything or len(parts) > 1) else "question"
        return Step(kind, name, sheets.asked_as(finding), (Block(None, parts),) if parts else ())

    def _leaves(self, name: str, everything: bool) -> tuple[Part, ...]:
        """What is asked for a finding: itself, or of a group the answers that it is made of."""
        index = self.facts.index
        if (finding := index.findings.get(name)) is None or not finding.parts:
            return (sheets.part_of(name, self.knowledge),)
        found = dict.fromkeys(self._atoms(name))
        return tuple(
            sheets.part_of(part, self.knowledge) for part in found if everything or sheets.is_open(part, self.facts)
        )

    def _atoms(self, name: str) -> Iterator[str]:
        index = self.facts.index
        entry = index.findings.get(name) or index.flags.get(name)
        if entry is None:
            return
        if not entry.parts:
            if name not in index.derived or not _from_fields(index.derived[name].rule):
                yield name
            return
        for part in ids_in(entry.parts):
            yield from self._atoms(part)

    # ---- the flow

    def next(self) -> Step:
        """The next step: a stop before everything, `done` when nothing worth asking is left."""
        return next(self._steps())

    def _steps(self) -> Iterator[Step]:
        if self.stops:
            yield Step("stop", "stop", alarms=self.stops)
        yield from self._told()
        yield from self.first_sheets
        if self.asked < FIRST_QUESTIONS:
            yield from self.questions
        yield from self.sheets
        yield from sheets.open_signs(self.facts, self.knowledge, self.who)
        yield from self.questions
        yield Step("done", "done")

    def _told(self) -> Iterator[Step]:
        """The person and the pain, while nothing was said of them."""
        person, pain = self.case.person, self.case.pain
        if "person" not in self.passed and person.age_years is None and person.sex is None:
            yield Step("person", "person", first=True)
        if "pain" not in self.passed and not pain.regions and pain.worst is None and pain.duration_weeks is None:
            yield Step("pain", "pain", first=True)

    @cached_property
    def asked(self) -> int:
        """How many of the questions that tell most were answered; each part of a group counts."""
        laid_out = {name for sheet in (*sheets.danger_sheets(), *sheets.sign_sheets(WHO[-1])) for name in sheet.ids}
        table = self.knowledge.findings.findings
        return sum(name in table and name not in laid_out for name in self.case.findings)

    @cached_property
    def all_sheets(self) -> tuple[Step, ...]:
        """Every danger sheet that concerns this person, in the order of asking, to look at it again."""
        every = tuple(sheets.all_sheets(self.facts, self.knowledge))
        return (gateways.screen_step(self.facts, self.knowledge, everything=True), *every) if self.short else every

    @cached_property
    def progress(self) -> Progress:
        """How far it is; when a danger stops it nothing more is to come."""
        if self.stops:
            return Progress(0, 0, True)
        before = len(list(self._told())) + len(self.first_sheets)
        questions = len(self.questions)
        first = min(questions, max(0, FIRST_QUESTIONS - self.asked))
        after = len(self.sheets) - len(self.first_sheets)
        after += len(list(sheets.open_signs(self.facts, self.knowledge, self.who))) + questions - first
        return Progress(before + first, after, False)


def _without(lines: frozenset[str], steps: tuple[Step, ...]) -> Iterator[Step]:
    """The steps without these lines; a step of which nothing is left falls away."""
    for step in steps:
        blocks = tuple(
            replace(block, parts=parts)
            for block in step.blocks
            if (parts := tuple(part for part in block.parts if part.id not in lines))
        )
        if blocks:
            yield replace(step, blocks=blocks)


def _from_fields(rule: str) -> bool:
    from psoas.diagnosis.ask import follows_from_a_field

    return follows_from_a_field(rule)


def next_step(data: Mapping[str, Any], **options: Any) -> Step:
    """The next step of an interview; options as for `Interview`."""
    return Interview(data, **options).next()
