"""How the posture of least effort is worded."""

from __future__ import annotations

from psoas.body.statics.compensation import compensate
from psoas.body.subject.model import Body
from psoas.report.flexor_words import at_ease_words


def test_what_changes_is_named_with_its_direction() -> None:
    said = at_ease_words(compensate(Body.of(), shorten={"psoas_major_left": 20, "psoas_major_right": 20}))
    assert "pelvis tilted" in said and "further forward" in said and "lumbar curve" in said and "deeper" in said
    assert "N more" in said and "nothing published" in said


def test_what_hardly_changes_says_so() -> None:
    said = at_ease_words(compensate(Body.of(), shorten={"psoas_major_right": 0.1}))
    assert "would stand hardly otherwise than with average flexors" in said
