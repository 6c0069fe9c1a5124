"""The inverse: known shortening is recovered, sides mirror, a free pelvis is vague, unknown moves nothing."""

from __future__ import annotations

import numpy as np
import pytest

from psoas.body import Body
from psoas.body.flexibility.flexor_ids import FLEXOR_IDS
from psoas.body.flexibility.leg_tissue import FLEXORS
from psoas.body.flexibility.readings import MEASURES, SIDES, Reading, TightnessError
from psoas.body.flexibility.tightness import estimate, estimate_batch
from psoas.body.flexibility.tightness_result import Tightness
from psoas.body.study.tightness_study import THOMAS, recover, simulate
from psoas.body.subject.scaling import person_of
from psoas.knowledge import load

PERSON = person_of(age_years=30)
NORMAL = (-10.6, 52.5, 15.6)


def thomas(side: str, angles: tuple[float, float, float] = NORMAL, pelvis: str | None = "controlled") -> list[Reading]:
    return [
        Reading(name, side, value, pelvis, "inclinometer")  # type: ignore[arg-type]
        for name, value in zip(THOMAS, angles, strict=True)
    ]


def both(left: tuple[float, float, float], right: tuple[float, float, float], pelvis: str = "controlled") -> Tightness:
    return estimate([*thomas("left", left, pelvis), *thomas("right", right, pelvis)])


@pytest.mark.parametrize(
    ("measures", "held"), [(THOMAS, True), (THOMAS, False), (THOMAS[:1], True), (tuple(MEASURES), True)]
)
def test_the_90_percent_interval_holds_the_truth_nine_times_in_ten(measures: tuple[str, ...], held: bool) -> None:
    """240 simulated people, 480 legs: each flexor's coverage between 85 and 95 percent, errors as large as claimed."""
    found = recover(PERSON, simulate(PERSON, 240, measures=measures, held=held, seed=11))
    assert np.all((found.coverage > 0.85) & (found.coverage < 0.95)), found.coverage
    assert np.all(np.abs(found.rmse / found.claimed_sd - 1.0) < 0.12), found.rmse / found.claimed_sd
    assert np.all(np.abs(found.side_right - found.side_claimed) < 0.1), (found.side_right, found.side_claimed)


def test_the_flexor_that_was_shortened_is_the_one_found() -> None:
    thigh = both(NORMAL, (2.0, 62.0, 13.0))
    assert thigh.difference["iliopsoas"].percent > 8 and thigh.difference["iliopsoas"].probability_real > 0.9
    knee = both(NORMAL, (-10.6, 36.0, 15.6))
    assert knee.difference["rectus_femoris"].percent > 8 and knee.difference["rectus_femoris"].probability_real > 0.95
    drift = both(NORMAL, (-8.0, 56.0, 25.0))
    assert drift.difference["tensor_fasciae_latae"].percent > 5
    assert drift.difference["tensor_fasciae_latae"].probability_real > 0.95


def test_an_average_adult_is_not_called_short() -> None:
    found = both(NORMAL, NORMAL)
    for side in SIDES:
        for flexor in FLEXORS:
            one = found.sides[side][flexor]
            assert one.interval_90[0] < 0 < one.interval_90[1]
            assert abs(one.shortening_percent) < 3
    assert all(one.probability_real < 0.1 for one in found.difference.values())


def test_left_and_right_mirror() -> None:
    one, other = both(NORMAL, (0.0, 50.0, 12.0)), both((0.0, 50.0, 12.0), NORMAL)
    for flexor in FLEXORS:
        for side, turned in (("left", "right"), ("right", "left")):
            first, second = one.sides[side][flexor], other.sides[turned][flexor]
            assert first.shortening_percent == pytest.approx(second.shortening_percent, abs=1e-6)
            assert first.interval_90 == pytest.approx(second.interval_90, abs=1e-6)
        assert one.difference[flexor].percent == pytest.approx(-other.difference[flexor].percent, abs=1e-6)
        assert one.difference[flexor].probability_real == pytest.approx(
            other.difference[flexor].probability_real, abs=1e-6
        )
    assert {name.replace("left", "x") for name in one.undetermined} == {
        name.replace("right", "x").replace("left", "right") for name in other.undetermined
    }


def test_a_free_pelvis_makes_the_answer_vague() -> None:
    held, free = both((-13.0, 52.0, 15.0), (2.0, 58.0, 15.0)), both((-13.0, 52.0, 15.0), (2.0, 58.0, 15.0), "free")
    assert free.right["iliopsoas"].sd > 1.4 * held.right["iliopsoas"].sd
    assert not free.determined("iliopsoas", "right")
    assert free.difference["iliopsoas"].probability_real < held.difference["iliopsoas"].probability_real - 0.2
    assert "pelvis was not held" in " ".join(free.notes)
    untold = estimate([*thomas("left", NORMAL, None)])
    assert untold.left == estimate([*thomas("left", NORMAL, "free")]).left, "not told counts as not held"


