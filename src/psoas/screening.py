"""Danger first: from the facts of a case to an urgency, its alarms, and what hands may not do.

The rules are data (`red_flags.yaml`); this module only evaluates them. Three principles hold throughout:

* The urgency is the most urgent of everything that fired. Nothing is weighed against it, and a no never lowers it.
* A probability decides nothing here. Where a published likelihood ratio exists, at most one a cause is shown.
* Techniques are judged in a second pass, after the urgency is known. Deep pressure on the psoas stays off until
  everything that would forbid it has been asked and answered no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from psoas.case import Case
from psoas.knowledge import Action, Combination, Condition, Knowledge
from psoas.knowledge.expressions import Ternary
from psoas.knowledge.facts import Facts
from psoas.knowledge.index import URGENCIES, index_of
from psoas.knowledge.rules import evaluate, ids_in, true_ids

STEP = {name: step for step, name in enumerate(URGENCIES)}
UNSPECIFIED = "serious_cause_unspecified"
CLEARED_FIRST = ("deep_psoas_pressure",)
BANS = ("absolute", "relative")


@dataclass(frozen=True, slots=True)
class Reason:
    """An answer that made a rule fire, and where it is published that it matters."""

    finding: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that fired for a cause, with what to do. `suggested`: the sign speaks for this cause among others."""

    condition: str
    urgency: str
    rule: str
    because: tuple[Reason, ...]
    say: str
    do: str
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class Ban:
    """A technique that something in the case forbids."""

    technique: str
    contraindication: str
    level: str
    because: tuple[str, ...]
    source: tuple[str, ...]
    why: str
    do_instead: str
    limited_to: str | None


