"""Coordinates, postures and the geometry of a posed body: lengths, moment arms, cut sections."""
