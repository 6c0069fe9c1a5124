"""Draws docs/body_standing.svg, the picture of docs/body.md: the lumbar spine and hips of a standing man.

.venv/bin/python scripts/body_picture.py
"""

from __future__ import annotations

from pathlib import Path

from psoas.body import Body
from psoas.body.statics.loads import solve
from psoas.body.view.page import save
from psoas.body.view.picture import draw

HERE = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the picture."""
    body = Body.of(height_m=1.75, mass_kg=75, sex="male", age_years=40)
    target = HERE / "docs" / "body_standing.svg"
    save(draw(body, solve(body, "standing"), side="oblique", close=True), target)
    print(f"wrote {target.relative_to(HERE)}")


if __name__ == "__main__":
    main()
