"""Trials on one person on the screen: what the records hold of them, what may be tried, and what goes into the case."""
