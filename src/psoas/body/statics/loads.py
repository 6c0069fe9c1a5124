"""Muscle forces and joint loads of a posture.

One solve: place the posture over its supports, write its balance, find the activations, and cut the body at every
level. Compression is along the normal of the lower vertebra's upper end-plate, + pressing; shear lies in that plate,
+ pulling the upper vertebra forward.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from psoas.body._data import load_data
from psoas.body.anatomy.registration import LEVELS, upper_bone
from psoas.body.kinematics.posture import Posture, PostureError
from psoas.body.kinematics.postures import posture as posture_by_name
from psoas.body.kinematics.sections import Array
from psoas.body.recruitment.solver import ConvergenceError, Recruitment, recruit
from psoas.body.statics.arms import Build
from psoas.body.statics.discs import disc_pressure_band_mpa, disc_pressure_mpa
from psoas.body.statics.equilibrium import Balance, build_balance
from psoas.body.statics.mechanics import Mechanics
from psoas.body.statics.options import Options, abdominal_forces, tone_of
from psoas.body.statics.results import Fascicles, LevelLoad, Loads, MuscleLoad
from psoas.body.statics.stance import Stance, take_stance
from psoas.body.statics.tissue import LUMBAR_JOINTS, NOMINAL, Tissue, Variation
from psoas.body.subject.model import Body

__all__ = [
    "LEVEL_NAMES",
    "RESERVE_NM",
    "LevelLoad",
    "Loads",
    "MuscleLoad",
    "balance_of",
    "check_load",
    "costs_of",
    "effort_of",
    "membership",
    "read_loads",
    "recruit_posture",
    "settle",
    "solve",
]

LEVEL_NAMES = {level: f"{level[:-2]}/{level[-2:]}".upper() for level in LEVELS}
_CAUSES = ("weight", "load", "contact", "abdominal_pressure")
RESERVE_NM = 10.0  # torque that no muscle gives and that costs as much as one muscle at full effort


def solve(
    body: Body,
    posture: str | Posture,
    *,
    hold_kg: float | None = None,
    hold_distance_m: float | None = None,
    shorten: Mapping[str, float] | None = None,
    stiffen: Mapping[str, float] | None = None,
    options: Options | None = None,
    warm_start: Array | None = None,
) -> Loads:
    """Muscle forces and joint loads of a body in a posture.

    Args:
        body: the person's body.
        posture: a name from :func:`psoas.body.kinematics.postures.posture_names` or a posture.
        hold_kg: mass in the hands, kg; None takes the posture's own (20 kg when lifting, else none).
        hold_distance_m: horizontal distance of that mass in front of the L5/S1 disc, m; None takes the posture's own.
        shorten: percent by which the slack length of a muscle is shorter, by muscle (``psoas_major_right``).
        stiffen: percent by which the passive force of a muscle is greater at the same stretch.
        options: co-contraction, abdominal pressure, power of the cost.
        warm_start: multipliers of a similar posture; they change the time, not the answer.

    Returns:
        Compression (+ presses) and shear (+ pulls the upper vertebra forward) of every level, hip contact forces and
        muscle forces in newtons, and whether muscles and supports alone hold the posture (`feasible`).

    Raises:
        PostureError: unknown posture, angle out of range, a negative load or one out of reach.
        ValueError: unknown muscle.
        ConvergenceError: the recruitment found no answer that passes its checks.
    """
    return settle(body, posture, hold_kg, hold_distance_m, shorten, stiffen, options or Options(), warm_start)[0]


def settle(
    body: Body,
    posture: str | Posture,
    hold_kg: float | None,
    hold_distance_m: float | None,
    shorten: Mapping[str, float] | None,
    stiffen: Mapping[str, float] | None,
    options: Options,
    warm_start: Array | None = None,
    variation: Variation = NOMINAL,
) -> tuple[Loads, Recruitment]:
    """As :func:`solve`, with the recruitment for a warm start of the next posture, and factors on the tissue."""
    asked = posture_by_name(posture) if isinstance(posture, str) else posture
    held = asked.hold_kg if hold_kg is None else float(hold_kg)
    distance = asked.hold_distance_m if hold_distance_m is None else float(hold_distance_m)
    check_load(held, distance)
    mechanics = Mechanics(body.kinematics)
    build = Build(body.person.height_m, mechanics.mass_of("arms") / 2)
    tissue = Tissue(body, shorten or {}, stiffen or {}, variation)
    stance = take_stance(mechanics, build, asked, held, distance)
    balance = balance_of(mechanics, stance, tissue, options)
    answer = recruit_posture(body, balance, stance, options, warm_start)
    return read_loads(body, mechanics, stance, balance, answer), answer


def check_load(hold_kg: float, distance_m: float | None) -> None:
    """Refuse a load that no hand can hold."""
    if not 0.0 <= hold_kg <= 100.0:
        raise PostureError(f"hold_kg is {hold_kg:g}; expected 0 to 100.")
    if distance_m is not None and not 0.0 <= distance_m <= 1.2:
        raise PostureError(f"hold_distance_m is {distance_m:g}; expected 0 to 1.2.")


def balance_of(mechanics: Mechanics, stance: Stance, tissue: Tissue, options: Options) -> Balance:
    """The recruitment problem of a stance."""
    gain, passive = tissue.muscle_forces(mechanics.geometry.lengths_m)
    data = load_data("recruitment.yaml")
    preload = float(data["lying_compression_n"]["value"]) if stance.posture.lies else None
    return build_balance(
        mechanics,
        stance.contacts,
        (*stance.forces, *abdominal_forces(mechanics.geometry.level_positions_m, mechanics.place, options)),
        stance.gravity,
        gain_n=gain,
        passive_n=passive,
        passive_torque=tissue.joint_torque(mechanics.q, preload),
        give=tissue.lumbar_give(mechanics.q, preload),
    )


def recruit_posture(
    body: Body, balance: Balance, stance: Stance, options: Options, warm_start: Array | None = None
) -> Recruitment:
    """Activations and contact pushes of one posture."""
    weights, lower = costs_of(body, len(balance.contacts), len(LUMBAR_JOINTS), options)
    lower[: balance.muscles] = tone_of(body, stance.posture, options)

    def answer(start: Array | None) -> Recruitment:
        return recruit(
            balance.matrix,
            balance.wanted,
            power=options.power,
            weights=weights,
            lower=lower,
            reserve_nm=RESERVE_NM,
            warm_start=start,
            joints=body.coordinates,
        )

    if warm_start is None:
        return answer(None)
    try:
        return answer(warm_start)
    except ConvergenceError:  # a start from another posture may lead nowhere; the answer does not depend on it
        return answer(None)


def costs_of(body: Body, contacts: int, gives: int, options: Options) -> tuple[Array, Array]:
    """Weight and least effort of every column of the balance: muscles, contacts, gives up and down."""
    give = load_data("recruitment.yaml")["give"]
    muscles = len(body.muscles.names)
    weights = np.ones(muscles + contacts + 2 * gives)
    if options.by_volume:
        weights[:muscles] = relative_volume(body)
    weights[muscles + contacts :] = (give["most_degrees"] / give["degrees"]) ** options.power
    return weights, np.zeros(len(weights))


def relative_volume(body: Body) -> Array:
    """Volume (M,) of every fascicle, strength times fibre length, over the mean."""
    volume = body.muscles.strength_n * body.muscles.optimal_fibre_m
    return np.asarray(volume / volume.mean())


def read_loads(body: Body, mechanics: Mechanics, stance: Stance, balance: Balance, answer: Recruitment) -> Loads:
    """Cut the body at every level and at the hips."""
    count = balance.muscles
    activation = answer.activation[:count]
    force = activation * balance.gain_n + balance.passive_n
    after = count + len(balance.contacts)
    pushes = answer.activation[count:after] * balance.full_contact_n
    most = float(load_data("recruitment.yaml")["give"]["most_degrees"])
    up, down = np.split(answer.activation[after:] * most, 2)
    reasons = () if stance.standing.holds else (stance.standing.reason,)
    if not answer.feasible:
        short = int(np.argmax(np.abs(answer.reserve_nm)))
        reasons = (
            *reasons,
            f"{body.coordinates[short]} is {abs(answer.reserve_nm[short]):.1f} N.m short of what muscles can give.",
        )
    return Loads(
        posture=stance.posture,
        levels={
            LEVEL_NAMES[level]: _level(body, mechanics, balance, row, force, pushes)
            for row, level in reversed(list(enumerate(LEVELS)))
        },
        hips_n={side: _hip(mechanics, balance, side, force, pushes) for side in ("left", "right")},
        muscles=_by_group(body, activation, force, balance.passive_n),
        fascicle_arrays=Fascicles(body.muscles.names, force, activation, balance.passive_n),
        supports_n=_supports(balance, pushes),
        gives_deg=dict(zip(LUMBAR_JOINTS, (down - up).tolist(), strict=True)),
        effort=float(effort_of(body, activation)),
        residual_nm=float(np.max(np.abs(answer.residual_nm))),
        reserves_nm=float(np.max(np.abs(answer.reserve_nm))),
        feasible=bool(answer.feasible and stance.standing.holds),
        reasons=reasons,
    )


def effort_of(body: Body, activation: Array) -> Array:
    """Effort (...,) of whole postures: squared activations (..., muscles) weighted by volume, mean weight 1.

    Volume is strength times fibre length. Recruitment shares force by activation alone; to tell one posture from
    another a big muscle must cost more than a small one, as it burns more (Ackermann and van den Bogert 2010, J Biomech
    43:1055-1060, recalled).
    """
    return np.asarray(activation**2 @ relative_volume(body))


def external_on(mechanics: Mechanics, balance: Balance, root: str, pushes: Array) -> dict[str, Array]:
    """Weight and external forces (3,) in N on a bone and what hangs on it, by cause."""
    part = {name for name, inside in zip(mechanics.bone_names, mechanics.part(root)[1:], strict=True) if inside}
    forces = dict.fromkeys(_CAUSES, np.zeros(3))
    forces["weight"] = mechanics.part_weight(root, balance.gravity)
    for known in balance.forces:
        if known.bone in part:
            cause = "weight" if known.cause == "arms" else known.cause
            forces[cause] = forces[cause] + known.force
    for push, size in zip(balance.contacts, pushes, strict=True):
        sign = float(push.bone in part) - float(push.against in part)
        forces["contact"] = forces["contact"] + sign * size * push.direction
    return forces


def _level(body: Body, mechanics: Mechanics, balance: Balance, row: int, force: Array, pushes: Array) -> LevelLoad:
    level = LEVELS[row]
    frame = mechanics.geometry.level_frames[row]
    pull = mechanics.geometry.level_pull[row]
    outside = {
        cause: frame @ value for cause, value in external_on(mechanics, balance, upper_bone(level), pushes).items()
    }
    total = pull @ force + sum(outside.values(), np.zeros(3))
    share = {cause: float(-value[2]) for cause, value in outside.items()}
    names, member = membership(body.muscles.groups)
    share |= zip(names, (member @ (-pull[2] * force)).tolist(), strict=True)
    name, height = LEVEL_NAMES[level], body.person.height_m
    return LevelLoad(
        compression_n=float(-total[2]),
        shear_n=float(total[0]),
        lateral_shear_n=float(total[1]),
        disc_pressure_mpa=disc_pressure_mpa(float(-total[2]), name, height),
        disc_pressure_band_mpa=disc_pressure_band_mpa(float(-total[2]), name, height),
        share_n=share,
    )


def _hip(mechanics: Mechanics, balance: Balance, side: str, force: Array, pushes: Array) -> float:
    """Resultant of everything but the pelvis on the leg: what the pelvis must answer at the femoral head, N."""
    outside = sum(external_on(mechanics, balance, f"femur_{side}", pushes).values(), np.zeros(3))
    return float(np.linalg.norm(outside + force @ mechanics.pull_across(f"femur_{side}")))


def _by_group(body: Body, activation: Array, force: Array, passive: Array) -> dict[str, MuscleLoad]:
    names, member = membership(body.muscles.groups)
    strength = body.muscles.strength_n
    columns = (member @ force, (member @ (strength * activation)) / (member @ strength), member @ passive)
    return {name: MuscleLoad(*row) for name, row in zip(names, np.array(columns).T.tolist(), strict=True)}


@cache
def membership(groups: tuple[str, ...]) -> tuple[tuple[str, ...], Array]:
    """Public muscles, each once, and a matrix (public muscles, fascicles) of ones where a fascicle belongs to one."""
    names = tuple(dict.fromkeys(groups))
    return names, np.array([[float(group == name) for group in groups] for name in names])


def _supports(balance: Balance, pushes: Array) -> dict[str, float]:
    sums: dict[str, Array] = {}
    for push, size in zip(balance.contacts, pushes, strict=True):
        group = push.name.split(".")[0]
        sums[group] = sums.get(group, np.zeros(3)) + size * push.direction
    return {group: float(np.linalg.norm(value)) for group, value in sums.items()}
