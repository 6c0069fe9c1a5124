"""What comes in as a file: looked at, made harmless, or refused with a sentence."""

from psoas.web.uploads.look import MOST_BYTES, TAKEN, Taken, UploadError, take_in

__all__ = ["MOST_BYTES", "TAKEN", "Taken", "UploadError", "take_in"]
