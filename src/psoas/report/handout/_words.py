"""The reviewed words of the handout, and what the caller brings: sender, options, names of things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal, Protocol

from psoas.knowledge.deadlines import with_deadlines


class Names(Protocol):
    """Ids in plain words; `psoas.knowledge.words.Words` is one."""

    def of(self, name: str) -> str:
        """A finding, flag, combination, illness, region or contraindication, as a short phrase."""
        ...


@dataclass(frozen=True, slots=True)
class Practice:
    """Who hands the sheet out, as it stands at its head."""

    name: str
    address: str = ""
    phone: str = ""

    def lines(self) -> list[str]:
        """Name, address and telephone, without empty lines."""
        return [line for line in (self.name, self.address, self.phone) if line.strip()]


@dataclass(frozen=True, slots=True)
class Options:
    """How the client's handout is made.

    Attributes:
        shape, skin: the figure of the pictures.
        side: the side that works in the pictures; None takes it from a one-sided pain, else right.
        tape: add the part about the tape even when the plan holds none.
        model: sentences that the body model computed for this person, shown as the model's; none by default.
        skip: ids of items that were taken off the plan by hand.
    """

    shape: Literal["slim", "broad"] = "slim"
    skin: int = 1
    side: Literal["left", "right"] | None = None
    tape: bool = False
    model: tuple[str, ...] = ()
    skip: frozenset[str] = field(default_factory=frozenset)


@cache
def client_words() -> Mapping[str, Any]:
    """`data/client.yaml`."""
    return _load("client.yaml")


@cache
def letter_words() -> Mapping[str, Any]:
    """`data/letter.yaml`."""
    return _load("letter.yaml")


def _load(name: str) -> Mapping[str, Any]:
    import yaml

    text = resources.files("psoas.report.handout").joinpath("data", name).read_text(encoding="utf-8")
    found: Mapping[str, Any] = with_deadlines(yaml.safe_load(text))
    return found


def long_date(day: date) -> str:
    """`21 November 2026`, whatever the machine's language."""
    months = (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    )  # fmt: skip
    return f"{day.day} {months[day.month - 1]} {day.year}"


def sentence(text: str) -> str:
    """Starts with a capital and ends with a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", ":")) else ".")
