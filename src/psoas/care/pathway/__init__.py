"""From the pathway of a source to the things that one person does: aim, phase, load, ease, exercises, way back."""
