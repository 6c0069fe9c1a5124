"""When the screen sends someone on: the referral as an item, and what to leave alone meanwhile."""

from __future__ import annotations

from psoas.care._sources import cite, unique
from psoas.care.types import Because, Item, Leave
from psoas.knowledge import Knowledge
from psoas.screening import Screen

EVERYTHING_OFF = "all_after_flag"
"""The rule that takes every technique off while an emergency is looked into."""
NOT_A_TREATMENT = "A rule of the danger screen; no grade of evidence applies."


def referral(screen: Screen, knowledge: Knowledge) -> Item | None:
    """Whom to see and how soon, from the most urgent alarms; None when nobody needs to be seen."""
    if not screen.at_least("routine_referral"):
        return None
    pack = knowledge.red_flags
    alarms = [alarm for alarm in screen.alarms if alarm.urgency == screen.urgency]
    alarms = [alarm for alarm in alarms if not alarm.suggested] or alarms
    what = pack.action_scale[screen.urgency]  # type: ignore[index]
    causes = tuple(dict.fromkeys(alarm.condition for alarm in alarms))
    because = [Because(alarm.rule, alarm.say) for alarm in alarms]
    because += [Because(why.finding, why.finding.replace("_", " ")) for alarm in alarms for why in alarm.because]
    sources = [one for alarm in alarms for why in alarm.because for one in cite("red_flags", why.source, knowledge)]
    for name in causes:
        cause = pack.conditions[name]
        sources += cite("red_flags", cause.guideline, knowledge, (cause.guideline_read_in,))
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
        because=tuple({one.id: one for one in reversed(because)}.values())[::-1],
        stop_if=pack.safety_net,
        note=" ".join(dict.fromkeys(alarm.say for alarm in alarms)),
        sources=unique(sources),
    )


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
