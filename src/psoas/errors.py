"""What can go wrong, as one tree.

    PsoasError
    ├── CaseError        a case file that cannot be taken as it stands; one sentence per problem
    ├── KnowledgeError   the evidence does not hang together
    ├── MeasureError     a picture, a log, taps or readings of which no angle can be made
    └── MissingExtraError  a part that is not installed

Every message says what came, what was expected and what to do, and can be shown to a person.
"""

from __future__ import annotations


class PsoasError(Exception):
    """Base of every error that Psoas raises on purpose."""


class CaseError(PsoasError):
    """A case that cannot be taken as it stands.

    Attributes:
        problems: pairs of the place (a field, a line, a file) and a sentence about it.
    """

    def __init__(self, place: str, sentence: str, *more: tuple[str, str]) -> None:
        self.problems: tuple[tuple[str, str], ...] = tuple(
            (_clipped(_printable(where)), _printable(text)) for where, text in ((place, sentence), *more)
        )
        super().__init__("\n".join(f"{where}: {text}" for where, text in self.problems))


def _printable(text: str) -> str:
    """What came from a file may hold control codes that would act on a terminal; they are shown, not sent."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def _clipped(place: str) -> str:
    return place if len(place) <= 120 else place[:117] + "..."


class KnowledgeError(PsoasError):
    """The evidence does not hang together; the message names the pack, the place and what is expected."""


class MeasureError(PsoasError):
    """A picture, a log, taps or readings of which no angle can be made, or that must be asked back."""


class MissingExtraError(PsoasError):
    """A part of Psoas that needs an optional dependency which is not installed."""
