"""The few knobs of the network, with what each may be switched to when an answer is taken apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from psoas.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Knobs:
    """How findings are counted together; `diagnosis_choices.yaml` says what each number means.

    `judged`, `facts`, `marks` and `vocabulary` switch off what rests on judgement, the facts of the case, the drawing,
    and the ids that came later: for tables of what each adds, never in an answer.
    """

    within_group: float
    drawing: float
    temperature: float
    published: float
    towards_equal: float
    judged: bool = True
    facts: bool = True
    marks: bool = True
    vocabulary: bool = True

    def for_table(self) -> Knobs:
        """The same with everything fixed that the table of chances does not depend on."""
        return replace(
            self, within_group=0.0, drawing=0.0, temperature=1.0, towards_equal=0.0, facts=True, marks=True
        )  # fmt: skip

    def pull(self, sd_published: float, sd_judged: float) -> float:
        """Weight of a published figure beside a judged one, 0 to 1: by how sure each is, tilted by `published`."""
        if self.published in (0.0, 1.0):
            return self.published
        odds = self.published / (1 - self.published) * (sd_judged / max(sd_published, 1e-6)) ** 2
        return odds / (1 + odds)


def knobs_of(knowledge: Knowledge) -> Knobs:
    """The knobs of the pack."""
    chosen = knowledge.diagnosis_choices.dependence
    return Knobs(
        chosen.within_group, chosen.drawing, chosen.temperature, chosen.published, chosen.towards_equal
    )  # fmt: skip
