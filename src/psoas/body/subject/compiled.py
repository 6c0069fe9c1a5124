"""What a compiled reference body consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psoas.body.anatomy.muscles import Muscles
from psoas.body.kinematics.geometry import Dependency
from psoas.body.subject.passive import HipCapsule


@dataclass(frozen=True)
class CompiledBody:
    """The compiled reference model with its muscles, the rules of its joints and its hip capsule.

    `notes` are what the corrections measured: how far the spine moved, the largest gap of a muscle's end; metres.
    """

    model: Any
    muscles: Muscles
    dependencies: tuple[Dependency, ...]
    capsule: HipCapsule
    notes: dict[str, float]
