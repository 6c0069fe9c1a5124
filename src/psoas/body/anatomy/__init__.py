"""Bones, muscles and their paths: the blueprint of the body, before anything is compiled."""
