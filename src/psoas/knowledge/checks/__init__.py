"""What must hold across the packs: each module checks one thing; `psoas.knowledge.integrity` runs them all."""
