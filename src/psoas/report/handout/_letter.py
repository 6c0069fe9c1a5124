"""The letter to a clinician as data: urgency, why, what was found, what was not asked, what is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from psoas import __version__
from psoas.care.types import Plan
from psoas.case import Case
from psoas.diagnosis import Diagnosis
from psoas.interview import takes_none
from psoas.knowledge import Knowledge
from psoas.knowledge.words import Words
from psoas.report.handout import _phrases as phrases
from psoas.report.handout._letter_plan import letter_plan
from psoas.report.handout._words import Practice, letter_words, long_date, sentence
from psoas.report.sources import settled_words
from psoas.screening import Alarm, Screen, facts_of

SHOWN_SOURCES = 3
MOST_ABSENT, MOST_OPEN, MOST_TESTS = 6, 6, 6
"""Signs of the causes named that are told as absent or open, and tests without a finding: our choice, for one page."""
LEG = ("thigh_posterior", "thigh_lateral", "thigh_anterior", "thigh", "knee", "leg", "leg_front_whole",
       "leg_back_whole", "calf", "shin_lateral", "shin_medial", "foot", "foot_dorsum")  # fmt: skip


class Assessed(Protocol):
    """What a letter is written from; `psoas.assess` gives one."""

    @property
    def case(self) -> Case: ...
    @property
    def screen(self) -> Screen: ...
    @property
    def diagnosis(self) -> Diagnosis: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def psoas_version(self) -> str: ...
    @property
    def knowledge_sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Patient:
    """Whom the letter is about, beyond the case: the case holds age and sex, and no name."""

    name: str
    born: date | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Clinician:
    """Who signs."""

    name: str
    role: str = ""


def letter_data(
    answer: Assessed, knowledge: Knowledge, *, person: Patient | None, practice: Practice | None,
    clinician: Clinician | None, today: date, done: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """Everything that stands in the letter, as plain data for the template.

    Args:
        done: what was done here, in the practitioner's words.
    """
    said = letter_words()
    screen, case = answer.screen, answer.case
    citations: dict[str, int] = {}
    why = _why(screen, knowledge, citations)
    return {
        "title": f"{said['headline'][screen.urgency]}: letter to a clinician",
        "made_by": "Psoas",
        "urgent": screen.at_least("urgent_referral"),
        "sender": practice.lines() if practice else [],
        "date": long_date(today),
        "to": said["to"][screen.urgency],
        "re": _about(case, person),
        "headline": said["headline"][screen.urgency],
        "complaint": _complaint(case, knowledge),
        "drawing": _drawing(case),
        "why": why,
        "also": _also(screen, knowledge, {one["id"] for one in why}),
        "parts": [
            part
            for part in (
                _found(answer, knowledge, tuple(one["id"] for one in why)),
                _ranked(answer, knowledge),
                _taken(case, knowledge),
                letter_plan(answer.plan),
                _part("What was done", _line("", list(done))),
                _open(screen, knowledge, tuple(one["id"] for one in why)),
            )
            if part["lines"]
        ],
        "asked": _asked(screen, said),
        "signed": _signed(clinician, practice),
        "sources": [knowledge.red_flags.sources[name].citation.rstrip(".") for name in citations],
        "reasoned": said["reasoned"],
        "how_made": said["how_made"],
        "footer": f"Made with Psoas {__version__}, evidence {answer.knowledge_sha256[:12]}",
    }


def _about(case: Case, person: Patient | None) -> list[str]:
    who = case.person
    facts = [
        f"{who.age_years:g} years" if who.age_years is not None else "",
        "" if who.sex in (None, "unspecified") else str(who.sex),
    ]
    if who.pregnant == "yes":
        weeks = f", week {who.pregnancy_weeks:g}" if who.pregnancy_weeks is not None else ""
        facts.append(f"pregnant{weeks}")
    about = ", ".join(one for one in facts if one)
    if person is None:
        return [line for line in (f"About: {about}" if about else "",) if line]
    born = f", born {long_date(person.born)}" if person.born else ""
    lines = [f"About: {person.name}{born}", about, person.contact]
    return [line for line in lines if line]


def _complaint(case: Case, knowledge: Knowledge) -> str:
    where, how = phrases.drawing(case, knowledge), phrases.course(case)
    text = f"Pain: {where or 'place not said'}" + (f"; {how}" if how else "")
    if case.tried:
        tried = [f"{phrases.plain(one.what)}" + (f" ({one.effect})" if one.effect else "") for one in case.tried]
        text += f". Tried: {phrases.listed(tried)}"
    if case.settled:
        words = Words(knowledge)
        text += f". {' '.join(settled_words(row, words) for row in case.settled).rstrip('.')}"
    return sentence(text)


def _drawing(case: Case) -> list[dict[str, str]]:
    """The pain drawing, front and back; nothing when no place was marked that can be drawn."""
    from psoas import figures

    drawn = {one.id for one in figures.pain_map().regions}
    if not drawn & set(case.pain.regions):
        return []
    svgs = [figures.pain_map_svg(case.pain.regions, view) for view in figures.VIEWS]
    return [{"svg": svg, "alt": figures.description(svg)} for svg in svgs]


def _why(screen: Screen, knowledge: Knowledge, citations: dict[str, int]) -> list[dict[str, Any]]:
    """The causes behind the urgency, each with what speaks for it and where that is published."""
    top = [alarm for alarm in screen.alarms if alarm.urgency == screen.urgency]
    shown = [alarm for alarm in top if not alarm.suggested] or top
    found: dict[str, dict[str, Any]] = {}
    for alarm in shown:
        one = found.setdefault(
            alarm.condition,
            {
                "id": alarm.condition,
                "name": knowledge.red_flags.conditions[alarm.condition].name,
                "because": [],
                "sources": [],
            },
        )
        _add(one["because"], [_because(alarm)])
        for name in (name for reason in alarm.because for name in reason.source):
            if name != "reasoned":
                _add(one["sources"], [citations.setdefault(name, len(citations) + 1)])
    return list(found.values())


def _because(alarm: Alarm) -> str:
    return alarm.say.partition("Because: ")[2].rstrip(".") or alarm.say.rstrip(".")


def _add(to: list[Any], more: list[Any]) -> None:
    to.extend(one for one in more if one not in to)


def _also(screen: Screen, knowledge: Knowledge, shown: set[str]) -> str:
    others = {alarm.condition for alarm in screen.alarms} - shown
    names = [
        knowledge.red_flags.conditions[alarm.condition].name for alarm in screen.alarms if alarm.condition in others
    ]
    return f"Also to be thought of, with weaker signs: {phrases.listed(names)}." if names else ""


def _line(label: str, words: list[str] | str) -> dict[str, str]:
    text = words if isinstance(words, str) else phrases.listed(words)
    return {"label": label, "text": sentence(text) if text else ""}


def _part(title: str, *lines: Mapping[str, str]) -> dict[str, Any]:
    return {"title": title, "lines": [dict(line) for line in lines if line["text"]]}


def _found(answer: Assessed, knowledge: Knowledge, causes: Sequence[str]) -> dict[str, Any]:
    case = answer.case
    return _part(
        "What was found",
        _line("Present", phrases.answers(case, "yes", knowledge)),
        _line("Tried and not possible", phrases.answers(case, "not_possible", knowledge)),
        _line("Measured", phrases.readings(case)),
        _line("Vital signs", phrases.signs(case.vitals.model_dump())),
        _line("Laboratory", phrases.signs(case.laboratory.model_dump())),
        _line("Asked and absent", _absent(case, knowledge, causes)),
        _line("Tests without a finding", phrases.negative_tests(case, knowledge)[:MOST_TESTS]),
    )


def _absent(case: Case, knowledge: Knowledge, causes: Sequence[str]) -> list[str]:
    """Only what bears on the question: the signs of the causes named that were denied, and the few that always count.

    What follows from a medicine or an illness is not denied beside it, whatever was answered.
    """
    facts = facts_of(case, knowledge)
    denied = {name for name, said in case.findings.items() if phrases.is_no(said) and facts.yes(name) is not True}
    leg = any(name.rpartition("_")[0] in LEG for name in case.pain.regions)
    found = [
        line["say"]
        for line in letter_words()["absent"]
        if denied.issuperset(line["all"])
        and ("when" not in line or (leg and "leg_pain" in line["when"]) or not set(causes).isdisjoint(line["when"]))
    ]
    said = {name for line in letter_words()["absent"] for name in line["all"]}
    own = [name for cause in causes for name in knowledge.red_flags.conditions[cause].flags]
    more = [phrases.finding(name, knowledge) for name in dict.fromkeys(own) if name in denied and name not in said]
    return [*found, *more[:MOST_ABSENT]]


def _ranked(answer: Assessed, knowledge: Knowledge) -> dict[str, Any]:
    """The ranked sources; left out while a danger is being looked into."""
    if answer.screen.at_least("urgent_referral"):
        return _part("")
    names = knowledge.sources_of_pain.conditions
    lines = [
        f"{names[one.source].name} {one.probability:.0%} "
        f"(90 % interval {one.interval_90[0]:.0%} to {one.interval_90[1]:.0%})"
        for one in answer.diagnosis.differential[:SHOWN_SOURCES]
    ]
    lines.append(f"no single source {answer.diagnosis.no_single_source:.0%}")
    return _part("What we take it for", _line("Ranked by the program", lines))


def _taken(case: Case, knowledge: Knowledge) -> dict[str, Any]:
    illnesses = list(map(phrases.plain, case.conditions))
    if "conditions" in case.model_fields_set and not illnesses:
        illnesses = ["none, as far as known"]
    return _part(
        "Medicines and illnesses",
        _line("Medicines", list(map(phrases.plain, case.medicines)) or _no_medicine(case, knowledge)),
        _line("Supplements", list(map(phrases.plain, case.supplements))),
        _line("Known illnesses and operations", illnesses or "not asked"),
    )


def _no_medicine(case: Case, knowledge: Knowledge) -> str:
    return "none" if takes_none(case.to_data(), knowledge) else "not asked"


def _open(screen: Screen, knowledge: Knowledge, causes: Sequence[str]) -> dict[str, Any]:
    """What was not asked of the causes named, and how many questions more; a letter is no list of gaps."""
    own = {name for cause in causes for name in knowledge.red_flags.conditions[cause].flags}
    named = [phrases.finding(name, knowledge) for name in screen.not_asked if name in own][:MOST_OPEN]
    rest = len(screen.not_asked) - len(named)
    more = [f"{rest} {'other safety question' if rest == 1 else 'other safety questions'}" if named else
            f"{rest} safety {'question' if rest == 1 else 'questions'}"] if rest else []  # fmt: skip
    return _part("Not asked or not known", _line("", [*named, *more]))


def _asked(screen: Screen, said: Mapping[str, Any]) -> list[str]:
    lines = [said["asked"][screen.urgency]]
    top = [alarm for alarm in screen.alarms if alarm.urgency == screen.urgency]
    steps = [alarm.do for alarm in ([one for one in top if not one.suggested] or top)]
    lines += [one for one in dict.fromkeys(steps) if not any(one != other and one in other for other in steps)]
    if screen.at_least("same_day"):
        lines.append(said["stopped"])
    return [*lines, said["reply"]]


def _signed(clinician: Clinician | None, practice: Practice | None) -> str:
    if clinician is None:
        return practice.name if practice else ""
    return ", ".join(one for one in (clinician.name, clinician.role) if one)
