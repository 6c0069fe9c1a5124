"""What a medicine that is not understood keeps off: hands-on techniques that a blood thinner or a steroid would forbid.

An entry that nobody can read may be a blood thinner. It moves no urgency, since unknown moves nothing; but a technique
that would be forbidden if it were one is not cleared either, whatever else was answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from psoas.knowledge import Knowledge
from psoas.knowledge.readers.medicine_reader import MedicineRead
from psoas.knowledge.rules.conditions import evaluate
from psoas.knowledge.rules.facts import Facts
from psoas.screening.contraindications import BANS


def keeps_off(read: MedicineRead, knowledge: Knowledge) -> bool:
    """Whether something must be asked back before hands-on work; what ended and was harmless need not be."""
    if read.understood:
        return False
    dangerous = [name for one in read.open for name in one.classes if _is_danger(name, knowledge)]
    return bool(read.unread or read.unsure or dangerous or any(one.how == "near" for one in read.taken))


def _is_danger(name: str, knowledge: Knowledge) -> bool:
    held = knowledge.medicines.classes.get(name)
    return held is not None and held.danger


def waits_for_medicines(
    knowledge: Knowledge, facts: Facts, banned: Collection[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Techniques that wait for a medicine to be understood, each with the entries to ask about (`medicines[2]`)."""
    asks = tuple(f"medicines[{number}]" for number, read in enumerate(facts.medicines, 1) if keeps_off(read, knowledge))
    if not asks:
        return
    unread = knowledge.medicines.unread
    assumed = facts.answering(dict.fromkeys(unread.assumes, "yes"))
    for technique in unread.techniques:
        if technique not in banned and _would_be_forbidden(technique, knowledge, assumed):
            yield technique, asks


def _would_be_forbidden(technique: str, knowledge: Knowledge, facts: Facts) -> bool:
    return any(
        technique in rule.technique
        and rule.level_by_technique.get(technique, rule.level) in BANS
        and evaluate(rule.forbid_if, facts) is True
        for rule in knowledge.red_flags.manual_contraindications.values()
    )
