"""A practice's people: the list, one person, bringing in, merging, keeping, private links."""
