"""How every record of the evidence is built: immutable, compared by value, and cheap to define and to unpickle.

`@entry` makes a standard dataclass with slots. `dataclasses.dataclass(frozen=True)` writes and compiles five methods
for each class, about 0.9 ms apiece, and a frozen class with slots unpickles through a slow Python loop; with some
hundred kinds of record that alone would take half of the start-up time we allow. So the methods stand here once, and
the classes keep only their fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Any, ClassVar, Literal, TypeVar, dataclass_transform

ReadIn = Literal["fulltext", "abstract", "secondary", "recalled", "reasoned", "proposal"]
"""How a figure was read. `reasoned` and `proposal` have no source; `recalled` was known and not found."""

Interval = tuple[float, float]
"""Lower and upper end, in the unit of the figure beside it."""


class Entry:
    """Base of every record: fields cannot be changed, two records with the same fields are equal."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    _names: ClassVar[tuple[str, ...]] = ()
    _setters: ClassVar[tuple[Callable[[object, object], None], ...]] = ()

    def __init__(self, **values: Any) -> None:
        for part in fields(self):  # type: ignore[arg-type]
            if part.name in values:
                value = values.pop(part.name)
            elif part.default is not MISSING:
                value = part.default
            elif part.default_factory is not MISSING:
                value = part.default_factory()
            else:
                raise TypeError(f"{type(self).__name__} lacks the field {part.name!r}")
            object.__setattr__(self, part.name, value)
        if values:
            raise TypeError(f"{type(self).__name__} has no field {next(iter(values))!r}")

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._names)

    def __hash__(self) -> int:
        return hash((type(self).__name__, getattr(self, "id", None)))

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in self._names)
        return f"{type(self).__name__}({', '.join(shown)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), *(getattr(self, name) for name in self._names))


def _restore(kind: type[Entry], *values: object) -> Entry:
    """Put a pickled record together again, without checks: it was checked when it was compiled."""
    made = object.__new__(kind)
    for put, value in zip(kind._setters, values, strict=True):
        put(made, value)
    return made


E = TypeVar("E", bound=Entry)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def entry(kind: type[E]) -> type[E]:
    """Class decorator: a frozen dataclass with slots whose methods come from `Entry`."""
    made = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(kind)
    made._names = tuple(made.__dataclass_fields__)  # type: ignore[attr-defined]
    made._setters = tuple(getattr(made, name).__set__ for name in made._names)
    return made


@entry
class Source(Entry):
    """One citation: a paper, guideline, page or file that figures were read in."""

    id: str
    citation: str
    design: str
    n: int | None = None
    doi: str | None = None
    pmid: int | None = None
    pmcid: str | None = None
    url: str | None = None
    note: str | None = None


@entry
class Cited(Entry):
    """What stands on sources: ids of the same pack's `sources`, and how each was read."""

    source: tuple[str, ...]
    read_in: tuple[ReadIn, ...]
