"""Psoas finds where a low-back pain is probably coming from, and treats the cause.

    import psoas
    answer = psoas.assess("examples/desk_worker.yaml")
    answer.screen.urgency, answer.diagnosis.differential[0].source

It supports a decision; a person makes it. Danger is screened for first, on its own, and cannot be switched off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from psoas.assessment import Assessment, assess, read_case
    from psoas.case import Case
    from psoas.errors import CaseError, PsoasError
    from psoas.knowledge import Knowledge, load

__version__ = "0.2.0"

_HOMES = {
    "assessment": ("Assessment", "assess", "read_case"),
    "case": ("Case",),
    "errors": ("CaseError", "PsoasError"),
    "knowledge": ("Knowledge", "load"),
}

__all__ = ["Assessment", "Case", "CaseError", "Knowledge", "PsoasError", "__version__", "assess", "load", "read_case"]

# Public names are brought in when they are first used, so that `import psoas` costs next to nothing.
__getattr__, __dir__, _ = lazy_loader.attach(__name__, submod_attrs=_HOMES)
