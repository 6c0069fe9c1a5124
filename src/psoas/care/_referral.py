"""When the screen sends someone on: the referral as an item, and what to leave alone meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from psoas.care._sources import cite, unique
from psoas.care.pathway.loads import because_of
from psoas.care.types import Because, Item, Leave
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.treatment.plan_choices import DangerCare, Refer, SourceCare
from psoas.knowledge.rules.conditions import evaluate
from psoas.knowledge.rules.facts import Facts
from psoas.screening import Screen

EVERYTHING_OFF = "all_after_flag"
"""The rule that takes every technique off while an emergency is looked into."""
MOST_CAUSES = 2
"""Causes whose checks and interim care are spelled out; more would not be read. All of them are named."""
SOON = {
    "emergency_now": "now: ambulance or emergency department",
    "same_day": "today",
    "urgent_referral": "within two weeks, sooner if it grows",
    "routine_referral": "in the coming weeks",
}
NOT_A_TREATMENT = "A rule of the danger screen; no grade of evidence applies."


def referral(screen: Screen, facts: Facts, knowledge: Knowledge) -> Item | None:
    """Whom to see and how soon, what to check there and what to do until then; None when nobody needs to be seen.

    From the most urgent alarms. Only what was reported is cited: an alarm's own words name every sign it could rest on.
    """
    if not screen.at_least("routine_referral"):
        return None
    pack = knowledge.red_flags
    alarms = [alarm for alarm in screen.alarms if alarm.urgency == screen.urgency]
    alarms = [alarm for alarm in alarms if not alarm.suggested] or alarms
    what = pack.action_scale[screen.urgency]  # type: ignore[index]
    causes = tuple(dict.fromkeys(alarm.condition for alarm in alarms))
    named = dict.fromkeys(why.finding for alarm in alarms for why in alarm.because)
    reported = [name for name in named if reported_in(name, facts)] or list(named)
    sources = [one for alarm in alarms for why in alarm.because for one in cite("red_flags", why.source, knowledge)]
    for name in causes:
        cause = pack.conditions[name]
        sources += cite("red_flags", cause.guideline, knowledge, (cause.guideline_read_in,))
    care = _told_care(causes, knowledge)
    return Item(
        id=screen.urgency,
        kind="referral",
        name=f"{what[:1].upper()}{what[1:]}",
        practitioner_name="Refer: " + "; ".join(pack.conditions[name].name for name in causes),
        who="refer",
        steps=tuple(dict.fromkeys(alarm.do for alarm in alarms)),
        dose_words=f"{what[:1].upper()}{what[1:]}.",
        certainty="none",
        certainty_words=NOT_A_TREATMENT,
        because=because_of(tuple(reported), knowledge),
        stop_if=pack.safety_net,
        sources=unique(sources),
        for_=causes[0] if causes else "",
        order=0,
        check=tuple(dict.fromkeys(line for one in care for line in one.check)),
        until_seen=_joined(one.until for one in care),
        how_soon=SOON[screen.urgency],
    )


def _told_care(causes: tuple[str, ...], knowledge: Knowledge) -> list[DangerCare]:
    """Checks and interim care of the causes; a cause of unknown kind says less than one that is named."""
    care = [knowledge.plan_choices.dangers[name] for name in causes]
    exact = [one for one in care if not one.until_alone]
    return [*exact, *(one for one in care if one not in exact)][:MOST_CAUSES] if exact else care[:MOST_CAUSES]


def _joined(sentences: Iterable[str]) -> str:
    """Sentences in order, each once; a part that another one says as well is left out."""
    told = list(dict.fromkeys(one for one in sentences if one))
    parts = [part for one in told for part in _PARTS.split(one)]
    said: list[str] = []
    for place, part in enumerate(parts):
        bare = part.rstrip(".;: ").lower()
        others = [other.lower() for other in parts[:place]] + [
            o.lower() for o in parts[place + 1 :] if len(o) > len(part)
        ]
        if bare and not any(bare in other for other in others):
            said.append(part)
    return " ".join(f"{one[:1].upper()}{one[1:].rstrip(';')}" + ("" if one.endswith(".") else ".") for one in said)


_PARTS = re.compile(r"(?<=[.;]) ")
"""Where a sentence of interim care may be parted: after a full stop or a semicolon."""


def with_sources(item: Item, sources: Sequence[Refer], knowledge: Knowledge) -> Item:
    """The screen's referral with what the leading sources want checked and kept to; the more urgent of them counts.

    A cause of unknown kind then leaves check and interim care to the source, but for hands on the painful part.
    """
    danger = knowledge.plan_choices.dangers.get(item.for_)
    unknown = danger is not None and bool(danger.until_alone)
    if not sources and danger is not None:
        check = _each_once((*danger.check_alone, *item.check))
        return replace(item, check=check, until_seen=_joined((item.until_seen, danger.until_alone or "")))
    urgent = any(one.urgency == "urgent_referral" for one in sources) and item.id == "routine_referral"
    what = knowledge.red_flags.action_scale["urgent_referral"] if urgent else ""
    checks = [line for one in sources for line in one.check]
    check = (*checks, *item.check) if unknown else (*item.check, *checks)
    return replace(
        item,
        id="urgent_referral" if urgent else item.id,
        name=f"{what[:1].upper()}{what[1:]}" if urgent else item.name,
        dose_words=f"{what[:1].upper()}{what[1:]}." if urgent else item.dose_words,
        how_soon=SOON["urgent_referral"] if urgent else item.how_soon,
        check=_each_once(check),
        until_seen=_joined((item.until_seen, *(one.until for one in sources))),
    )


def with_extras(item: Item, facts: Facts, knowledge: Knowledge) -> Item:
    """A referral with what an operation, a pregnancy, thin bones or a medicine that did nothing adds to it."""
    choices, case = knowledge.plan_choices, facts.case
    extras = [one for one in choices.extras if evaluate(one.when, facts) is True]
    useless = [care.what for care in case.tried if care.effect == "none" and care.what in case.medicines]
    asked = [choices.ineffective_medicine.format(medicine=name.replace("_", " ")) for name in useless]
    return replace(
        item,
        check=_each_once((*item.check, *(line for one in extras for line in one.check), *asked)),
        until_seen=_joined((item.until_seen, *(one.until for one in extras))),
    )


def _each_once(lines: Iterable[str]) -> tuple[str, ...]:
    """Each line once; one whose words another line has as well is left to that one, the first of equals."""
    told = list(dict.fromkeys(lines))
    words = [frozenset(re.findall(r"[\w-]+", one.lower())) - _SMALL for one in told]
    return tuple(
        one
        for place, one in enumerate(told)
        if not any(words[place] < other for other in words) and words[place] not in words[:place]
    )


_SMALL = frozenset({"a", "an", "and", "area", "both", "in", "is", "it", "leg", "legs", "of", "or", "the"})
"""Words that do not part one check from another."""


def reported_in(name: str, facts: Facts) -> bool:
    """Whether an id is something that this case says: an answer, a mark, a reading, an illness, a medicine, a field."""
    case = facts.case
    if name in case.conditions or name in case.medicines or name in case.pain.regions:
        return True
    if name in facts.index.thresholds or name.startswith("person."):
        return True
    return facts.holds(name) is True


def source_referral(care: SourceCare, facts: Facts, *, walks: bool = True) -> Refer | None:
    """Whom to see for a source of pain, harmless as it is: the first rule that holds.

    `walks`: nothing stands against walking, so that the interim care may ask for it.
    """
    found = next((one for one in care.refer if evaluate(one.when, facts) is True), None)
    if found is None or not (walks and found.walk):
        return found
    return replace(found, until=f"{found.walk} {found.until}")


def refer_item(
    one: Refer, source: str, because: tuple[Because, ...], missing: tuple[str, ...], knowledge: Knowledge
) -> Item:  # fmt: skip
    """A referral that the source asks for, not the danger screen."""
    name = knowledge.sources_of_pain.conditions[source].name
    who = one.who[:1].upper() + one.who[1:]
    return Item(
        id=one.urgency,
        kind="referral",
        name=f"{who}: {SOON[one.urgency]}",
        practitioner_name=f"Refer to {one.who}: {name}",
        who="refer",
        dose_words=f"{who}, {SOON[one.urgency]}.",
        certainty="none",
        certainty_words="Our judgement for this source; no grade of evidence applies.",
        because=because,
        stop_if=knowledge.red_flags.safety_net,
        for_=source,
        order=0,
        check=with_missing(one.check, missing),
        until_seen=one.until,
        how_soon=SOON[one.urgency],
    )


def with_missing(check: tuple[str, ...], missing: tuple[str, ...]) -> tuple[str, ...]:
    """What to check, and the parts of the nerves' examination that nobody has done yet."""
    return (*check, *(f"not examined yet: {', '.join(missing)}" for _ in missing[:1]))


