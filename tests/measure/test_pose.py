"""The pose network on real people: the film of the `sports2d` package, with places read off by eye."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PIL", reason="pictures need the vision extra")

from PIL import Image, ImageOps

from psoas.errors import MeasureError
from psoas.measure import Picture, pose, propose_taps
from psoas.measure._data import load_data
from psoas.measure.hip_angle import knee_flexion_deg
from psoas.measure.pose import LANDMARKS, Pose, find_people
from tests.measure.film import WEIGHTS, frame, needs_the_network

WALKING_S = 4.6667
"""The woman walks to the left, her left leg behind; the man above leaves the wall."""

BY_EYE = {
    "left_hip": (624, 720),
    "left_knee": (622, 820),
    "left_ankle": (710, 872),
    "left_shoulder": (637, 592),
    "nose": (594, 546),
}
"""Read off the frame by eye, to about ten pixels; she is about 430 pixels tall."""

BOUND_PX = 20


@pytest.fixture(autouse=True)
def _network() -> None:
    needs_the_network()


def _woman(picture: Picture) -> Pose:
    return max(find_people(picture), key=lambda one: one.spot.hips[1])


def _cut(picture: Picture, box: tuple[int, int, int, int]) -> Picture:
    return Picture(picture.image.crop(box), picture.name)


def test_the_weights_are_those_written_down() -> None:
    for one in load_data("weights.yaml")["files"]:
        assert hashlib.sha256((Path(WEIGHTS) / one["name"]).read_bytes()).hexdigest() == one["sha256"]


def test_landmarks_lie_where_the_eye_sees_them() -> None:
    found = _woman(frame(WALKING_S))
    for name, place in BY_EYE.items():
        assert math.dist(found.at(name), place) < BOUND_PX, name
        assert found.seen(name) > 0.9


def test_a_knee_angle_is_that_of_the_eye_within_eight_degrees() -> None:
    found = _woman(frame(WALKING_S))
    names = {"trochanter": "left_hip", "knee": "left_knee", "ankle": "left_ankle"}
    by_eye = knee_flexion_deg({name: np.array(BY_EYE[joint], dtype=float) for name, joint in names.items()})
    assert knee_flexion_deg({name: found.at(joint) for name, joint in names.items()}) == pytest.approx(by_eye, abs=8.0)


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_turned_picture_gives_the_same_points(quarter_turns: int) -> None:
    """Lying down or upside down: within a twentieth of her height."""
    box = (300, 350, 944, 994)
    upright = _cut(frame(WALKING_S), box)
    turned = Picture(upright.image.rotate(90 * quarter_turns, expand=True), "turned")
    first, second = _woman(upright), max(find_people(turned), key=lambda one: one.presence)
    centre = np.array(upright.size_px) / 2
    angle = -math.radians(90 * quarter_turns)
    matrix = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    for joint in ("left_hip", "left_knee", "left_ankle", "left_shoulder"):
        expected = matrix @ (first.at(joint) - centre) + centre
        assert np.linalg.norm(second.at(joint) - expected) < 22, joint


def test_a_mirrored_picture_swaps_the_sides() -> None:
    picture = _cut(frame(WALKING_S), (300, 350, 944, 994))
    mirrored = Picture(ImageOps.mirror(picture.image), "mirrored")
    first, second = _woman(picture), _woman(mirrored)
    width = picture.size_px[0]
    for joint in ("hip", "knee", "ankle"):
        x, y = first.at(f"left_{joint}")
        assert math.dist(second.at(f"right_{joint}"), (width - x, y)) < BOUND_PX, joint


def test_the_heat_map_moves_landmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Left out, the same network places joints several pixels elsewhere."""
    refined = _woman(frame(WALKING_S))
    monkeypatch.setattr(pose, "_refined", lambda points, heat: points)
    raw = _woman(frame(WALKING_S))
    joints = [LANDMARKS.index(name) for name in BY_EYE]
    assert np.linalg.norm(refined.points[joints] - raw.points[joints], axis=1).max() > 3.0


def test_the_same_picture_gives_the_same_points_to_the_bit() -> None:
    first, second = (_woman(frame(WALKING_S)) for _ in range(2))
    assert np.array_equal(first.points, second.points)


def test_proposed_taps_are_of_the_nearer_leg_with_the_front_spine_in_front() -> None:
    proposal = propose_taps(_cut(frame(WALKING_S), (300, 350, 944, 994)))
    taps = proposal.taps
    assert taps.side == "left"
    assert taps.asis is not None and taps.psis is not None and taps.ankle is not None
    assert taps.asis[0] < taps.trochanter[0] < taps.psis[0], "she walks to the left"
    assert taps.asis[1] < taps.trochanter[1] and taps.psis[1] < taps.trochanter[1]
    assert "proposed, not measured" in proposal.notes[0]
    assert proposal.to_answer()["proposed"]["taps"]["knee"] == [round(at, 1) for at in taps.knee]


def test_two_people_are_asked_about_and_one_can_be_pointed_at() -> None:
    picture = frame(2.0)
    with pytest.raises(MeasureError, match=r"2 people are found in demo\.mp4, at .* Say who is meant with --person"):
        propose_taps(picture)
    woman = propose_taps(picture, person=(1410, 760))
    man = propose_taps(picture, person=(640, 290))
    assert woman.taps.trochanter[0] > 1300 and man.taps.trochanter[0] < 700
    with pytest.raises(MeasureError, match=r"Nobody is found at \[50, 50\]; people are at"):
        propose_taps(picture, person=(50, 50))


def test_a_front_view_is_said() -> None:
    """At the start the man faces the camera."""
    assert "turned to the camera" in " ".join(propose_taps(frame(0.3333)).notes)


@pytest.mark.parametrize("what", ["plain", "noise", "wall"])
def test_nobody_in_the_picture(what: str) -> None:
    if what == "wall":
        picture = _cut(frame(WALKING_S), (1000, 0, 1768, 500))
    elif what == "noise":
        noise = np.random.default_rng(0).integers(0, 255, (480, 640, 3), dtype=np.uint8)
        picture = Picture(Image.fromarray(noise), "noise.png")
    else:
        picture = Picture(Image.new("RGB", (640, 480), "grey"), "plain.png")
    with pytest.raises(MeasureError, match="Nobody is found in"):
        propose_taps(picture)


def test_a_side_that_is_no_side() -> None:
    with pytest.raises(MeasureError, match="the side is 'both'; expected left or right"):
        propose_taps(_cut(frame(WALKING_S), (300, 350, 944, 994)), side="both")


def test_an_unseen_knee_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = _cut(frame(WALKING_S), (300, 350, 944, 994))
    people = find_people(picture)
    hidden = tuple(replace(one, visible=np.zeros_like(one.visible)) for one in people)
    monkeypatch.setattr("psoas.measure.proposal.find_people", lambda picture: hidden)
    with pytest.raises(MeasureError, match="The left trochanter and knee cannot be seen"):
        propose_taps(picture)
