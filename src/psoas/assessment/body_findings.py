"""What the body model makes of measured hip angles: which flexor is short, and what that does to the lumbar levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psoas.body.flexibility.tightness_result import Tightness
    from psoas.body.statics.results import LevelLoad
    from psoas.case import Case

NEEDED = ("mujoco", "myo_sim", "scipy", "numba")
"""What the body model is made of; all come with the extra `body`."""


@dataclass(frozen=True, slots=True)
class BodyFindings:
    """The body's part of an answer. What could not be computed is None, and `why_not` says why in a sentence.

    Attributes:
        tightness: the shortening of every flexor.
        measured, normal: loads by level in standing, with the flexors as measured and as in an average adult.
    """

    tightness: Tightness | None = None
    measured: Mapping[str, LevelLoad] | None = None
    normal: Mapping[str, LevelLoad] | None = None
    why_not: str | None = None


def is_installed() -> bool:
    """Whether the extra `body` is there; nothing is imported to find out."""
    return all(find_spec(name) is not None for name in NEEDED)


def body_findings(case: Case) -> BodyFindings:
    """The body's part of the answer to a case with hip angles. Never raises for what a person entered."""
    if not is_installed():
        return BodyFindings(
            why_not="The hip angles say which flexor is short once the body model is installed: "
            "pip install 'psoas[body]', or ./psoas tightness CASE."
        )
    return _computed(case.model_dump_json(include={"person", "measurements"}))


@lru_cache(maxsize=8)
def _computed(person_and_measurements: str) -> BodyFindings:
    """As `body_findings`, once for the same person and measurements: text and JSON of one answer share it."""
    import json

    from psoas.body.flexibility.readings import TightnessError
    from psoas.body.flexibility.tightness import estimate
    from psoas.body.subject.model import Body
    from psoas.case import Case

    case = Case.model_validate({"psoas_case": 1, **json.loads(person_and_measurements)})
    try:
        found = estimate(case)
    except TightnessError as err:
        return BodyFindings(why_not=str(err))
    person = found.person
    body = Body.of(height_m=person.height_m, mass_kg=person.mass_kg, sex=person.sex, age_years=person.age_years)
    try:
        normal, measured = _standing(body, {}), _standing(body, found.shorten())
    except (ValueError, ArithmeticError) as err:
        return BodyFindings(tightness=found, why_not=f"The loads on the lumbar levels could not be computed: {err}")
    return BodyFindings(found, measured, normal)


def _standing(body: object, shorten: Mapping[str, float]) -> Mapping[str, LevelLoad]:
    from psoas.body.statics.loads import solve

    return solve(body, "standing", shorten=shorten).levels  # type: ignore[arg-type]