def test_unknown_moves_nothing() -> None:
    """A side that was not measured stays exactly the prior, whatever the other side reads."""
    for angles in (NORMAL, (8.0, 30.0, 25.0)):
        found = estimate(thomas("right", angles))
        for flexor in FLEXORS:
            one = found.left[flexor]
            assert one.shortening_percent == 0.0 and one.interval_90[0] == -one.interval_90[1]
            assert found.difference[flexor].probability_real == 0.0
            assert f"{flexor}_left" in found.undetermined


def test_more_trials_are_surer_but_never_sure() -> None:
    sds = [estimate(thomas("right") * count).right["tensor_fasciae_latae"].sd for count in (1, 3, 30)]
    assert sds[0] > sds[1] > sds[2]
    assert sds[-1] > 0.6 * sds[0], "pelvis, protocol and session stay"


def test_a_further_reading_tells_as_much_as_was_foreseen() -> None:
    before = estimate([*thomas("left"), *thomas("right")])
    best = before.measure_next[0]
    assert best.sd_then < best.sd_now
    value = {"ely.knee_flexion": 118.0, "ober.angle": -26.0, "hip.extension": 12.0}[best.id]
    side: str = best.side
    extra = Reading(best.id, side, value, "controlled", "inclinometer")  # type: ignore[arg-type]
    after = estimate([*thomas("left"), *thomas("right"), extra])
    assert after.sides[side][best.settles].sd == pytest.approx(best.sd_then, rel=0.35)


def test_sartorius_is_said_to_be_out_of_reach() -> None:
    found = both(NORMAL, (5.0, 40.0, 22.0))
    assert {"sartorius_left", "sartorius_right"} <= set(found.undetermined)


def test_the_knee_straight_and_bent_tell_apart_what_one_cannot() -> None:
    """A thigh that drops when the knee is straightened was held by a two-joint muscle: here the tensor."""
    bent = Reading("modified_thomas.thigh_angle", "right", 2.0, "controlled", "inclinometer")
    stays, drops = (
        estimate([bent, Reading(bent.id, "right", value, "controlled", "inclinometer, knee straight")])
        for value in (0.0, -12.0)
    )
    assert {row.manoeuvre for row in stays.rows} == {"thomas", "thomas_knee_straight"}
    tensor = "tensor_fasciae_latae"
    assert drops.right[tensor].shortening_percent > stays.right[tensor].shortening_percent + 3


def test_a_batch_is_each_alone_and_a_bad_member_is_an_error_with_its_reason() -> None:
    good = [*thomas("left"), *thomas("right", (0.0, 50.0, 12.0))]
    bad = [Reading("hip.extension", "left", 40.0)]
    one, wrong, two = estimate_batch([good, bad, good], PERSON)
    assert isinstance(wrong, TightnessError) and "hip.extension of the left side is 40 degrees" in str(wrong)
    assert isinstance(one, Tightness) and isinstance(two, Tightness)
    alone = estimate(good, body=Body.of(age_years=30))
    for flexor in FLEXORS:
        assert one.right[flexor].shortening_percent == pytest.approx(alone.right[flexor].shortening_percent, abs=1e-6)
        assert one.right[flexor] == two.right[flexor]


def test_the_answer_has_the_shape_that_was_agreed() -> None:
    answer = both(NORMAL, (0.0, 50.0, 12.0)).to_answer()
    assert list(answer) == ["left", "right", "difference", "undetermined", "measure_next"]
    for side in SIDES:
        assert list(answer[side]) == list(FLEXORS)
        assert all(set(one) == {"shortening_percent", "sd", "interval_90"} for one in answer[side].values())
    assert all(set(one) == {"percent", "probability_real"} for one in answer["difference"].values())


def test_what_loads_take_from_it_names_the_bodys_muscles() -> None:
    percent = both(NORMAL, (0.0, 50.0, 12.0)).shorten()
    assert percent["psoas_major_right"] == percent["iliacus_right"]
    assert not any(name.startswith("sartorius") for name in percent), "what is not told is not passed on"
    Body.of().shortened(percent)


def test_the_same_readings_give_the_same_bits() -> None:
    assert both(NORMAL, (1.0, 55.0, 9.0)) == both(NORMAL, (1.0, 55.0, 9.0))


def test_ids_are_those_of_the_evidence() -> None:
    assert set(MEASURES) == FLEXOR_IDS
    assert set(load().findings.measurement_ids) >= FLEXOR_IDS
