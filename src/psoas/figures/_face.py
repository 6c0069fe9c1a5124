"""The verbs of the room: which pictures there are, and one of them as SVG text."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import Literal

from psoas.errors import PsoasError
from psoas.figures._flesh import BUILDS
from psoas.figures._picture import SKINS, draw
from psoas.figures._scene import STEPS, Step, camera_of, pair, scenes, test_pair, tests
from psoas.figures._skeleton import Skeleton

View = Literal["side", "front"]


class FigureError(PsoasError):
    """A picture that does not exist; the message says which do."""


def available() -> tuple[str, ...]:
    """Ids of the exercises that have a picture."""
    return tuple(scenes())


def views(exercise_id: str) -> tuple[View, ...]:
    """The views of an exercise: the main one is `side`; `front` where a second one helps."""
    _check(exercise_id, "exercise_id", available())
    return ("side", "front") if "front" in scenes()[exercise_id] else ("side",)


def steps(exercise_id: str) -> tuple[Step, ...]:
    """The steps worth a picture: one where nothing moves between start and end."""
    _check(exercise_id, "exercise_id", available())
    return ("end",) if scenes()[exercise_id].get("still") else STEPS


def size(svg: str) -> tuple[float, float]:
    """Width and height of a picture, px."""
    found = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert found is not None
    return float(found[1]), float(found[2])


def description(svg: str) -> str:
    """Title and description of a picture, for a place that takes plain text."""
    found = re.search(r"<title[^>]*>(.*?)</title><desc[^>]*>(.*?)</desc>", svg)
    assert found is not None
    return unescape(f"{found[1]}. {found[2]}")


def skeleton(exercise_id: str, step: Step = "end") -> Skeleton:
    """The joints that the picture of a step is drawn from, m; x forward, y left, z up."""
    _check(exercise_id, "exercise_id", available())
    _check(step, "step", STEPS)
    return pair(exercise_id)[step]


@lru_cache(maxsize=512)
def exercise_svg(
    exercise_id: str,
    step: Step = "end",
    view: View = "side",
    shape: Literal["slim", "broad"] = "slim",
    skin: int = 1,
    mirrored: bool = False,
) -> str:
    """The picture of one step of an exercise as SVG text, the same text for the same call.

    Args:
        exercise_id: one of `available()`.
        step: `start`, or `end` with the glow and the arrows of the movement.
        view: `side`, the view in which the movement shows best, or `front` where `views` names it.
        shape: body shape.
        skin: skin tone, 0 the lightest to 4 the darkest.
        mirrored: the left side works instead of the right.

    Raises:
        FigureError: anything else; the message says what there is.
    """
    _check(exercise_id, "exercise_id", available())
    _check(step, "step", STEPS)
    _check(view, "view", views(exercise_id))
    _check(shape, "shape", tuple(BUILDS))
    _check(skin, "skin", tuple(range(len(SKINS))))
    scene = scenes()[exercise_id]
    title, description = _said(exercise_id, step, view, mirrored)
    return draw(
        pair(exercise_id), step, scene, camera_of(scene, view), shape=shape, skin=skin, mirrored=mirrored,
        name=f"{exercise_id}-{step}-{view}-{shape[0]}{skin}{'m' if mirrored else ''}", title=title,
        description=description, arrows=step == "end",
    )  # fmt: skip


def available_tests() -> tuple[str, ...]:
    """Names of the hands-on tests that have a picture."""
    return tuple(tests())


@lru_cache(maxsize=128)
def test_svg(
    name: str,
    step: Step = "end",
    shape: Literal["slim", "broad"] = "slim",
    skin: int = 1,
    mirrored: bool = False,
) -> str:
    """The picture of a hands-on test as SVG text: how it is done and what is read off stand in its description.

    Args:
        name: one of `available_tests()`.
        step: `end`, or `start` where the test has a movement.
        shape, skin, mirrored: as for `exercise_svg`.

    Raises:
        FigureError: anything else; the message says what there is.
    """
    _check(name, "name", available_tests())
    steps = test_pair(name)
    _check(step, "step", tuple(steps))
    _check(shape, "shape", tuple(BUILDS))
    _check(skin, "skin", tuple(range(len(SKINS))))
    held = tests()[name]
    text = _other_side(f"{held['how']} Look for: {held['look']}.", mirrored)
    return draw(
        steps, step, held["scene"], camera_of(held["scene"], "side"), shape=shape, skin=skin, mirrored=mirrored,
        name=f"test-{name}-{step}-{shape[0]}{skin}{'m' if mirrored else ''}", title=held["name"], description=text,
        arrows=step == "end",
    )  # fmt: skip


def _other_side(text: str, mirrored: bool) -> str:
    """The text with left and right exchanged."""
    if not mirrored:
        return text
    return re.sub(r"\b(left|right)\b(?! angle)", lambda word: "right" if word[1] == "left" else "left", text)


def _said(exercise_id: str, step: str, view: str, mirrored: bool) -> tuple[str, str]:
    from psoas.knowledge import load

    exercise = load().exercises.exercises[exercise_id]
    felt = scenes()[exercise_id]["felt"]
    when = "Starting position" if step == "start" else "End position"
    text = f"{when}, seen from the {'front' if view == 'front' else 'side'}. {' '.join(exercise.steps)}"
    if felt and step == "end":
        text += f" The glow marks where it is felt: {felt}."
    return f"{exercise.name}: {when.lower()}", _other_side(text, mirrored)


def _check(came: object, what: str, known: tuple[object, ...]) -> None:
    if came not in known:
        raise FigureError(f"{what} is {came!r}; expected one of {', '.join(map(str, known))}.")
