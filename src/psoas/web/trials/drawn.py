"""The days of a trial as a picture on a page."""

from __future__ import annotations

from markupsafe import Markup

from psoas.trial import Course, Look
from psoas.trial.picture import picture


def drawn_of(course: Course, look: Look) -> Markup:
    """The days that a look took in, drawn by `psoas.trial.picture`, which escapes every word of the trial."""
    drawn = picture(course.trial, course.trial.pain_until(look.until), standalone=False)
    return Markup(drawn)  # noqa: S704 - our own drawing; its words are escaped
