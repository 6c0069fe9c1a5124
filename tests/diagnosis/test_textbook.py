"""The clear pictures that textbooks draw of each source bring that source among the first three."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from psoas.case import parse_case_text
from psoas.diagnosis.rank import differential
from tests.diagnosis.making import KNOWLEDGE, network

_TEXT = (Path(__file__).parent / "textbook.yaml").read_text(encoding="utf-8")
PICTURES: dict[str, list[dict[str, Any]]] = yaml.safe_load(_TEXT)
ALL = [(source, number) for source, pictures in PICTURES.items() for number in range(len(pictures))]
CLEAR = [one for one in ALL if "beyond" not in PICTURES[one[0]][one[1]]]
BEYOND = [one for one in ALL if one not in CLEAR]


def answered(source: str, number: int) -> dict[str, tuple[int, float]]:
    """Rank and probability of every source."""
    case = {key: value for key, value in PICTURES[source][number].items() if key != "beyond"}
    ranked, _ = differential(network({"psoas_case": 1, **case}, draws=2))
    return {one.source: (one.rank, one.probability) for one in ranked}


def test_every_source_has_a_picture() -> None:
    assert set(PICTURES) == set(KNOWLEDGE.sources_of_pain.conditions)
    assert parse_case_text(_TEXT)  # the case reader finds nothing wrong with it


@pytest.mark.parametrize(("source", "number"), CLEAR)
def test_a_clear_picture_reaches_the_first_three(source: str, number: int) -> None:
    rank, _ = answered(source, number)[source]
    assert rank <= 3


@pytest.mark.parametrize(("source", "number"), BEYOND)
def test_what_the_evidence_cannot_carry_stays_modest(source: str, number: int) -> None:
    _, probability = answered(source, number)[source]
    assert probability <= PICTURES[source][number]["beyond"]["at_most"]


def test_only_two_pictures_are_beyond_the_evidence() -> None:
    assert BEYOND == [("psoas_myofascial_pain", 2), ("shortened_hip_flexors", 0)]


def test_no_picture_of_another_source_puts_the_psoas_first() -> None:
    """Its weights stay near one: it comes first nowhere but in the places where it hurts."""
    for source, number in ALL:
        if source not in ("psoas_myofascial_pain", "shortened_hip_flexors"):
            assert answered(source, number)["psoas_myofascial_pain"][0] > 1