def leave_for_now(screen: Screen, knowledge: Knowledge, *, exercises: bool) -> tuple[Leave, ...]:
    """What hands and the person leave alone: forbidden techniques, those not cleared, exercises with a high load."""
    plain = {name: one.plain for name, one in knowledge.red_flags.techniques.items()}
    by_rule: dict[str, list[str]] = {}
    for ban in screen.forbidden:
        if screen.at_least("same_day") and ban.contraindication != EVERYTHING_OFF:
            continue  # that one rule says it all
        by_rule.setdefault(ban.contraindication, []).append(ban.technique)
    bans = {ban.contraindication: ban for ban in screen.forbidden}
    found = [
        Leave(
            "; ".join(map(plain.__getitem__, names)),
            bans[rule].why,
            bans[rule].do_instead,
            bans[rule].source,
            tuple(names),
        )
        for rule, names in by_rule.items()
    ]
    for open_ in () if screen.at_least("same_day") else screen.not_cleared:
        why = f"{len(open_.ask)} questions must be answered first; the screen lists them."
        found.append(Leave(plain[open_.technique], why, "ask first", (), (open_.technique,)))
    if exercises:
        for one in knowledge.exercises.avoid_early.values():
            table = knowledge.exercises.meta.load_table
            rows = [table.rows.get(row) or table.psoas_emg[row] for row in one.rows]
            sources = tuple(dict.fromkeys(name for row in rows for name in row.source))
            found.append(Leave(one.name, f"{one.reason[:1].upper()}{one.reason[1:]}.", "", sources))
    return tuple(found)
