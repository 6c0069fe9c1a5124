"""How long an estimate of flexor tightness takes: one person, and people a second in a study.

    .venv/bin/python -m benchmarks.tightness

One core. `one person`: both sides, three angles each, a body of their own, what to measure next included; target 0.2 s.
`alike`: people with the same body; `each their own body`: every person another height, mass and age.
"""

from __future__ import annotations

import json
import time

from benchmarks.timing import machine, median_seconds, pin

PEOPLE = 400
OWN_BODIES = 40


def main() -> None:
    """Measure and print."""
    pin()
    from psoas.body.flexibility.tightness import estimate, estimate_batch
    from psoas.body.study.tightness_study import simulate
    from psoas.body.subject.scaling import person_of
    from psoas.case import Case

    person = person_of(age_years=30)
    simulated = simulate(person, PEOPLE, seed=1)

    def case(index: int) -> Case:
        measurements = [
            {"id": one.id, "side": one.side, "value_deg": one.value_deg, "pelvis": one.pelvis, "method": one.method}
            for one in simulated.readings[index]
        ]
        own = {"age_years": 25 + index % 40, "height_m": 1.6 + 0.002 * index, "mass_kg": 60.0 + 0.3 * index}
        return Case.model_validate({"psoas_case": 1, "person": own, "measurements": measurements})

    cases = [case(index) for index in range(OWN_BODIES)]
    one = median_seconds([lambda c=c: estimate(c) for c in cases[:6]])  # type: ignore[misc]
    start = time.perf_counter()
    estimate_batch(simulated.readings, person)
    alike = PEOPLE / (time.perf_counter() - start)
    start = time.perf_counter()
    estimate_batch(cases)
    own = OWN_BODIES / (time.perf_counter() - start)
    rows = {"one person, s": one, "alike, people a second": alike, "each their own body, people a second": own}
    print(json.dumps({"machine": machine(), **{name: round(value, 3) for name, value in rows.items()}}, indent=1))


if __name__ == "__main__":
    main()
