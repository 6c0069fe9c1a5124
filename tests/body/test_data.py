"""Every figure of the body's own data files names where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from psoas.body._data import load_data

_FILES = (
    "anthropometry.yaml",
    "coordinates.yaml",
    "flexor_paths.yaml",
    "muscle_architecture.yaml",
    "passive.yaml",
    "path_repairs.yaml",
    "psoas_major.yaml",
    "skeleton.yaml",
)
_READ_IN = {"fulltext", "abstract", "secondary", "recalled"}


def _entries(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        if any(key.endswith("source") for key in content):
            yield content
        for value in content.values():
            yield from _entries(value)
    elif isinstance(content, list):
        for value in content:
            yield from _entries(value)


def _sources(entry: dict[str, Any]) -> list[str]:
    found = []
    for key, value in entry.items():
        if key.endswith("source"):
            found.extend(value if isinstance(value, list) else [value])
    return found


@pytest.mark.parametrize("file", _FILES)
def test_sources_are_known_and_say_how_they_were_read(file: str) -> None:
    known = set(load_data("body_sources.yaml"))
    entries = list(_entries(load_data(file)))
    assert entries
    for entry in entries:
        sources = _sources(entry)
        assert set(sources) <= known, entry
        if set(sources) - {"our_choice", "myo_sim_0_2_3"}:
            assert _READ_IN & {value for key, value in entry.items() if key.endswith("read_in")}, entry


def test_every_work_has_a_citation() -> None:
    for key, work in load_data("body_sources.yaml").items():
        assert len(work["citation"]) > 15, key
