"""Loads the room's YAML data files."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any


@cache
def load_data(name: str) -> dict[str, Any]:
    """The content of `data/<name>`; treat it as read-only, as it is shared."""
    import yaml

    text = resources.files("psoas.measure").joinpath("data", name).read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def choice(part: str, name: str) -> Any:
    """The value of one entry of `measure.yaml`."""
    return load_data("measure.yaml")[part][name]["value"]
