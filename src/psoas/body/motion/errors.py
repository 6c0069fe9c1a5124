"""What a motion file can be refused for."""

from __future__ import annotations


class MotionError(ValueError):
    """A motion that cannot be taken as it stands; the sentence names the file, the row and what is allowed."""
