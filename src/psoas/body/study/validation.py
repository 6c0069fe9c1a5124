"""The body beside published figures: every validation target with the model's value, in or out of its range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from psoas.body._data import load_data
from psoas.body.study.measures import ANATOMY
from psoas.body.study.task_measures import TASKS
from psoas.body.subject.model import Body
from psoas.body.subject.scaling import reference_person
from psoas.knowledge import load

MEASURES: dict[str, Callable[[Body], float | str | None]] = {**ANATOMY, **TASKS}
"""What each target asks of a body."""


@dataclass(frozen=True)
class Target:
    """A published figure. `low` and `high` are None for a pattern, whose `value` is a word."""

    id: str
    what: str
    posture: str
    value: float | str
    unit: str
    low: float | None
    high: float | None
    kind: str
    source: tuple[str, ...]
    read_in: tuple[str, ...]

    def met_by(self, value: float | str | None) -> bool:
        """Whether the model's figure lies in the range, or shows the pattern. None: the model has none to show."""
        if self.low is None or self.high is None:
            return value == self.value
        return isinstance(value, float) and self.low <= value <= self.high


@dataclass(frozen=True)
class Check:
    """One target beside the model's value; None where the model has no figure to show."""

    target: Target
    value: float | str | None

    @property
    def in_range(self) -> bool:
        """Whether the target is met."""
        return self.target.met_by(self.value)

    def as_dict(self) -> dict[str, Any]:
        """The check as plain data for JSON; `published` is the figure of the target."""
        told = asdict(self.target)
        published = told.pop("value")
        return told | {
            "value": self.value, "published": published, "in_range": self.in_range,
            "source": list(self.target.source), "read_in": list(self.target.read_in),
        }  # fmt: skip


_FIELDS = ("id", "what", "posture", "value", "range", "unit", "kind", "source", "read_in")


def targets() -> dict[str, Target]:
    """Every target: those of the evidence (`psoas_anatomy.yaml`), then this body's own."""
    found = {}
    for one in load().psoas_anatomy.validation_targets.values():
        found[one.id] = _target({name: getattr(one, name) for name in _FIELDS})
    for own in load_data("own_targets.yaml")["targets"]:
        found[own["id"]] = _target(own)
    return found


def _target(told: dict[str, Any]) -> Target:
    word = isinstance(told["value"], str) and told["unit"] == "pattern"
    low, high = (None, None) if word else map(float, told["range"])
    read_in = told["read_in"]
    return Target(
        id=told["id"], what=told["what"], posture=told["posture"], value=told["value"], unit=told["unit"], low=low,
        high=high, kind=told["kind"], source=tuple(told["source"]),
        read_in=(read_in,) if isinstance(read_in, str) else tuple(read_in),
    )  # fmt: skip


def reference_body() -> Body:
    """The body the targets are compared with: a man of the source's own size."""
    person = reference_person()
    return Body.of(height_m=person.height_m, mass_kg=person.mass_kg, sex=person.sex, age_years=person.age_years)


def checks(body: Body | None = None) -> list[Check]:
    """Every target beside the value of `body`, by default the reference body, in the order of the data."""
    held = reference_body() if body is None else body
    return [Check(target, MEASURES[name](held)) for name, target in targets().items()]


def failed_targets(body: Body) -> set[str]:
    """Ids of the targets a body misses; a figure that cannot even be found counts as missed."""
    failed = set()
    for name, target in targets().items():
        try:
            met = target.met_by(MEASURES[name](body))
        except ValueError:
            met = False
        if not met:
            failed.add(name)
    return failed
