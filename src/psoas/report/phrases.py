"""How an answer is worded, for a terminal and for a page alike: plain text, no layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from psoas.knowledge.deadlines import with_deadlines
from psoas.report.sources import headline, hip_flexor_words, judged_words
from psoas.screening import Alarm, Screen, Uncleared

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.care.types import Item, Review
    from psoas.diagnosis import Diagnosis
    from psoas.knowledge.checks.remarks import Remark
    from psoas.knowledge.readers.medicine_reader import MedicineRead
    from psoas.knowledge.words import Words

_HEADLINE = {
    "emergency_now": "EMERGENCY NOW",
    "same_day": "SEE A DOCTOR {soon}",
    "urgent_referral": "SEE A DOCTOR {within}",
    "routine_referral": "SEE A DOCTOR {within}",
    "watch": "NO ALARM; KEEP AN EYE ON IT",
    "self_care": "NO ALARM",
}


@cache
def headlines() -> dict[str, str]:
    """The headline of each urgency, with its deadline."""
    return {urgency: text.upper() for urgency, text in with_deadlines(_HEADLINE).items()}


BITS = "Numbers are bits: +1 doubles the odds, -1 halves them."


def urgency_words(screen: Screen, words: Words) -> str:
    """What the urgency asks for, as a sentence."""
    scale: Mapping[str, str] = words.knowledge.red_flags.action_scale  # type: ignore[assignment]
    what = scale.get(screen.urgency, "nothing in these answers asks for a doctor")
    return what[:1].upper() + what[1:] + "."


def in_short(answer: Assessment, words: Words) -> str:
    """The answer in a sentence."""
    if answer.screen.at_least("same_day"):
        return "A doctor comes first; what follows waits."
    return headline(answer.diagnosis, words)


# ---- danger


def by_condition(alarms: Iterable[Alarm]) -> list[list[Alarm]]:
    """Alarms in groups of one cause, in their order."""
    groups: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        groups.setdefault(alarm.condition, []).append(alarm)
    return list(groups.values())


def alarm_reasons(alarms: Sequence[Alarm], words: Words) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What speaks for a cause, in words, and the ids of the citations; a mere suggestion counts when it is all."""
    own = [alarm for alarm in alarms if not alarm.suggested] or alarms
    reasons = dict.fromkeys(words.short(reason.finding) for alarm in own for reason in alarm.because)
    cited = dict.fromkeys(source for alarm in own for reason in alarm.because for source in reason.source)
    return tuple(reasons), tuple(cited)


def kept_in_sight(screen: Screen, words: Words) -> tuple[str, ...]:
    """What is to be watched, in words; what only restates age, sex or the drawing is left out."""
    return tuple(dict.fromkeys(words.short(one.rule) for one in screen.watched if not words.restates_a_field(one.rule)))


def ban_for_all(screen: Screen) -> str | None:
    """What the urgency alone forbids."""
    if screen.at_least("same_day"):
        return "No hands-on work, tape, heat or loaded exercise before the doctor."
    if screen.at_least("urgent_referral"):
        return "No deep pressure and no thrust to the spine before the doctor has answered."
    return None


def answers_needed(waits: Uncleared) -> str:
    """What a technique waits for, as the end of a sentence."""
    if len(waits.ask) == 1:
        return "1 question is answered" if _of_a_medicine(waits) else "1 question is answered no"
    return f"{len(waits.ask)} questions are answered{'' if _of_a_medicine(waits) else ' no'}"


def _of_a_medicine(waits: Uncleared) -> bool:
    return any(name.startswith("medicines[") for name in waits.ask)


def medicine_words(read: MedicineRead) -> str:
    """What a medicine was understood as, or what is asked back, as a sentence."""
    return f"{read.says.rstrip('.?')}{'?' if read.says.endswith('?') else '.'}"


def conflict_words(remark: Remark, words: Words) -> str:
    """An answer that something else in the case contradicts, as a sentence."""
    name = words.of(remark.field.removeprefix("findings."))
    return f"{name[:1].upper()}{name[1:]}: {remark.says} Correct whichever of the two is wrong."


def ban_reasons(technique: str, screen: Screen, words: Words) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What in this case forbids a technique, and the places it is limited to; empty when only the urgency does."""
    bans = [ban for ban in screen.forbidden if ban.technique == technique]
    because = dict.fromkeys(
        words.short(name) for ban in bans for name in ban.because if name != ban.contraindication
    )  # fmt: skip
    limits = dict.fromkeys(ban.limited_to for ban in bans if ban.limited_to)
    return tuple(because), tuple(limits) if all(ban.limited_to for ban in bans) else ()


# ---- sources


def notes_on(diagnosis: Diagnosis, words: Words) -> Iterator[str]:
    """What must be said of the ranking: the hip flexors, limits of tests, what would change it, what it rests on."""
    yield hip_flexor_words(diagnosis.psoas, words)
    if diagnosis.withheld:
        yield (
            "A danger that looks like a tight psoas has not been excluded: nothing here speaks for stretching or "
            "pressing the hip flexors."
        )
    elif any(source.source in words.hip_flexors for source in diagnosis.differential[:3]):
        yield (
            "No test identifies the psoas or a short hip flexor as the source of a back pain. If it is worked on, a "
            "re-test afterwards is the way to know."
        )
    if change := change_words(diagnosis, words):
        yield change
    yield judged_words(diagnosis)


def change_words(diagnosis: Diagnosis, words: Words) -> str | None:
    """The smallest change of answers that would put another source first."""
    if not (change := diagnosis.change):
        return None
    answers = " and ".join(f"{words.of(name)}: {answer}" for name, answer in change.answers)
    return f"What would change the first place: {answers} would put {words.source(change.first)} first."


# ---- plan


def common_stops(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """What stands in every list, when there are several: said once, below."""
    if len(lists) < 2:
        return ()
    return tuple(line for line in lists[0] if all(line in other for other in lists))


def own_stops(item: Item, common: Sequence[str]) -> tuple[str, ...]:
    """When to stop this item, beyond what holds for all; what must be answered before it starts stands apart."""
    return tuple(line for line in item.stop_if if line not in common and line not in item.start_after)


def certainty_words(item: Item) -> str:
    """How sure the evidence of an item is."""
    return f"Certainty of the evidence: {item.certainty.replace('_', ' ')}"


def because_words(item: Item) -> str:
    """What led to an item, as a sentence; empty when nothing is said."""
    if not item.because:
        return ""
    return "Because: " + "; ".join(one.words.rstrip(".") for one in item.because) + "."


def review_words(review: Review) -> str:
    """When to look again, at what, and what then."""
    when = f"In {review.week} week{'s' if review.week != 1 else ''}"
    return f"{when}: {review.check}. Expected: {review.expected}. If not: {review.if_not}."
