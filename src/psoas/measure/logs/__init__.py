"""Logs of inclinometers and telephones: which column holds which angle, and what does not fit."""
