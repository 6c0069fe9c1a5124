"""Psoas finds where a low-back pain is probably coming from, and treats the cause."""

__version__ = "0.1.0"
