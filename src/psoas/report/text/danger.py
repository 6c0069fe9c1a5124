"""The danger screen in words: how urgent, why, whom to see, and what hands must not do."""

from __future__ import annotations

from typing import Any

from psoas.knowledge.words import Words
from psoas.report.phrases import (
    alarm_reasons,
    answers_needed,
    ban_for_all,
    ban_reasons,
    by_condition,
    conflict_words,
    headlines,
    kept_in_sight,
    medicine_words,
    urgency_words,
)
from psoas.report.text.citing import Citing
from psoas.screening import Alarm, Ban, Screen

ALARMING = ("routine_referral", "urgent_referral", "same_day", "emergency_now")


def danger_report(screen: Screen, words: Words, citing: Citing) -> dict[str, Any]:
    """Urgency, alarms grouped by cause, what to watch, and forbidden and not yet cleared techniques."""
    return {
        "urgency": screen.urgency,
        "alarm": screen.urgency in ALARMING,
        "title": headlines()[screen.urgency].capitalize(),
        "what": urgency_words(screen, words),
        "alarms": [_alarm(alarms, words, citing) for alarms in by_condition(screen.alarms)],
        "watch": list(kept_in_sight(screen, words)),
        "not_asked": len(screen.not_asked),
        "forbidden_all": ban_for_all(screen),
        "forbidden": _forbidden(screen, words, citing),
        "not_cleared": [
            {
                "id": one.technique,
                "technique": words.technique(one.technique),
                "count": len(one.ask),
                "answers": answers_needed(one),
                "ask": [{"id": name, "words": words.of(name)} for name in one.ask],
            }
            for one in screen.not_cleared
        ],
        "medicines": [{"understood": one.understood, "say": medicine_words(one)} for one in screen.medicines],
        "conflicts": [conflict_words(one, words) for one in screen.conflicts],
    }


def _alarm(alarms: list[Alarm], words: Words, citing: Citing) -> dict[str, Any]:
    reasons, cited = alarm_reasons(alarms, words)
    head = alarms[0]
    return {
        "urgency": head.urgency,
        "title": headlines()[head.urgency].capitalize(),
        "cause": f"possible {words.condition(head.condition)}",
        "because": list(reasons),
        "say": head.say,
        "do": head.do,
        "citations": citing.of(cited, pack="red_flags"),
    }


def _forbidden(screen: Screen, words: Words, citing: Citing) -> list[dict[str, Any]]:
    """Each technique once; `because` is empty when only the urgency forbids it."""
    groups: dict[str, list[Ban]] = {}
    for ban in screen.forbidden:
        groups.setdefault(ban.technique, []).append(ban)
    found = []
    for technique, bans in groups.items():
        because, limits = ban_reasons(technique, screen, words)
        found.append(
            {
                "id": technique,
                "technique": words.technique(technique),
                "because": list(because),
                "limited_to": list(limits),
                "instead": list(dict.fromkeys(ban.do_instead for ban in bans if ban.do_instead)),
                "citations": citing.of((name for ban in bans for name in ban.source), pack="red_flags"),
            }
        )
    return found
