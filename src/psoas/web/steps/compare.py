"""Two visits side by side: pain, tests, angles with what measuring can err, answers that changed, and the results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psoas.case import Case
from psoas.follow_up import AngleChange, compare_angles
from psoas.knowledge import Knowledge
from psoas.knowledge.index import vocabulary_of
from psoas.knowledge.words import Words
from psoas.web.steps.carry import SEEN_OR_FELT_ANEW
from psoas.web.steps.review import answer_words, said_lists
from psoas.web.words.visit import COURSES

if TYPE_CHECKING:
    from psoas.records import Visit, Work

NOT_SAID = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing then and now, in words; `tone` is leaf for better, alarm for worse, empty where it cannot be said."""

    words: str
    before: str
    now: str
    tone: str = ""

    @property
    def changed(self) -> bool:
        """Whether both are said and differ."""
        return self.before != self.now and NOT_SAID not in (self.before, self.now)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one visit to the next; each group may be empty."""

    pain: tuple[Row, ...]
    tests: tuple[Row, ...]
    angles: tuple[AngleChange, ...]
    answers: tuple[Row, ...]
    facts: tuple[Row, ...]
    results: tuple[Row, ...]


def comparison_of(work: Work, before: Visit, now: Visit, knowledge: Knowledge) -> Comparison:
    """The two visits side by side."""
    words = Words(knowledge)
    tests, answers = _findings(before.case, now.case, words)
    old, new = (Case.of({"psoas_case": 1, **one.case}, vocabulary_of(knowledge)).measurements for one in (before, now))
    return Comparison(
        pain=tuple(_pain(before.case.get("pain", {}), now.case.get("pain", {}), words)),
        tests=tests,
        angles=compare_angles(old, new, knowledge),
        answers=answers,
        facts=tuple(_facts(before.case, now.case)),
        results=tuple(_results(work, before, now)),
    )


def _pain(before: dict[str, Any], now: dict[str, Any], words: Words) -> Iterator[Row]:
    yield _scored("Worst of the last week", before.get("worst_overall_0_10"), now.get("worst_overall_0_10"))
    old, new = before.get("regions", {}), now.get("regions", {})
    for place in dict.fromkeys((*old, *new)):
        gone = place in old and place not in new and bool(new)
        row = _scored(
            words.region(place), old.get(place), 0 if gone else new.get(place), marked=(place in old, place in new)
        )
        yield Row(row.words, row.before, "not marked", "leaf") if gone else row
    if "course" in now:
        yield Row("How it goes", COURSES.get(before.get("course", ""), NOT_SAID), COURSES.get(now["course"], NOT_SAID))


def _scored(words: str, before: Any, now: Any, *, marked: tuple[bool, bool] = (False, False)) -> Row:
    """A strength from 0 to 10; a fall is better."""
    said = [f"{one:g} of 10" if isinstance(one, (int, float)) else str(one) if one else "" for one in (before, now)]
    shown = [text or ("marked" if is_marked else NOT_SAID) for text, is_marked in zip(said, marked, strict=True)]
    both = isinstance(before, (int, float)) and isinstance(now, (int, float)) and before != now
    tone = ("leaf" if now < before else "alarm") if both else ""
    return Row(words[:1].upper() + words[1:], shown[0], shown[1], tone)


def _findings(before: dict[str, Any], now: dict[str, Any], words: Words) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Tests done both times or again, and answers that are no longer the same."""
    table = words.knowledge.findings.findings
    old, new = before.get("findings", {}), now.get("findings", {})
    tests, answers = [], []
    for name in dict.fromkeys((*old, *new)):
        is_test = name in table and table[name].mode in SEEN_OR_FELT_ANEW
        row = Row(_upper(words.of(name)), _answer(old.get(name)), _answer(new.get(name)))
        if is_test and (_told(new.get(name)) or (_told(old.get(name)) and row.before != "no")):
            tests.append(row)
        elif not is_test and name in old and name in new and row.changed and "not known" not in (row.before, row.now):
            answers.append(row)
    return tuple(tests), tuple(answers)


def _facts(before: dict[str, Any], now: dict[str, Any]) -> Iterator[Row]:
    old, new = dict(said_lists(before)), dict(said_lists(now))
    for words in dict.fromkeys((*old, *new)):
        row = Row(words, old.get(words, NOT_SAID), new.get(words, NOT_SAID))
        if row.before != row.now:
            yield row


def _results(work: Work, before: Visit, now: Visit) -> Iterator[Row]:
    pages = [next((one.page for one in work.results.of(visit.id) if "format" in one.page), None)
             for visit in (before, now)]  # fmt: skip
    if all(pages):
        yield Row("In short", *(str(one["sentence"]) for one in pages if one))
        yield Row("Urgency", *(str(one["danger"]["title"]) for one in pages if one))


def _told(answer: Any) -> bool:
    return answer not in (None, "unknown")


def _answer(answer: Any) -> str:
    if answer is None:
        return NOT_SAID
    return "not known" if answer == "unknown" else answer_words(answer)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
