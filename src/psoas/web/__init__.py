"""The practice app."""
