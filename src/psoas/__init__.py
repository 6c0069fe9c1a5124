"""Psoas finds where a low-back pain is probably coming from, and treats the cause.

    import psoas
    answer = psoas.assess("examples/desk_worker.yaml")
    answer.screen.urgency, answer.diagnosis.differential[0].source

It supports a decision; a person makes it. Danger is screened for first, on its own, and cannot be switched off.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psoas.assessment import Assessment, assess, read_case
    from psoas.case import Case
    from psoas.errors import CaseError, PsoasError
    from psoas.knowledge import Knowledge, load

__version__ = "0.1.0"

_HOMES = {
    "psoas.assessment": ("Assessment", "assess", "read_case"),
    "psoas.case": ("Case",),
    "psoas.errors": ("CaseError", "PsoasError"),
    "psoas.knowledge": ("Knowledge", "load"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = ["Assessment", "Case", "CaseError", "Knowledge", "PsoasError", "__version__", "assess", "load", "read_case"]


def __getattr__(name: str) -> Any:
    """Public names are brought in when they are first used, so that `import psoas` costs next to nothing."""
    if home := _HOME_OF.get(name):
        return getattr(import_module(home), name)
    raise AttributeError(f"module 'psoas' has no attribute {name!r}")
