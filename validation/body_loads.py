"""Loads of the model beside what was measured in people: the comparisons that `validation/body.py` prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from psoas.body.kinematics.postures import posture
from psoas.body.statics.loads import Loads, solve
from psoas.body.statics.options import Options
from psoas.body.subject.model import Body

HERE = Path(__file__).parent
BODY_WEIGHT_N = 70 * 9.81


@dataclass(frozen=True)
class Row:
    """One comparison: what, the model's value, what was measured, whether it agrees, where it is from."""

    id: str
    what: str
    model: str
    measured: str
    agrees: bool | None
    source: str
    read_in: str


@dataclass(frozen=True)
class Pressure:
    """A disc pressure of the model beside a measured one, both MPa (or percent of standing)."""

    id: str
    posture: str
    model: float
    low: float
    high: float
    source: str
    read_in: str

    @property
    def measured(self) -> float:
        """Middle of what was measured."""
        return 0.5 * (self.low + self.high)


@cache
def evidence() -> dict[str, Any]:
    """The comparison file."""
    found: dict[str, Any] = yaml.safe_load((HERE / "in_vivo.yaml").read_text(encoding="utf-8"))
    return found


@cache
def measured_man() -> Body:
    """The man whose disc pressure was measured: 1.739 m, 70 kg, 45 years."""
    return Body.of(height_m=1.739, mass_kg=70, sex="male", age_years=45)


@cache
def at(
    name: str, trunk_deg: float | None = None, kilograms: float | None = None, distance_m: float | None = None
) -> Loads:
    """Loads of the measured man in a posture."""
    return solve(measured_man(), posture(name, trunk_deg=trunk_deg), hold_kg=kilograms, hold_distance_m=distance_m)


def l45(answer: Loads) -> float:
    """Compression at L4/5, N."""
    return answer.levels["L4/L5"].compression_n


def pressures() -> list[Pressure]:
    """Every measured disc pressure that has a posture here, Nachemson's in percent of standing."""
    rows = []
    for entry in evidence()["pressures"]:
        options = dict(entry.get("options", {}))
        strain = options.pop("intra_abdominal_pressure_kpa", None)
        answer = _strained() if strain else at(entry["posture"], options.get("trunk_deg"))
        if entry["unit"] == "%":
            model = 100.0 * answer.levels["L3/L4"].compression_n / at("standing").levels["L3/L4"].compression_n
        else:
            model = answer.levels["L4/L5"].disc_pressure_mpa
        value = entry["value"]
        low, high = entry.get("range") or (value, value)
        rows.append(Pressure(entry["id"], entry["posture"], model, low, high, _source(entry), entry["read_in"]))
    return rows


def without_tone(rows: list[Pressure]) -> list[Pressure]:
    """The same comparisons with no co-contraction, the conversion set anew so that standing is 0.50 MPa again."""
    bare = Options(tone=0.0)
    standing = l45(solve(measured_man(), "standing", options=bare))
    tuned = float(evidence()["tuned_on"]["value"])
    return [
        replace(row, model=tuned * l45(solve(measured_man(), row.posture, options=bare)) / standing) for row in rows
    ]


def _strained() -> Loads:
    from psoas.body._data import load_data

    kpa = float(load_data("discs.yaml")["abdominal_pressure"]["strain_kpa"]["value"])
    return solve(measured_man(), "standing", options=Options(abdominal_pressure_kpa=kpa, tone=0.1))


WILKE = (  # the postures of the one man that were read in the paper's abstract or its later data set
    "wilke_lie_supine", "wilke_lie_prone", "wilke_sit_unsupported", "wilke_sit_straight_nosupport_2001",
    "wilke_sit_slouched_pct", "wilke_stand_flexed", "wilke_hold_20kg_close", "wilke_lift_20kg_round_back",
)  # fmt: skip


def agreement(rows: list[Pressure]) -> tuple[float, float, float]:
    """(r, slope, intercept) of model on measured pressure."""
    x, y = np.array([row.measured for row in rows]), np.array([row.model for row in rows])
    slope, intercept = np.polyfit(x, y, 1)
    return float(np.corrcoef(x, y)[0, 1]), float(slope), float(intercept)


