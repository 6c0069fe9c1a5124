"""A phone's log: signals of which the answer is known, in the ways that apps write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psoas.errors import MeasureError
from psoas.measure import from_inclinometer
from psoas.measure.logs.file import Log, log_of
from psoas.measure.logs.inclinometer import steady_parts

HOME_SD_DEG = 10.0 / (1.96 * np.sqrt(2.0))


def signal(
    zero_deg: float = 2.0, reading_deg: float = -9.0, *, noise_deg: float = 0.1, rate_hz: float = 50.0, seed: int = 3
) -> tuple[np.ndarray, np.ndarray]:
    """Three seconds still, two of movement, four still: time and angle."""
    seconds = np.arange(0.0, 9.0, 1.0 / rate_hz)
    angle = zero_deg + (reading_deg - zero_deg) * np.clip((seconds - 3.0) / 2.0, 0.0, 1.0)
    return seconds, angle + noise_deg * np.random.default_rng(seed).normal(size=len(seconds))


def table(
    seconds: np.ndarray, roll: np.ndarray, *, head: str = "time,roll,pitch", separator: str = ",", comma: bool = False
) -> str:
    """The text of a log."""
    rows = [separator.join(f"{value:.5f}" for value in (t, r, 0.1)) for t, r in zip(seconds, roll, strict=True)]
    text = "\n".join([head, *rows] if head else rows)
    return text.replace(".", ",") if comma else text


def measured(text: str, **words: object) -> float:
    return from_inclinometer(log_of(text, unit=words.pop("unit", None)), side="right", **words).value_deg  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(table(*signal()), id="comma"),
        pytest.param(
            table(*signal(), head="Time (s);Roll (°);Pitch (°)", separator=";", comma=True), id="decimal comma"
        ),
        pytest.param(table(*signal(), head="t\troll_deg\tpitch_deg", separator="\t"), id="tabs"),
        pytest.param("# made by an app\n" + table(*signal()) + "\n\n", id="remarks"),
        pytest.param(table(*signal(), head=""), id="no names"),
        pytest.param(table(signal()[0] * 1e3, signal()[1], head="timestamp (ms),roll,pitch"), id="milliseconds"),
        pytest.param(table(signal()[0] * 1e9 + 1.7e18, signal()[1], head="time,roll,pitch"), id="nanoseconds"),
        pytest.param(table(signal()[0], np.radians(signal()[1]), head="time,roll (rad),pitch (rad)"), id="radians"),
        pytest.param("\ufeff" + table(*signal()).replace("\n", "\r\n"), id="byte order mark"),
    ],
)
def test_every_way_of_writing_gives_the_same_angle(text: str) -> None:
    assert measured(text.lstrip("\ufeff")) == pytest.approx(-11.0, abs=0.1)


def test_the_app_that_writes_quaternions_writes_radians() -> None:
    seconds, roll = signal()
    rows = [
        f"{1.7e18 + 1e9 * t:.0f},{t:.4f},0,0,0,1,{np.radians(r):.6f},0.001,0"
        for t, r in zip(seconds, roll, strict=True)
    ]
    log = log_of("\n".join(["time,seconds_elapsed,qx,qy,qz,qw,roll,pitch,yaw", *rows]))
    assert log.seconds[-1] == pytest.approx(8.98)
    assert from_inclinometer(log, side="right").value_deg == pytest.approx(-11.0, abs=0.1)
    assert "taken as radians" in log.notes[0]


def test_angle_error_and_where_it_was_read() -> None:
    angle = from_inclinometer(log_of(table(*signal())), side="right", pelvis="controlled")
    assert angle.value_deg == pytest.approx(-11.0, abs=0.1) and angle.zero_deg == pytest.approx(2.0, abs=0.1)
    assert HOME_SD_DEG <= angle.sd_deg < HOME_SD_DEG + 0.1
    assert angle.axis == "roll" and len(angle.steady) == 2
    assert angle.steady[1].start_s == pytest.approx(5.0, abs=0.3)
    assert angle.to_measurements()[0]["method"].startswith("phone inclinometer, sd 3.7 deg")
    assert "12 degrees below" in " ".join(angle.notes) or "11 degrees below" in " ".join(angle.notes)


@given(st.floats(-60.0, 60.0), st.floats(-30.0, 40.0), st.floats(0.0, 0.25), st.integers(0, 50))
@settings(max_examples=60, deadline=None)
def test_zero_does_not_matter_and_the_angle_is_found_in_noise(
    zero: float, turned: float, noise: float, seed: int
) -> None:
    if abs(turned) < 3.0:
        return  # a phone that was hardly moved has one steady part only
    seconds, roll = signal(zero, zero + turned, noise_deg=noise, seed=seed)
    log = Log(seconds, {"roll": roll}, ())
    assert from_inclinometer(log, side="left").value_deg == pytest.approx(turned, abs=0.6)
    assert from_inclinometer(log, side="left", zero_deg=zero).value_deg == pytest.approx(turned, abs=0.6)
    mirrored = Log(seconds, {"roll": -roll}, ())
    assert from_inclinometer(mirrored, side="left", flip=True).value_deg == pytest.approx(turned, abs=0.6)


def test_the_jump_from_180_to_minus_180_is_no_movement() -> None:
    seconds, roll = signal(175.0, 190.0)
    wrapped = (roll + 180.0) % 360.0 - 180.0
    assert measured(table(seconds, wrapped)) == pytest.approx(15.0, abs=0.2)


def test_lost_rows_are_left_out_and_said() -> None:
    lines = table(*signal()).split("\n")
    lines[40], lines[41], lines[60] = "0.8,NaN,0.1", "0.82,,0.1", "0.9"
    log = log_of("\n".join(lines))
    assert "3 of 450 rows could not be read" in log.notes[0]
    assert from_inclinometer(log, side="right").value_deg == pytest.approx(-11.0, abs=0.1)


def test_a_spike_does_not_end_a_steady_part() -> None:
    seconds, roll = signal(noise_deg=0.0)
    roll[60] += 30.0
    parts = steady_parts(seconds, roll)
    assert len(parts) == 2 and parts[0].value_deg == pytest.approx(2.0)


def test_a_long_log_of_slow_drift_is_read_in_one_pass() -> None:
    """Half a million rows that never settle for long enough: a scan from every row would take an hour."""
    seconds = np.arange(500_000) * 1e-3
    assert steady_parts(seconds, 1.6 * seconds) == []


def test_of_three_steady_parts_the_last_is_read_and_the_others_are_named() -> None:
    seconds = np.arange(0.0, 12.0, 0.02)
    roll = np.interp(seconds, [0, 3, 4, 6, 7, 12], [0, 0, 8, 8, -10, -10])
    angle = from_inclinometer(Log(seconds, {"roll": roll}, ()), side="right")
    assert angle.value_deg == pytest.approx(-10.0, abs=0.05) and len(angle.steady) == 3
    assert "those parts are not used" in " ".join(angle.notes)


def test_the_axis_that_turned_most_is_taken_unless_another_is_asked_for() -> None:
    seconds, turned = signal()
    log = Log(seconds, {"roll": 0.1 * turned, "pitch": turned}, ())
    assert from_inclinometer(log, side="right").axis == "pitch"
    with pytest.raises(MeasureError, match="one steady part only"):
        from_inclinometer(log, side="right", axis="roll")
    with pytest.raises(MeasureError, match="the axis is 'yaw'; this log has roll, pitch"):
        from_inclinometer(log, side="right", axis="yaw")


def _restless() -> str:
    seconds = np.arange(0.0, 9.0, 0.02)
    return table(seconds, 20.0 * np.sin(seconds * 4.0))


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("", {}, "is empty; expected a table"),
        ("hello\nworld", {}, "holds no table of numbers"),
        ("time,roll,pitch\n" + "\n".join(["0.1,nan,nan"] * 30), {}, "holds no table of numbers"),
        (
            "time,roll,pitch\n0,1,2\n1,2,3",
            {},
            "has 2 rows of whole numbers (0 could not be read); expected at least 10",
        ),
        ("time,x,y\n" + "\n".join(f"{i},1,2" for i in range(20)), {}, "none of them is an angle (roll, pitch or"),
        ("roll,pitch\n" + "\n".join(f"{i},1" for i in range(20)), {}, "none of them is time"),
        (_restless(), {}, "The log never settles: roll does not stay within"),
        (table(*signal(2.0, 2.0)), {"unit": "deg"}, "The log has one steady part only (2.0 degrees, 0.0 to 9.0 s)"),
        (table(*signal(0.0, 3.0)), {}, "does not say whether its angles are degrees or radians"),
        (table(*signal(0.0, -50.0)), {}, "degrees; expected -35 to 45. Was the phone laid the other way"),
        (table(*signal(0.0, 150.0)), {}, "The phone turned by 150 degrees"),
        (table(signal()[0], 1e30 * signal()[1]), {}, "expected degrees or radians. Is it another log?"),
        (table(*signal()), {"zero_deg": float("nan")}, "zero_deg is nan"),
        (table(*signal()), {"unit": "grad"}, "the unit is 'grad'; expected deg or rad."),
        (table(signal()[0][::-1], signal()[1]), {}, "runs backward"),
        (table(0.0 * signal()[0], signal()[1]), {}, "stands still"),
    ],
)
def test_bad_logs_get_a_sentence(text: str, words: dict[str, object], sentence: str) -> None:
    with pytest.raises(MeasureError) as caught:
        measured(text, **words)
    assert sentence in str(caught.value)


def test_random_damage_is_read_or_refused_with_a_sentence() -> None:
    """Signs of a good log overwritten at random, a thousand times."""
    generator = np.random.default_rng(11)
    good = table(*signal(rate_hz=20.0))
    for _ in range(1000):
        signs = list(good)
        for place in generator.integers(0, len(signs), generator.integers(1, 40)):
            signs[place] = generator.choice(list("0123456789.,;-e\t\n #nx\x00é"))
        try:
            angle = from_inclinometer(log_of("".join(signs)), side="right")
        except MeasureError as err:
            assert str(err)
        else:
            assert np.isfinite(angle.value_deg) and angle.sd_deg >= HOME_SD_DEG


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is empty"), (b"\x00\x01\x02" * 50, "is no text"), (b"\xff\xd8\xff\xe0 jpeg", "no table")],
)
def test_a_file_that_is_no_log(content: bytes, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(content)
    with pytest.raises(MeasureError, match=sentence):
        from_inclinometer(file, side="right")


def test_a_log_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match="there is no such file"):
        from_inclinometer(tmp_path / "none.csv", side="right")
