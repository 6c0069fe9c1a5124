"""A number that was tapped or typed."""

from __future__ import annotations


def from_0_to_10(text: str) -> int | None:
    """A whole number from 0 to 10; None for anything else."""
    return int(text) if text.isdecimal() and len(text) <= 2 and int(text) <= 10 else None