def checks() -> list[Row]:
    """The remaining comparisons: orders, trends and ranges."""
    entries: Mapping[str, Any] = {entry["id"]: entry for entry in evidence()["checks"]}
    rows = []
    for key, (measure, wanted) in CHECKS.items():
        model, agrees = measure()
        entry = entries[key]
        rows.append(Row(key, entry["posture_or_activity"], model, wanted, agrees, _source(entry), entry["read_in"]))
    return rows


def _source(entry: Mapping[str, Any]) -> str:
    return ", ".join(entry["source"]) if isinstance(entry["source"], list) else str(entry["source"])


def _bend() -> tuple[str, bool]:
    angles = list(range(0, 91, 10))
    force = [l45(at("standing_flexed", float(angle))) for angle in angles]
    rise = np.diff(force)
    steepest, late = max(rise), rise[5]
    text = ", ".join(f"{a}°: {f:.0f}" for a, f in zip(angles, force, strict=True))
    return f"{text} N; gain per 10° falls from {steepest:.0f} to {late:.0f} N past 50°", bool(late < 0.35 * steepest)


def _backshape() -> tuple[str, bool]:
    angle = next(a for a in np.arange(1.0, 60.0) if posture("standing_flexed", trunk_deg=a).lumbar_flexion_deg >= 15)
    rise = l45(at("standing_flexed", float(angle))) - l45(at("standing"))
    return f"+{rise:.0f} N (whole disc; the implant shares load)", rise > 285


def _walk() -> list[Loads]:
    return [at(f"walking@{phase}") for phase in range(0, 100, 4)]


def _walk_compression() -> tuple[str, bool]:
    peak = 100 * max(l45(a) for a in _walk()) / BODY_WEIGHT_N
    return f"peak {peak:.0f} % of body weight", 130 <= peak <= 179


def _walk_shear() -> tuple[str, bool]:
    peak = 100 * max(abs(a.levels["L4/L5"].shear_n) for a in _walk()) / BODY_WEIGHT_N
    return f"peak {peak:.0f} % of body weight", 2 <= peak <= 15


def _walk_side_shear() -> tuple[str, bool]:
    peak = 100 * max(abs(a.levels["L4/L5"].lateral_shear_n) for a in _walk()) / BODY_WEIGHT_N
    return f"peak {peak:.0f} % of body weight", 1 <= peak <= 7


def _size() -> tuple[str, bool]:
    def load(height: float, mass: float) -> dict[str, float]:
        body = Body.of(height_m=height, mass_kg=mass, sex="male", age_years=40)
        return {name: level.compression_n for name, level in solve(body, "standing_flexed").levels.items()}

    masses = [load(1.75, mass)["L5/S1"] for mass in (50, 70, 90, 110)]
    straight = float(np.corrcoef([50, 70, 90, 110], masses)[0, 1])
    base = load(1.75, 75)
    by_mass = load(1.75, 90)["L5/S1"] / base["L5/S1"] - 1
    by_height = load(1.75 * 1.2, 75)["L5/S1"] / base["L5/S1"] - 1
    rising = base["T12/L1"] < base["L2/L3"] < base["L5/S1"]
    text = f"r with mass {straight:.3f}; +20 % mass {100 * by_mass:+.0f} %, +20 % height {100 * by_height:+.0f} %"
    return text, bool(straight > 0.98 and by_mass > by_height and rising)


def _relaxation() -> tuple[str, bool]:
    back = ("iliocostalis_right", "longissimus_thoracis_right", "multifidus_right", "longissimus_lumborum_right")

    def effort(angle: float) -> float:
        return max(at("standing_flexed", angle).muscles[name].activation for name in back)

    angles = [float(a) for a in range(0, 111, 10)]
    seen = [effort(a) for a in angles]
    fades = seen[-1] < 0.5 * max(seen)
    text = ", ".join(f"{a:.0f}°: {v:.2f}" for a, v in zip(angles, seen, strict=True))
    return f"greatest back-muscle activation by trunk angle: {text}", fades


def _tilt() -> tuple[str, bool]:
    empty = [l45(at("standing_flexed", a)) for a in (0.0, 10.0, 20.0, 30.0)]
    held = [l45(at("standing_flexed", a, 10.0)) for a in (0.0, 10.0, 20.0, 30.0)]
    rising = all(np.diff(empty) > 0) and all(np.diff(held) > 0) and all(h > e for h, e in zip(held, empty, strict=True))
    return f"0, 10, 20, 30°: {_join(empty)} N empty, {_join(held)} N with 10 kg", bool(rising)


