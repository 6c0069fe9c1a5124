"""Every figure of the room's data says where it comes from, and fits what other rooms hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from psoas.body.anatomy.assembly import corrected_blueprint
from psoas.knowledge import load
from psoas.measure._data import load_data


def _entries(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        if any(key.endswith("source") for key in content):
            yield content
        for value in content.values():
            yield from _entries(value)


def test_sources_are_known_and_say_how_they_were_read() -> None:
    data = load_data("measure.yaml")
    known = set(data["sources"])
    for part, content in data.items():
        if part == "sources":
            continue
        entries = list(_entries(content))
        assert entries, part
        for entry in entries:
            for key, name in entry.items():
                if key.endswith("source"):
                    assert name in known, entry
                    assert name == "our_choice" or any(word.endswith("read_in") for word in entry), entry


def test_every_value_stands_beside_a_source() -> None:
    for part, content in load_data("measure.yaml").items():
        if part != "sources":
            for name, entry in content.items():
                words = name.endswith(("source", "read_in", "note"))
                own = isinstance(entry, dict) and "source" in entry
                whole = "source" in content or f"{name.split('_sd')[0]}_source" in content
                assert words or own or whole, (part, name)


def test_the_pelvis_of_the_body_model_points_as_the_published_ones_do() -> None:
    """Its front spines stand above the pubis, as the published pelves were set up; then its line is within two sd.

    The back spine is a knob of several corners on this surface: the hindmost gives 7 degrees, upper ones up to 13.
    """
    vertices = np.asarray(corrected_blueprint().surfaces["pelvis"].vertices)  # x forward, y left, z up, metres
    side = vertices[vertices[:, 1] > 0.09]
    front = side[np.argmax(side[:, 0])]
    upper = vertices[(vertices[:, 1] > 0.035) & (vertices[:, 2] > 0.05)]
    back = upper[np.argmin(upper[:, 0])]
    pubis = vertices[np.abs(vertices[:, 1]) < 0.03][:, 0].max()
    assert front[0] == pytest.approx(pubis, abs=0.01)
    line = np.degrees(np.arctan2(back[2] - front[2], front[0] - back[0]))
    spine_line = load().angle_readings.pelvis.spine_line
    assert abs(line - spine_line.value) < 2.0 * spine_line.sd
