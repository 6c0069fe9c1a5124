"""How joint angles are read: the error of a reading, what is asked back, and how the pelvis lies."""

from __future__ import annotations

from collections.abc import Mapping

from psoas.knowledge.packs.entry import Cited, Entry, Interval, Source, entry


@entry
class ReadingError(Cited):
    """Error of one way of reading: the smallest change two readings can tell, or the standard error of one; degrees."""

    id: str
    mdc95_deg: float | None = None
    sem_deg: float | None = None
    why: str


@entry
class SessionShare(Cited):
    """Share of the error's variance that belongs to the session, as a fraction."""

    value: float


@entry
class PlausibleAngles(Cited):
    """Lowest and highest reading taken without asking back, by measurement id, in degrees."""

    span_deg: Mapping[str, Interval]


@entry
class PelvisAngle(Cited):
    """An angle of the pelvis with its spread between people, in degrees."""

    value: float
    sd: float
    why: str


@entry
class PelvisAngles(Entry):
    """How the pelvis lies; `held_supine_tilt` backwards from standing, `spine_line` downward at the front."""

    held_supine_tilt: PelvisAngle
    spine_line: PelvisAngle


@entry
class AngleReadingPack(Entry):
    """`angle_readings.yaml`."""

    schema_version: int
    topic: str
    note: str
    sources: Mapping[str, Source]
    errors: Mapping[str, ReadingError]
    session_share: SessionShare
    instruments: tuple[str, ...]
    home: tuple[str, ...]
    plausible: PlausibleAngles
    pelvis: PelvisAngles
