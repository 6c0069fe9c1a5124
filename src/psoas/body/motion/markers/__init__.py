"""Markers into a person's own bones and their angles."""
