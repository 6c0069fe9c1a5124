"""Photos are drawn anew, so that nothing but their pixels is kept; PDFs are kept as they are, for taking away only.

Everything else is refused, whatever it calls itself: what counts is what is inside.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from psoas.errors import PsoasError
from psoas.measure.picture import in_colour
from psoas.web.uploads.pdf import look_at_pdf

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 12 * 2**20
MOST_PIXELS = 50_000_000
"""A photo of a good telephone; more would only fill the memory. Both our choice."""
MOST_WHOLE = 16_000_000
"""Pixels of a picture that can only be unpacked whole (PNG, WebP, a JPEG that comes in ever finer passes), so that it
takes 50 MB and not 500. Any other JPEG is drawn smaller while it is read. Our choice."""
LONGEST_SIDE = 2000
"""Pixels that are kept: enough to place a tap within a millimetre or two. Our choice."""
LEAST_SIDE = 32
JPEG_QUALITY = 88
TAKEN = "JPEG, PNG or WebP photos, and PDF"
_FORMATS = ("JPEG", "PNG", "WEBP")
_STARTS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}


class UploadError(PsoasError):
    """A file that is not taken; the sentence says why and what is."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that can be kept: its new name, its kind, its bytes."""

    name: str
    media_type: str
    data: bytes


def take_in(name: str, data: bytes) -> Taken:
    """Look at a file and make it harmless.

    Raises:
        UploadError: with a sentence.
    """
    if not data:
        raise UploadError("The file is empty; choose another.")
    if len(data) > MOST_BYTES:
        raise UploadError(f"The file has {len(data) / 2**20:.0f} MB; at most {MOST_BYTES // 2**20} MB are taken.")
    stem = _stem(name)
    if data.startswith(b"%PDF-"):
        if reason := look_at_pdf(data):
            raise UploadError(f"The PDF is not taken: {reason}. Print it anew to a plain PDF, or take a photo of it.")
        return Taken(f"{stem}.pdf", "application/pdf", data)
    if _is_picture(data):
        return Taken(f"{stem}.jpg", "image/jpeg", _drawn_anew(data))
    raise UploadError(f"This is not a kind of file that is taken; expected {TAKEN}.")


def _is_picture(data: bytes) -> bool:
    return any(data.startswith(start) for start in _STARTS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _drawn_anew(data: bytes) -> bytes:
    """The pixels of the first frame, upright, without anything that came along with them."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                _check_size(*opened.size, most=MOST_PIXELS if _is_drawn_smaller(opened) else MOST_WHOLE)
                opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                plain = in_colour(ImageOps.exif_transpose(opened))
    except UploadError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UploadError(f"The photo has more than {MOST_PIXELS / 1e6:.0f} million pixels; take it smaller.") from None
    except Exception:
        # A decoder fails in many ways, and each means the same to whoever sent the file.
        raise UploadError("The photo is broken and cannot be read; take it again or choose another.") from None
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _is_drawn_smaller(opened: Image.Image) -> bool:
    """Whether the decoder reads it at a fraction of its size: a JPEG that does not come in passes."""
    return opened.format == "JPEG" and not opened.info.get("progressive")


def _check_size(width: int, height: int, *, most: int) -> None:
    """From the picture's own head, before anything of it is unpacked."""
    if width * height > most:
        raise UploadError(
            f"The photo has {width * height / 1e6:.0f} million pixels; of its kind at most {most / 1e6:.0f} million "
            "are taken. Save it smaller, or as a plain JPEG."
        )
    if min(width, height) < LEAST_SIDE:
        raise UploadError(f"The photo is {width} by {height} pixels; expected at least {LEAST_SIDE} each way.")


def _stem(name: str) -> str:
    """Letters of the name without its folders and ending; never empty."""
    stem = PurePosixPath(name.replace("\\", "/")).name.rpartition(".")[0] or name
    return re.sub(r"[^\w \-]+", "_", stem).strip(" _.")[:80] or "file"
