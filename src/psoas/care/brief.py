"""A plan as a person reads it: what stands before folding, in at most `MOST_WORDS` words.

One wording for the page, the phone, the handout and the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from psoas.care.types import Item, Plan

MOST_WORDS = 220
"""What a person reads before folding anything out; the issue of this work asks for it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing as it is shown.

    Attributes:
        id: of the item; `aim`, `retest` and `watch` for what stands around the items.
        title: its name.
        lines: sentences before folding.
        folded: sentences behind it.
    """

    id: str
    title: str
    lines: tuple[str, ...]
    folded: tuple[str, ...] = ()

    def words(self) -> int:
        """Number of words before folding."""
        return sum(len(text.split()) for text in (self.title, *self.lines))


def brief(plan: Plan) -> tuple[Shown, ...]:
    """The plan in short: the aim, the things in order, the re-test; what is too long folds, the least needed first."""
    shown = list(_all(plan))
    for id_, line in _least_needed_first(plan):
        if sum(one.words() for one in shown) <= MOST_WORDS:
            break
        shown = [_fold(one, line) if one.id == id_ else one for one in shown]
    return tuple(shown)


def word_count(plan: Plan) -> int:
    """Words of the plan before folding."""
    return sum(one.words() for one in brief(plan))


def _fold(one: Shown, line: str) -> Shown:
    if line not in one.lines:
        return one
    return replace(one, lines=tuple(text for text in one.lines if text != line), folded=(line, *one.folded))


def _all(plan: Plan) -> Iterator[Shown]:
    if plan.aim is not None:
        yield Shown("aim", "What this plan is for", (plan.aim.plain,))
    for item in plan.items:
        yield Shown(item.id, item.name, tuple(lines_of(item)))
    if plan.retest is not None:
        weeks = plan.retest.after_weeks
        lines = (f"{_capital(plan.retest.plain)}.", _capital(plan.retest.plain_enough))
        yield Shown("retest", f"Measure again in {weeks} weeks", lines)
    if plan.watch and plan.watch not in " ".join(item.until_seen for item in plan.items):
        yield Shown("watch", "Get help", (plan.watch,))


def lines_of(item: Item) -> Iterator[str]:
    """The sentences of one thing to do, before folding."""
    if item.kind == "referral":
        if item.check:
            yield f"To be checked: {'; '.join(item.check)}."
        if item.until_seen:
            yield f"Until then: {item.until_seen}"
        return
    said = item.say or " ".join(item.steps)
    if said:
        yield said if said.endswith((".", "!", "?")) else f"{said}."
    if item.dose_words:
        yield _capital(item.dose_words)
    if item.order == 1 and item.progress_when:
        yield f"For: {item.progress_when[:1].lower()}{item.progress_when[1:]}"
    if item.order in (3, 4) and item.progress_when:
        yield f"More when: {item.progress_when[:1].lower()}{item.progress_when[1:]}"
    if item.again:
        yield f"Why now: {item.again}"


def _least_needed_first(plan: Plan) -> Iterator[tuple[str, str]]:
    """Sentences that may fold, in the order in which they do; instructions and interim care never do."""
    by_order = {item.order: item for item in plan.items}
    for order, start in ((4, "More when:"), (1, "For:")):
        yield from _starting(by_order.get(order), start)
    yield from _starting(by_order.get(0), "To be checked:")
    if plan.retest is not None:
        yield "retest", _capital(plan.retest.plain_enough)
    second, first = by_order.get(4), by_order.get(3)
    if second is not None and second.steps:
        yield from ((second.id, line) for line in list(lines_of(second))[:1])
    yield from _starting(first, "More when:")
    if first is not None and first.steps:
        yield from ((first.id, line) for line in list(lines_of(first))[:1])
    yield from _starting(first, "Why now:")
    ease, sent = by_order.get(2), by_order.get(0)
    if ease is not None and sent is not None and sent.until_seen:  # the interim care says what to do
        yield ease.id, ease.say


def _starting(item: Item | None, start: str) -> Iterator[tuple[str, str]]:
    if item is not None:
        yield from ((item.id, line) for line in lines_of(item) if line.startswith(start))


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
