"""Heavy computing in processes of its own, so that pages do not wait behind it (`psoas serve --workers N`).

There is one way to compute: `WORKER_POOL.run`. It hands plain data to a worker and gets plain data back, one job at a
time each; with `--workers 0`, and where no server runs, the job is done in this process, one at a time as well, because
the body model is not made for several threads. When the server ends, however it ends, its workers end with it.
"""

from __future__ import annotations

from typing import Any

from psoas.web.pool import Pool


def warm() -> None:
    """In a worker: load what the first job will need. The body model takes a second or two, and most results ask it."""
    from psoas.assessment import assess
    from psoas.assessment.body_findings import is_installed

    assess({"psoas_case": 1})
    if is_installed():
        from psoas.body.statics.loads import solve
        from psoas.body.subject.model import Body

        solve(Body.of(), "standing")


WORKER_POOL = Pool(warm)
"""Of this process."""


def assessed(case: dict[str, Any], setting: str, who: str) -> dict[str, Any]:
    """The whole answer to a case as plain data."""
    from psoas.assessment import assess

    return assess(case, setting=setting, who=who).to_json()


def asked_next(case: dict[str, Any], setting: str, who: str) -> dict[str, Any]:
    """What to ask next of a case, without the body that an answer would compute as well."""
    from psoas.assessment import assess
    from psoas.assessment.as_json import diagnosis_to_json

    answer = assess(case, setting=setting, who=who)
    return {
        "urgency": answer.screen.urgency,
        "not_asked": list(answer.screen.not_asked),
        "next": diagnosis_to_json(answer.diagnosis)["next"],
    }
