"""The days of a trial as a picture on a page."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from psoas.trial import Course
from psoas.trial.picture import picture


def drawn_of(course: Course, until: date) -> Markup:
    """The days until this one, drawn by `psoas.trial.picture`, which escapes every word of the trial."""
    drawn = picture(course.trial, course.trial.pain_until(until), standalone=False)
    return Markup(drawn)  # noqa: S704 - our own drawing; its words are escaped
