"""Exercises and activities of the registry, computed on a person's body."""
