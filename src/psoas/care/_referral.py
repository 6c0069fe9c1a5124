"""When the screen sends someone on: the referral as an item, and what to leave alone meanwhile."""

from __future__ import annotations

from psoas.care._sources import cite, unique
from psoas.care.pathway.loads import because_of
from psoas.care.types import Because, Item, Leave
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.plan_choices import Refer, SourceCare
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
    care = [knowledge.plan_choices.dangers[name] for name in causes[:MOST_CAUSES]]
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
        until_seen=" ".join(dict.fromkeys(one.until for one in care)),
        how_soon=SOON[screen.urgency],
    )


def reported_in(name: str, facts: Facts) -> bool:
    """Whether an id is something that this case says: an answer, a mark, a reading, an illness, a medicine, a field."""
    case = facts.case
    if name in case.conditions or name in case.medicines or name in case.pain.regions:
        return True
    if name in facts.index.thresholds or name.startswith("person."):
        return True
    return facts.holds(name) is True


def source_referral(care: SourceCare, urgency: str, facts: Facts, knowledge: Knowledge) -> Refer | None:
    """Whom to see for a source of pain, harmless as it is: the first rule that holds."""
    return next((one for one in care.refer if evaluate(one.when, facts) is True), None)


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
