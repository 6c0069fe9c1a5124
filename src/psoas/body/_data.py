"""Loads the room's YAML data files."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def load_data(name: str) -> dict[str, Any]:
    """The content of `data/<name>`; treat it as read-only, as it is shared."""
    text = resources.files("psoas.body").joinpath("data", name).read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content
