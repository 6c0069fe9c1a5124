"""Loads of a held posture: what holds the body up, and what crosses every joint."""
