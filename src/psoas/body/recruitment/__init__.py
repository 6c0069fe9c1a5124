"""Muscle recruitment: which activations balance a posture."""
