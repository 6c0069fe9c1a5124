"""The parts of a unit of work: what may be read and written, by subject."""
