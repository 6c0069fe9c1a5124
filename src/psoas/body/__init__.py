"""The musculoskeletal model: lumbar spine, pelvis and hips with a whole psoas.

`from psoas.body import Body` is the way in. MuJoCo is loaded only then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psoas.body.model import Body

__all__ = ["Body"]


def __getattr__(name: str) -> Any:
    """Loads `Body` on first use, so that importing psoas stays light."""
    if name == "Body":
        from psoas.body.model import Body

        return Body
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
