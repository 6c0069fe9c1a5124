"""What an interview asks: steps made of blocks of things to tick or answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from psoas.screening import Alarm

Kind = Literal["person", "pain", "checklist", "question", "signs", "stop", "done"]

WHO = ("self", "bodyworker", "physiotherapist")
"""Who answers and tests: each can find out what those before it can."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to tick or to answer.

    Attributes:
        ask: the plain words: the question of the screen or of the finding; of what an examiner finds, its name.
        trade: the practitioner's words for the same.
        how: what counts, or how to do it; for the practitioner.
        cause: the serious cause that a danger question looks for, in the practitioner's words.
        places: words that stand for a yes and say where (`front`, `L4`).
    """

    id: str
    ask: str
    trade: str
    how: str | None = None
    sided: bool = False
    places: tuple[str, ...] = ()
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Things that stand under one heading of the evidence (None: under that of the sheet alone)."""

    heading: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next.

    Attributes:
        id: the sheet, or the finding of a question; the same case gives the same id.
        first: belongs to what is asked before the first answer.
        alarms: why it stops, only for the kind `stop`.
        minutes, bits: what a question costs and is expected to tell.
    """

    kind: Kind
    id: str
    heading: str = ""
    blocks: tuple[Block, ...] = ()
    first: bool = False
    alarms: tuple[Alarm, ...] = ()
    minutes: float | None = None
    bits: float | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything that is asked here, in order."""
        return tuple(part for block in self.blocks for part in block.parts)

    @property
    def causes(self) -> tuple[str, ...]:
        """What the danger questions here look for, each once, for the practitioner."""
        return tuple(dict.fromkeys(part.cause for part in self.parts if part.cause))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an interview is.

    Attributes:
        to_first_answer: screens still to come before a first honest answer; an estimate, as answers open others.
        more: screens after that which may still tell something.
        stopped: a danger stops the flow.
    """

    to_first_answer: int
    more: int
    stopped: bool

    @property
    def answer_ready(self) -> bool:
        """Whether a first answer may be shown."""
        return self.to_first_answer == 0
