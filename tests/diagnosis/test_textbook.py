"""The clear pictures that textbooks draw of each source bring that source among the first three."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from psoas.case import parse_case_text
from psoas.diagnosis.network import solve
from psoas.diagnosis.rank import differential
from psoas.knowledge.frequencies import NO_SOURCE
from tests.diagnosis.making import KNOWLEDGE, network

_TEXT = (Path(__file__).parent / "textbook.yaml").read_text(encoding="utf-8")
PICTURES: dict[str, list[dict[str, Any]]] = yaml.safe_load(_TEXT)
ALL = [(source, number) for source, pictures in PICTURES.items() for number in range(len(pictures))]


def place(source: str, number: int) -> int:
    """Rank of the source; of pain without a specific source first where that is likelier than every source."""
    ranked, none = differential(solve(network({"psoas_case": 1, **PICTURES[source][number]})))
    if source == NO_SOURCE:
        return 1 if none >= max(one.probability for one in ranked) else len(ranked)
    return next(one.rank for one in ranked if one.source == source)


def test_every_source_has_a_picture() -> None:
    assert set(PICTURES) == set(KNOWLEDGE.sources_of_pain.conditions)
    assert parse_case_text(_TEXT)  # the case reader finds nothing wrong with it


@pytest.mark.parametrize(("source", "number"), ALL)
def test_a_clear_picture_reaches_the_first_three(source: str, number: int) -> None:
    assert place(source, number) <= 3


def test_nearly_every_clear_picture_comes_first() -> None:
    assert len(ALL) == 47
    assert sum(place(source, number) == 1 for source, number in ALL) >= 43