def _sit_stand() -> tuple[str, bool]:
    ratio = l45(at("sitting_relaxed")) / l45(at("standing"))
    return f"sitting / standing {ratio:.2f}", 0.8 <= ratio <= 1.3


def _bogduk() -> tuple[str, bool]:
    body, geometry = measured_man(), measured_man().pose("standing").geometry
    at_psoas = np.concatenate([body.members(f"psoas_major_{side}") for side in ("left", "right")])
    press = float(-geometry.level_pull[-1][2, at_psoas] @ body.muscles.strength_n[at_psoas])
    return f"{press:.0f} N", 800 <= press <= 1200


def _contracture() -> tuple[str, bool]:
    tight = solve(measured_man(), "standing", shorten={f"psoas_major_{side}": 10 for side in ("left", "right")})
    change = tight.hips_n["right"] - at("standing").hips_n["right"]
    return f"hip contact {change:+.0f} N with both psoas 10 % shorter", change > 0


def _ammr() -> tuple[str, bool | None]:
    names = ("lying_supine_hips_flexed", "sitting_slouched", "sitting_upright", "standing", "standing_flexed",
             "holding_close", "lifting_stoop", "holding_far")  # fmt: skip
    return _join(100 * l45(at(name)) / l45(at("standing")) for name in names) + " %", None


def _stoop_squat() -> tuple[str, bool | None]:
    stoop, squat = (l45(at(name, None, 15.0)) for name in ("lifting_stoop", "lifting_squat"))
    return f"stoop {stoop:.0f}, squat {squat:.0f} N ({(stoop - squat) / BODY_WEIGHT_N:+.2f} body weights)", None


def _gravity(angle: float, low: float) -> Callable[[], tuple[str, bool]]:
    def measure() -> tuple[str, bool]:
        body = Body.of(height_m=1.75, mass_kg=60, sex="male", age_years=40)
        moment = float(
            body.pose(posture("standing_flexed", trunk_deg=angle).joints_deg).gravity()[
                body.coordinates.index("lumbar_flexion_l5s1")
            ]
        )
        return f"{moment:.0f} N.m", 0.75 * low <= moment <= 1.25 * low

    return measure


def _join(values: Any) -> str:
    return ", ".join(f"{value:.0f}" for value in values)


CHECKS: Mapping[str, tuple[Callable[[], tuple[str, bool | None]], str]] = {
    "vbr_flexion_plateau": (_bend, "rises, then flattens or falls beyond about 33°"),
    "vbr_flexion_backshape": (_backshape, "at least +285 N (implant alone) when lordosis falls by 15°"),
    "takahashi_flexion_monotone": (_tilt, "rises with tilt, and with 10 kg"),
    "fr_vertebral_angle": (_relaxation, "back muscles fall silent near full flexion"),
    "sit_vs_stand_smd": (_sit_stand, "0.8 to 1.3"),
    "walk_l45_compression": (_walk_compression, "130 to 179 %"),
    "walk_l45_ap_shear": (_walk_shear, "2 to 15 %"),
    "walk_l45_ml_shear": (_walk_side_shear, "1 to 7 %"),
    "size_scaling": (_size, "about linear in mass, less with height, rising downwards"),
    "bogduk_compression_l5s1": (_bogduk, "about 980 N, both psoas at full effort"),
    "contracture_hip_force": (_contracture, "hip force rises"),
    "gravity_moment_20": (_gravity(20.0, 18.34), "18.3 N.m ± 25 %"),
    "gravity_moment_40": (_gravity(40.0, 34.47), "34.5 N.m ± 25 %"),
    "gravity_moment_60": (_gravity(60.0, 46.82), "46.8 N.m ± 25 %"),
    "ammr_pct_chart": (
        _ammr,
        "measured 20, 54, 90, 100, 220, 200, 459, 359 %; another model 19, 52, 81, 100, 209, 214, 433, 370 %",
    ),
    "stoop_minus_squat_compression": (_stoop_squat, "literature disagrees on the sign: shown, not judged"),
}  # fmt: skip
