"""The worked example runs, and prints what it says it prints (numbers within five percent)."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "body.md"
BLOCK = re.compile(r"```python\n((?:(?!```).)*)```\n\n```text\n(.*?)```", re.DOTALL)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def test_the_worked_example_prints_what_it_says() -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) == 9
    namespace: dict[str, object] = {}
    for code, said in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, str(PAGE), "exec"), namespace)
        _same(printed.getvalue(), said)


def _same(printed: str, said: str) -> None:
    assert NUMBER.sub("#", printed).split() == NUMBER.sub("#", said).split()
    for one, two in zip(NUMBER.findall(printed), NUMBER.findall(said), strict=True):
        assert float(one) == pytest.approx(float(two), rel=0.05, abs=2.0 if "." not in two else 0.05)
