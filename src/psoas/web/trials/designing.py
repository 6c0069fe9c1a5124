"""The simulation of a design page, run beside the page so that its progress can be shown."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from psoas.trial import Option, Swings, options

MOST_KEPT = 32


@dataclass
class Designing:
    """One simulation: how far it is, and what it found when it is done."""

    done: int = 0
    of: int = 0
    found: list[Option] = field(default_factory=list)
    is_done: bool = False


_kept: OrderedDict[tuple[float, ...], Designing] = OrderedDict()
_lock = threading.Lock()


def designing(swings: Swings, half_life_days: float) -> Designing:
    """The simulation for these swings, begun if it is not there; the same swings give the same figures."""
    key = (round(swings.level, 2), round(swings.day_sd, 2), round(swings.correlation, 2), half_life_days)
    with _lock:
        if (made := _kept.get(key)) is not None:
            return made
        made = _kept[key] = Designing()
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    threading.Thread(target=_run, args=(made, Swings(*key[:3]), half_life_days), daemon=True, name="design").start()
    return made


def _run(made: Designing, swings: Swings, half_life_days: float) -> None:
    def progress(done: int, of: int) -> None:
        made.done, made.of = done, of

    made.found = options(swings, half_life_days=half_life_days, progress=progress)
    made.is_done = True
