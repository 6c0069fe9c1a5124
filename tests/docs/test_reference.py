"""Every function on the reference page says what it takes and gives: units and shapes are what a reader needs first."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "python.md"
TEXT = PAGE.read_text(encoding="utf-8")


def _functions() -> dict[str, Any]:
    """Functions and the listed methods of classes, by their full name."""
    found = {}
    for name in re.findall(r"^\.\. autofunction:: (\S+)$", TEXT, re.M):
        module, _, last = name.rpartition(".")
        found[name] = getattr(importlib.import_module(module), last)
    for name, members in re.findall(r"^\.\. autoclass:: (\S+)\n   :members: (.+)$", TEXT, re.M):
        module, _, last = name.rpartition(".")
        of = getattr(importlib.import_module(module), last)
        found |= {f"{name}.{member}": getattr(of, member) for member in members.split(", ")}
    return {name: value for name, value in found.items() if callable(value)}


@pytest.mark.parametrize("name", _functions())
def test_a_function_says_what_it_takes_and_gives(name: str) -> None:
    function = _functions()[name]
    told, parameters = inspect.getdoc(function) or "", [*inspect.signature(function).parameters]
    wanted = [parameter for parameter in parameters if parameter != "self"]
    if wanted:
        assert "Returns:" in told, f"{name}: Returns"
        section = told.partition("Args:\n")[2]
        names = {word.strip() for line in re.findall(r"^    ([\w, ]+):", section, re.M) for word in line.split(",")}
        assert set(wanted) <= names, f"{name}: Args without {set(wanted) - names}"


def test_the_page_has_functions() -> None:
    assert len(_functions()) > 15
