"""How long a posterior with intervals and the next question take, beside pyAgrum on the same network, on one core.

    python -m benchmarks.diagnosis

Aims: one posterior with intervals under 50 ms, `next` over every open finding under 100 ms.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.timing import machine, median_seconds, pin

pin()

from tests.cases import case_of  # noqa: E402
from tests.diagnosis.making import KNOWLEDGE, random_answers  # noqa: E402
from tests.diagnosis.peer import joint_node_network, joint_posterior  # noqa: E402

from psoas.diagnosis.ask import next_questions, what_would_change  # noqa: E402
from psoas.diagnosis.network import Network, network_of, posterior, solve  # noqa: E402
from psoas.diagnosis.rank import differential  # noqa: E402
from psoas.diagnosis.what_if import WhatIf  # noqa: E402
from psoas.screening import facts_of  # noqa: E402

AIMS_MS = {"posterior with intervals": 50.0, "next over all open": 100.0}
SHARES = {"nothing answered": 0.0, "a tenth answered": 0.1, "half answered": 0.5, "all answered": 1.0}


def measure(data: dict[str, Any]) -> tuple[Network, dict[str, float]]:
    """Median milliseconds of each step for one case."""
    facts = facts_of(case_of(data), KNOWLEDGE)
    net = network_of(facts, KNOWLEDGE, "studio")
    bare = network_of(facts, KNOWLEDGE, "studio", draws=0)
    moves = WhatIf(net)
    next_questions(net, moves, "physiotherapist")
    model, _ = joint_node_network(bare)
    steps: dict[str, Callable[[], Any]] = {
        "posterior with intervals": lambda: differential(solve(network_of(facts, KNOWLEDGE, "studio"))),
        "next over all open": lambda: next_questions(net, WhatIf(net), "physiotherapist"),
        "what would change": lambda: what_would_change(net, moves, "physiotherapist"),
        "one posterior, ours": lambda: posterior(bare),
        "one posterior, pyAgrum": lambda: joint_posterior(model),
        "building it for pyAgrum": lambda: joint_node_network(bare),
    }
    return net, {
        name: 1000 * median_seconds([call], rounds=7, budget_s=3.0, clock=time.process_time)
        for name, call in steps.items()
    }


def main() -> None:
    print("milliseconds of processor time, medians, one core:", machine())
    rows = {name: measure(random_answers(31, share)) for name, share in SHARES.items()}
    print(f"{'':26}" + "".join(f"{name:>18}" for name in rows) + f"{'aim':>8}")
    print(f"{'findings that count':26}" + "".join(f"{len(net.items):>18}" for net, _ in rows.values()))
    for step in next(iter(rows.values()))[1]:
        aim = f"{AIMS_MS[step]:8.0f}" if step in AIMS_MS else ""
        print(f"{step:26}" + "".join(f"{times[step]:18.2f}" for _, times in rows.values()) + aim)
    ours, theirs = "one posterior, ours", "one posterior, pyAgrum"
    print(f"{'pyAgrum / ours':26}" + "".join(f"{times[theirs] / times[ours]:18.1f}" for _, times in rows.values()))
    whole = "posterior with intervals"
    print(f"{'pyAgrum / ours, 401 draws':26}"
          + "".join(f"{times[theirs] / times[whole]:18.2f}" for _, times in rows.values()))  # fmt: skip


if __name__ == "__main__":
    main()
