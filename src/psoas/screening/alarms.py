"""Everything in a case that fires a rule of the screen: thresholds, single answers, combinations."""

from __future__ import annotations

from collections.abc import Iterator

from psoas.knowledge import Action, Combination, Condition, Knowledge
from psoas.knowledge.rules.conditions import ids_in, true_ids
from psoas.knowledge.rules.facts import Facts
from psoas.screening.types import STEP, Alarm, Reason

UNSPECIFIED = "serious_cause_unspecified"


def fired(knowledge: Knowledge, facts: Facts) -> Iterator[Alarm]:
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
