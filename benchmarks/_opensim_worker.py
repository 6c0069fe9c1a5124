"""OpenSim's side of `benchmarks.opensim_peer`: static optimisation and joint reaction over a bend, timed.

Run by OpenSim's own Python, which has neither Psoas nor NumPy's helpers of ours:

    python _opensim_worker.py ask.json answer.json

What OpenSim needs before its answers are sound is done here: arms, neck, wrists and toes are locked (hanging arms sit
at a gimbal singularity of that shoulder, where the optimiser does not converge), every free coordinate has a weak
reserve and the pelvis, which has no ground under it, six strong ones, foot contact is removed, and the bend is slow.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MODEL = Path("OpenSim_Setup", "Model_Pose2Sim_muscles_flex.osim")
LOCKED = ("arm_", "elbow_", "pro_sup_", "wrist_", "mtp_", "neck_")
PELVIS = ("pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_ty", "pelvis_tz")
RESERVE_NM, PELVIS_NM = 10.0, 1000.0  # what one unit of control gives: weak, so that it is used last
LUMBAR = "L5_S1_Flex_Ext"  # drives the five joints above it; flexion is negative
DISC = "L5_S1_IVDjnt"
FOREVER_S = 1e6


def model_file(named: str | None) -> Path | None:
    """The model asked for, or the one that the pose2sim package of this Python holds."""
    if named is not None:
        return Path(named) if Path(named).is_file() else None
    package = importlib.util.find_spec("Pose2Sim")  # found, not imported: its own dependencies are not needed
    for folder in (package.submodule_search_locations or []) if package else []:
        if (Path(folder) / MODEL).is_file():
            return Path(folder) / MODEL
    return None


def prepared(osim: Any, path: Path) -> Any:
    """The model without foot contact, its idle joints locked, reserves and pelvis forces added."""
    model = osim.Model(str(path))
    model.initSystem()
    coordinates = model.getCoordinateSet()
    every = [coordinates.get(i) for i in range(coordinates.getSize())]
    for coordinate in every:
        if coordinate.getName().startswith(LOCKED):
            coordinate.setDefaultLocked(True)
    forces = model.updForceSet()
    for i in reversed(range(forces.getSize())):
        if "HalfSpace" in forces.get(i).getConcreteClassName():
            forces.remove(i)
    state = model.initSystem()
    free = [c.getName() for c in every if not c.isDependent(state) and not c.getLocked(state)]
    for name in free:
        actuator = osim.CoordinateActuator(name)
        actuator.setName(f"reserve_{name}")
        actuator.setOptimalForce(PELVIS_NM if name in PELVIS else RESERVE_NM)
        actuator.setMinControl(-float("inf"))
        actuator.setMaxControl(float("inf"))
        model.addForce(actuator)
    model.finalizeConnections()
    return model


def write_bend(model: Any, state: Any, ask: dict[str, Any], path: Path) -> None:
    """The coordinates file: lumbar flexion and pelvic tilt as asked, the thighs left upright.

    The coupled joints are written too; left out, the tool would only warn and take their defaults.
    """
    coordinates = model.getCoordinateSet()
    every = [coordinates.get(i) for i in range(coordinates.getSize())]
    coordinates.get(LUMBAR).setValue(state, -0.01)
    share = -0.01 / sum(c.getValue(state) for c in every if c.getName().endswith("_Flex_Ext"))
    rows = []
    for time_s, lumbar, tilt in zip(ask["time_s"], ask["lumbar_rad"], ask["tilt_rad"], strict=True):
        moved = {LUMBAR: -share * lumbar, "pelvis_tilt": -tilt, "hip_flexion_r": tilt, "hip_flexion_l": tilt}
        for name, value in moved.items():
            coordinates.get(name).setValue(state, value, False)
        model.assemble(state)
        rows.append([time_s, *(c.getValue(state) for c in every)])
    head = ["bend", "version=1", f"nRows={len(rows)}", f"nColumns={len(every) + 1}", "inDegrees=no", "endheader"]
    head.append("\t".join(["time", *(c.getName() for c in every)]))
    path.write_text("\n".join([*head, *("\t".join(f"{v:.9f}" for v in row) for row in rows)]) + "\n")


def analysed(osim: Any, analysis: Any, folder: Path, ask: dict[str, Any]) -> tuple[float, float]:
    """Run one analysis over the bend; seconds on the clock and of the processor, loading the model not counted."""
    analysis.setStartTime(-FOREVER_S)
    analysis.setEndTime(FOREVER_S)
    analysis.setStepInterval(1)
    tool = osim.AnalyzeTool()
    tool.setName("bench")
    tool.setModelFilename(str(folder / "model.osim"))
    tool.setCoordinatesFileName(str(folder / "bend.mot"))
    tool.setInitialTime(ask["time_s"][0])
    tool.setFinalTime(ask["time_s"][-1])
    tool.setSolveForEquilibrium(False)
    tool.setLowpassCutoffFrequency(-1)
    tool.setResultsDir(str(folder))
    tool.getAnalysisSet().cloneAndAppend(analysis)
    tool.printToXML(str(folder / "setup.xml"))
    tool = osim.AnalyzeTool(str(folder / "setup.xml"), True)
    began = time.perf_counter(), time.process_time()
    if not tool.run():
        raise RuntimeError("OpenSim's AnalyzeTool reported a failure.")
    return time.perf_counter() - began[0], time.process_time() - began[1]


def measured(osim: Any, path: Path, ask: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Both analyses, and what has to be known to judge them."""
    model = prepared(osim, path)
    state = model.initSystem()
    model.printToXML(str(folder / "model.osim"))
    write_bend(model, state, ask, folder / "bend.mot")
    optimise = osim.StaticOptimization()
    optimise.setName("so")
    optimise.setUseMusclePhysiology(True)
    optimise.setActivationExponent(2)
    optimise.setConvergenceCriterion(1e-6)
    optimise.setMaxIterations(500)
    optimised = analysed(osim, optimise, folder, ask)
    reaction = osim.JointReaction()
    reaction.setName("jr")
    reaction.setForcesFileName(str(folder / "bench_so_force.sto"))
    reacted = analysed(osim, reaction, folder, ask)
    forces = osim.TimeSeriesTable(str(folder / "bench_so_force.sto"))
    used = dict(zip(forces.getColumnLabels(), abs(forces.getMatrix().to_numpy()).max(axis=0), strict=True))
    loads = osim.TimeSeriesTable(str(next(folder.glob("bench_jr_*.sto"))))
    columns = [i for i, n in enumerate(loads.getColumnLabels()) if n.startswith(DISC) and n[-2:] in ("fx", "fy", "fz")]
    disc = loads.getMatrix().to_numpy()[:, columns]
    reserves = {n.removeprefix("reserve_"): float(v) for n, v in used.items() if n.startswith("reserve_")}
    weak = {name: value for name, value in reserves.items() if name not in PELVIS}
    return {
        "version": osim.GetVersion().split("-")[0],
        "model": path.name,
        "muscles": model.getMuscles().getSize(),
        "joints": model.getJointSet().getSize(),
        "balanced": len(reserves),
        "frames": forces.getNumRows(),
        "optimise_s": optimised[0],
        "reaction_s": reacted[0],
        "processor_s": optimised[1] + reacted[1],
        "reserve_nm": max(weak.values()),
        "reserve_at": max(weak, key=lambda name: weak[name]),
        "pelvis_n": max(reserves[name] for name in PELVIS[3:]),
        "disc_n": ((disc**2).sum(axis=1) ** 0.5).tolist(),
    }


def main() -> None:
    """Answer with the figures (the mass alone if no bend is given), or with `missing`: why there are none."""
    ask = json.loads(Path(sys.argv[1]).read_text())
    answer: dict[str, Any]
    path = model_file(ask["model"])
    if importlib.util.find_spec("opensim") is None:
        answer = {"missing": "OpenSim is not installed in this Python (pip install opensim)"}
    elif path is None:
        answer = {"missing": "the lifting model was not found (pip install --no-deps pose2sim, or name a file)"}
    else:
        osim: Any = importlib.import_module("opensim")
        osim.Logger.setLevelString("warn")
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {ask["core"]})
        if "time_s" in ask:
            with tempfile.TemporaryDirectory() as folder:
                answer = measured(osim, path, ask, Path(folder))
        else:
            model = osim.Model(str(path))
            answer = {"mass_kg": model.getTotalMass(model.initSystem())}
    Path(sys.argv[2]).write_text(json.dumps(answer))


if __name__ == "__main__":
    main()
