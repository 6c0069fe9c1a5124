"""In your own words: a story as a person tells it becomes proposals that a person confirms, on this machine alone.

from psoas.own_words import tell
heard = tell("Leaning on the shopping cart helps. No numbness. Sitting is fine.")
heard.proposals[0].id, heard.dangers
"""

from __future__ import annotations

from psoas.own_words.listen import Heard, Proposal, tell

__all__ = ["Heard", "Proposal", "tell"]
