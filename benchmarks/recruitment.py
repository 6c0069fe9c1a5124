"""Muscle recruitment: Psoas beside DAQP, PIQP, OSQP and Clarabel, on the same matrices, in one run, on one core.

    python -m benchmarks.recruitment [--models myotorso myofullbody] [--kinds real easy hard] [--json FILE]

Every solver is asked for 1e-6; where its answers are not right at that, again at 1e-9 (marked *). Right means: torque
to 1e-6 of the largest, limits kept to 1e-6, activations to 1e-4 of the optimum. The optimum is certified by its duality
gap, computed from the problem alone. A solver that is not installed is left out with a word (`pip install
"psoas[body,bench]"`).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import timing  # isort: skip  (first: sets one thread before NumPy)
import numpy as np
import scipy.sparse as sp
from benchmarks import recruitment_problems
from benchmarks.recruitment_problems import Array, Problem

from psoas.body.recruitment.solver import recruit, recruit_batch

Solver = Callable[[Array, Array, float], Array]


def daqp_identity(A: Array, b: Array, tolerance: float) -> Array:
    """DAQP called directly and told that the Hessian is the identity: its fastest way."""
    import daqp

    joints, muscles = A.shape
    upper, lower = np.concatenate([np.ones(muscles), b]), np.concatenate([np.zeros(muscles), b])
    kind = np.concatenate([np.zeros(muscles, np.int32), np.full(joints, 5, np.int32)])
    answer = daqp.solve(None, np.zeros(muscles), A, upper, lower, kind, primal_tol=tolerance, dual_tol=tolerance)
    return np.asarray(answer[0])


def daqp_direct(A: Array, b: Array, tolerance: float) -> Array:
    """DAQP called directly with the Hessian written out."""
    import daqp

    joints, muscles = A.shape
    upper, lower = np.concatenate([np.ones(muscles), b]), np.concatenate([np.zeros(muscles), b])
    kind = np.concatenate([np.zeros(muscles, np.int32), np.full(joints, 5, np.int32)])
    H = 2.0 * np.eye(muscles)
    answer = daqp.solve(H, np.zeros(muscles), A, upper, lower, kind, primal_tol=tolerance, dual_tol=tolerance)
    return np.asarray(answer[0])


def piqp_sparse(A: Array, b: Array, tolerance: float) -> Array:
    """PIQP called directly, sparse."""
    import piqp

    muscles = A.shape[1]
    solver = piqp.SparseSolver()
    solver.settings.eps_abs, solver.settings.eps_rel = tolerance, tolerance
    solver.settings.compute_timings = False
    P = 2.0 * sp.eye(muscles, format="csc")
    solver.setup(P, np.zeros(muscles), sp.csc_matrix(A), b, None, None, None, np.zeros(muscles), np.ones(muscles))
    solver.solve()
    return np.asarray(solver.result.x)


def osqp_rebuilt(A: Array, b: Array, tolerance: float) -> Array:
    """OSQP called directly."""
    import osqp

    muscles = A.shape[1]
    stacked = sp.vstack([sp.csc_matrix(A), sp.eye(muscles)], format="csc")
    lower, upper = np.concatenate([b, np.zeros(muscles)]), np.concatenate([b, np.ones(muscles)])
    solver = osqp.OSQP()
    solver.setup(
        2.0 * sp.eye(muscles, format="csc"), np.zeros(muscles), stacked, lower, upper, eps_abs=tolerance,
        eps_rel=tolerance, max_iter=100000, verbose=False,
    )  # fmt: skip
    return np.asarray(solver.solve().x)


def clarabel_direct(A: Array, b: Array, tolerance: float) -> Array:
    """Clarabel called directly."""
    import clarabel

    joints, muscles = A.shape
    eye = sp.eye(muscles, format="csc")
    stacked = sp.vstack([sp.csc_matrix(A), eye, -eye], format="csc")
    right = np.concatenate([b, np.ones(muscles), np.zeros(muscles)])
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    cones = [clarabel.ZeroConeT(joints), clarabel.NonnegativeConeT(2 * muscles)]
    solver = clarabel.DefaultSolver(2.0 * eye, np.zeros(muscles), stacked, right, cones, settings)
    return np.asarray(solver.solve().x)


def through_qpsolvers(name: str, A: Array, b: Array, tolerance: float) -> Array:
    """The way most people call these: through the one front door of qpsolvers."""
    import qpsolvers

    muscles = A.shape[1]
    dense = name == "daqp"
    options = dict.fromkeys(
        {"daqp": ("primal_tol", "dual_tol"), "piqp": ("eps_abs", "eps_rel")}.get(name, ()), tolerance
    )
    answer = qpsolvers.solve_qp(
        2.0 * (np.eye(muscles) if dense else sp.eye(muscles, format="csc")), np.zeros(muscles),
        A=A if dense else sp.csc_matrix(A), b=b, lb=np.zeros(muscles), ub=np.ones(muscles), solver=name, **options,
    )  # fmt: skip
    if answer is None:
        raise ArithmeticError("no answer")
    return np.asarray(answer)


def ours(A: Array, b: Array, tolerance: float) -> Array:
    """One call of the public function; its own tolerance and checks are always on."""
    return recruit(A, b).activation


PEERS: dict[str, tuple[str, Solver]] = {
    "DAQP (identity Hessian)": ("daqp", daqp_identity),
    "DAQP": ("daqp", daqp_direct),
    "DAQP (qpsolvers)": ("daqp", partial(through_qpsolvers, "daqp")),
    "PIQP sparse": ("piqp", piqp_sparse),
    "PIQP sparse (qpsolvers)": ("piqp", partial(through_qpsolvers, "piqp")),
    "OSQP": ("osqp", osqp_rebuilt),
    "Clarabel": ("clarabel", clarabel_direct),
}


def judged(solver: Solver, cases: list[Problem], best: Array, tolerance: float) -> dict[str, Any]:
    """Median time and the worst errors of one solver over the cases."""
    errors = {"torque": 0.0, "limits": 0.0, "activation": 0.0}
    solved, why = 0, ""
    for (A, b), optimum in zip(cases, best, strict=True):
        try:
            a = solver(A, b, tolerance)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"[:80]
            continue
        if not np.all(np.isfinite(a)):
            why = "answer not finite"
            continue
        solved += 1
        errors["torque"] = max(errors["torque"], float(np.abs(A @ a - b).max() / (1.0 + np.abs(b).max())))
        errors["limits"] = max(errors["limits"], float(-a.min()), float(a.max() - 1.0))
        errors["activation"] = max(errors["activation"], float(np.abs(a - optimum).max()))
    right = solved == len(cases) and errors["torque"] <= 1e-6 and errors["limits"] <= 1e-6
    calls = [partial(solver, A, b, tolerance) for A, b in cases]
    return {
        "us": 1e6 * timing.median_seconds(calls) if solved == len(cases) else float("nan"),
        "right": bool(right and errors["activation"] <= 1e-4),
        "asked": tolerance, "solved": solved, "of": len(cases), "why": why, **errors,
    }  # fmt: skip


def measured(cases: list[Problem], only: list[str] | None) -> dict[str, Any]:
    """Every solver on one set of problems."""
    A, b = np.array([case[0] for case in cases]), np.array([case[1] for case in cases])
    certified = recruit_batch(A, b, threads=1)
    if not certified.feasible.all() or certified.gap.max() > 1e-12:
        raise ArithmeticError("the set holds a problem without a certified optimum")
    best = certified.activation
    rows = {"Psoas recruit": judged(ours, cases, best, 1e-6)}
    stack = dict(rows["Psoas recruit"])
    stacks = [partial(recruit_batch, A[at : at + 8], b[at : at + 8], threads=1) for at in range(0, len(cases) - 7, 8)]
    stack["us"] = 1e6 * timing.median_seconds(stacks, rounds=15) / 8  # short stacks: other work breaks in less often
    rows["Psoas recruit_batch, a posture"] = stack
    rows["Psoas recruit, NumPy only"] = judged(
        lambda A, b, _: recruit(A, b, engine="numpy").activation, cases, best, 1e-6
    )
    for name, (module, solver) in PEERS.items():
        if only and not any(word.lower() in name.lower() for word in only):
            continue
        if importlib.util.find_spec(module) is None:
            continue
        rows[name] = judged(solver, cases, best, 1e-6)
        if not rows[name]["right"]:
            again = judged(solver, cases, best, 1e-9)
            if again["right"] or again["solved"] > rows[name]["solved"]:
                rows[name] = again
    return {
        "joints": A.shape[1],
        "unknowns": A.shape[2],
        "problems": len(cases),
        "gap": float(certified.gap.max()),
        "solvers": rows,
    }


def report(title: str, figures: dict[str, Any]) -> None:
    """Print one set: time, how many times Psoas is faster, accuracy."""
    rows = figures["solvers"]
    base = rows["Psoas recruit"]["us"]
    print(f"\n{title}: {figures['problems']} problems, {figures['joints']} joints x {figures['unknowns']} unknowns")
    print(f"  {'':32s} {'us':>9s} {'/ Psoas':>8s}   {'torque':>7s} {'limits':>7s} {'activ.':>7s}")
    for name, row in rows.items():
        star = "*" if row["asked"] < 1e-6 else " "
        verdict = "" if row["right"] else f"  NOT RIGHT ({row['solved']}/{row['of']} solved) {row['why']}"
        print(
            f"  {name:32s} {row['us']:9.1f}{star}{row['us'] / base:8.2f}   {row['torque']:7.0e} {row['limits']:7.0e} "
            f"{row['activation']:7.0e}{verdict}"
        )
    peers = {name: row["us"] for name, row in rows.items() if name in PEERS and row["right"]}
    if peers:
        fastest = min(peers, key=lambda name: peers[name])
        batch = rows["Psoas recruit_batch, a posture"]["us"]
        print(
            f"  -> {peers[fastest] / base:.1f} times faster than the fastest peer ({fastest}); "
            f"in a batch {peers[fastest] / batch:.1f} times"
        )


def main() -> None:
    """Run the sets asked for and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=list(recruitment_problems.MODELS))
    parser.add_argument("--kinds", nargs="+", default=list(recruitment_problems.KINDS))
    parser.add_argument("--count", type=int, default=40, help="problems a set")
    parser.add_argument("--only", nargs="+", help="only peers whose name holds one of these words")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    timing.pin()
    warnings.filterwarnings("ignore", module="qpsolvers")
    for module in ("daqp", "piqp", "osqp", "clarabel", "qpsolvers"):
        if importlib.util.find_spec(module) is None:
            print(f"{module} is not installed: left out", file=sys.stderr)
    found: dict[str, Any] = {"machine": timing.machine(), "sets": {}}
    for model in arguments.models:
        for kind in arguments.kinds:
            cases = recruitment_problems.problems(model, kind, arguments.count)
            figures = measured(cases, arguments.only)
            report(f"{model} {kind}", figures)
            found["sets"][f"{model} {kind}"] = figures
    print(
        f"\nload of the machine at the start and end: {found['machine']['load_1min']:.1f}, "
        f"{timing.machine()['load_1min']:.1f} (of {found['machine']['cores']} cores)"
    )
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