@dataclass(frozen=True, slots=True)
class Uncleared:
    """A technique that stays off until these questions are answered no."""

    technique: str
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PsoasGate:
    """What stands between a finding at the hip flexors and blaming them.

    Attributes:
        closed_by: mimics of a tight psoas for which an alarm of at least `urgent_referral` fired.
        ask: gate questions that have no answer yet.
    """

    closed_by: tuple[str, ...]
    ask: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether a conclusion about the hip flexors may be shown as one."""
        return not self.closed_by


@dataclass(frozen=True, slots=True)
class Screen:
    """The answer of the danger screen. `watched`: rules whose action is to keep an eye on it."""

    urgency: str
    alarms: tuple[Alarm, ...]
    watched: tuple[Alarm, ...]
    not_asked: tuple[str, ...]
    forbidden: tuple[Ban, ...]
    not_cleared: tuple[Uncleared, ...]
    gate: PsoasGate

    def at_least(self, urgency: str) -> bool:
        """Whether the screen reached this urgency."""
        return STEP[self.urgency] >= STEP[urgency]

    def forbids(self, technique: str) -> bool:
        """Whether a technique is forbidden or not cleared yet."""
        return any(ban.technique == technique for ban in self.forbidden) or any(
            open_.technique == technique for open_ in self.not_cleared
        )


def facts_of(case: Case, knowledge: Knowledge) -> Facts:
    """The facts of a case, before the screen."""
    return Facts(case, index_of(knowledge), knowledge.red_flags.vital_signs.news2.points)


def screen(case: Case, knowledge: Knowledge, facts: Facts | None = None) -> Screen:
    """Screen a case for danger. It cannot be switched off, and it asks nothing of the diagnosis."""
    facts = facts or facts_of(case, knowledge)
    fired = sorted(_fired(knowledge, facts), key=lambda alarm: (-STEP[alarm.urgency], alarm.suggested))
    urgency = max((alarm.urgency for alarm in fired), key=STEP.__getitem__, default="self_care")
    alarms = tuple(alarm for alarm in fired if STEP[alarm.urgency] > STEP["watch"])

    def reached(action: str) -> Ternary:
        return True if STEP[urgency] >= STEP[action] else None

    gate = _gate(knowledge, facts, alarms)
    second = facts.after_screen(reached)
    forbidden = tuple(_bans(knowledge, second))
    banned = {ban.technique for ban in forbidden}
    return Screen(
        urgency=urgency,
        alarms=alarms,
        watched=tuple(alarm for alarm in fired if alarm.urgency == "watch" and not alarm.suggested),
        not_asked=_not_asked(knowledge, facts),
        forbidden=forbidden,
        not_cleared=tuple(
            Uncleared(technique, ask)
            for technique in CLEARED_FIRST
            if technique not in banned and (ask := _open_questions(technique, knowledge, second, gate))
        ),
        gate=gate,
    )


def _fired(knowledge: Knowledge, facts: Facts) -> Iterator[Alarm]:
    """Everything that is true: thresholds, single answers, combinations."""
    index, screen_data = facts.index, knowledge.red_flags
    for threshold in index.thresholds.values():
        if facts.expression(threshold.when):
            yield _alarm(
                screen_data.conditions[UNSPECIFIED], threshold.action, threshold.id, threshold.note.rstrip(". "),
                (Reason(threshold.id, threshold.source),), knowledge,
            )  # fmt: skip
    for name, flag in index.acts.items():
        if facts.yes(name) and facts.expression(flag.applies_if) is not False:
            home, because = index.condition_of[name], (Reason(name, flag.source),)
            says = _flag_words(name, facts)
            yield _alarm(home, flag.action_if_alone, name, says, because, knowledge)
            for other in flag.suggests:
                cause = screen_data.conditions[other]
                yield _alarm(cause, flag.action_if_alone, name, says, because, knowledge, suggested=True)
    for name, combo in index.combinations.items():
        if facts.combination(name):
            home = index.condition_of.get(name, screen_data.conditions[UNSPECIFIED])
            yield _alarm(home, combo.action, name, combo.says, _reasons(combo, facts), knowledge)


def _alarm(
    condition: Condition, urgency: Action, rule: str, says: str, because: tuple[Reason, ...], knowledge: Knowledge,
    *, suggested: bool = False,
) -> Alarm:  # fmt: skip
    do = _sentence(knowledge.red_flags.action_scale[urgency])
    if urgency == condition.action and not suggested:
        do = f"{do} {_sentence(condition.action_text)}"
    head = "Possible: " if STEP[urgency] > STEP["watch"] else "In mind: "
    say = f"{head}{condition.name[0].lower()}{condition.name[1:]}. Because: {says}."
    return Alarm(condition.id, urgency, rule, because, say, do, suggested)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(". ") + "."


def _flag_words(name: str, facts: Facts) -> str:
    """What an answer says, in the words of its question; of a group, the parts that are yes."""
    flag = facts.index.acts[name]
    finding = facts.index.findings.get(name)
    if flag.ask:
        return f"yes to “{flag.ask}”"
    if finding is not None:
        return finding.name[:1].lower() + finding.name[1:]
    parts = [part.replace("_", " ") for part in ids_in(flag.parts or {}) if facts.holds(part)]
    return name.replace("_", " ") + (f" ({', '.join(parts)})" if parts else "")


def _reasons(combo: Combination, facts: Facts) -> tuple[Reason, ...]:
    reasons = []
    for name in true_ids(combo.rule, facts):
        entry = facts.index.acts.get(name) or facts.index.combinations.get(name)
        reasons.append(Reason(name, entry.source if entry else combo.source))
    return tuple(reasons) or (Reason(combo.id, combo.source),)


# ---- techniques


def _bans(knowledge: Knowledge, facts: Facts) -> Iterator[Ban]:
    for rule in knowledge.red_flags.manual_contraindications.values():
        if evaluate(rule.forbid_if, facts) is not True:
            continue
        for technique in rule.technique:
            level = rule.level_by_technique.get(technique, rule.level)
            if level in BANS:
                because = (*true_ids(rule.forbid_if, facts), *_illnesses(rule.forbid_if, facts, True)) or (rule.id,)
                yield Ban(
                    technique, rule.id, level, because, rule.source, rule.why, rule.do_instead, rule.limited_to
                )  # fmt: skip


def _expressions(rule: Any) -> Iterator[str]:
    """Expressions inside a rule that speak for a ban (`unless` speaks against one)."""
    if isinstance(rule, Mapping):
        for key, value in rule.items():
            if key == "when":
                yield value
            elif key == "n_of":
                yield from _expressions(value["of"])
            else:
                yield from _expressions(value)
    elif isinstance(rule, (list, tuple)):
        for part in rule:
            yield from _expressions(part)


def _illnesses(rule: Any, facts: Facts, held: Ternary) -> tuple[str, ...]:
    """Illnesses that the rule names in `known(...)` and that are held (True) or not stated (None)."""
    names = [name for text in _expressions(rule) for name in re.findall(r"known\('(\w+)'\)", text)]
    return tuple(dict.fromkeys(name for name in names if facts.known(name) is held))


def _open_questions(technique: str, knowledge: Knowledge, facts: Facts, gate: PsoasGate) -> tuple[str, ...]:
    """What must still be answered no before a technique that can do grave harm is cleared.

    That is what its contraindications name, and the gate of the psoas: the causes for which "the psoas must not be
    stretched or pressed" (psoas_mimics), each of which forbids it through the urgency. An illness is answered by the
    list `conditions`: once it is given, what it does not name counts as denied. A mark on the pain drawing is answered
    by `pain.map_complete`.
    """
    told = facts.with_illnesses_told()
    ask: list[str] = []
    for rule in knowledge.red_flags.manual_contraindications.values():
        level = rule.level_by_technique.get(technique, rule.level)
        if technique in rule.technique and level in BANS:
            ask += _asks(rule.forbid_if, told)
    return tuple(dict.fromkeys((*ask, *gate.ask)))


def _asks(rule: Any, facts: Facts) -> Iterator[str]:
    """The questions that leave a rule unknown: nothing is asked of a branch that is decided."""
    if evaluate(rule, facts) is not None:
        return
    if isinstance(rule, str):
        if combo := facts.index.combinations.get(rule):
            yield from _asks(combo.rule, facts)
        elif _applies(rule, facts):
            yield rule
        return
    for key, value in rule.items():
        if key == "when":
            yield from _fields_unknown(value, facts)
        elif key in ("all_of", "any_of", "none_of", "n_of"):
            for part in value["of"] if key == "n_of" else value:
                yield from _asks(part, facts)


def _fields_unknown(text: str, facts: Facts) -> Iterator[str]:
    """The fields, illnesses and the drawing that leave an expression unknown."""
    if facts.expression(text) is not None:
        return
    yield from (name for name in re.findall(r"known\('(\w+)'\)", text) if facts.known(name) is None)
    for block, name in re.findall(r"(person|pain)\.(\w+)", text):
        if facts.field(block, name) is None:
            yield f"{block}.{name}"
    if "marked" in text and facts.case.pain.map_complete != "yes":
        yield "pain.map_complete"


def _applies(name: str, facts: Facts) -> bool:
    """Whether a question is for this person at all: nobody asks a man whether he is pregnant."""
    flag = facts.index.acts.get(name)
    return flag is None or facts.expression(flag.applies_if) is not False


# ---- what was not asked, and the gate before the psoas


def _not_asked(knowledge: Knowledge, facts: Facts) -> tuple[str, ...]:
    """Questions without an answer, most pressing first: due by the pain map, hard stops, the gate of the psoas."""
    due = [one.ask for one in knowledge.red_flags.ask_first if facts.expression(one.if_) is True]
    hard = [name for name, flag in facts.index.acts.items() if flag.strength == "hard_stop"]
    order = dict.fromkeys([*due, *hard, *knowledge.red_flags.psoas_mimics.gate_questions])
    return tuple(name for name in order if _is_open(name, facts))


def _is_open(name: str, facts: Facts) -> bool:
    """Whether a question waits for an answer: for this person, not answered, not settled by a field of the case.

    A field can settle a question without a no: a course that is known to be stable is not asked about once more.
    """
    if facts.holds(name) is not None or not _applies(name, facts):
        return False
    flag = facts.index.flags.get(name)
    return not (flag and flag.derived_from and facts.expression(flag.derived_from) is False)


def _gate(knowledge: Knowledge, facts: Facts, alarms: tuple[Alarm, ...]) -> PsoasGate:
    mimics = knowledge.red_flags.psoas_mimics
    urgent = {alarm.condition for alarm in alarms if STEP[alarm.urgency] >= STEP["urgent_referral"]}
    return PsoasGate(
        closed_by=tuple(name for name in mimics.ids if name in urgent),
        ask=tuple(name for name in mimics.gate_questions if _is_open(name, facts)),
    )
