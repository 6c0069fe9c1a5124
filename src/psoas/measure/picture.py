"""Reading a photo as a person sees it: any of the common formats, turned as the camera noted, refused where hostile."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from psoas.errors import MeasureError, MissingExtraError
from psoas.measure._data import choice

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "BMP")
NEEDS = "Pictures need the package {!r}; install it with: pip install 'psoas[vision]'"


@dataclass(frozen=True)
class Picture:
    """An upright picture in colour.

    Attributes:
        image: a Pillow image in mode RGB; treat it as read-only.
        name: where it came from, for messages.
        seconds: time in the video it was taken from; None for a photo.
    """

    image: Image
    name: str
    seconds: float | None = None

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.image.size


def load_picture(path: str | Path) -> Picture:
    """A photo from a file (JPEG, PNG, WebP or BMP), turned upright by its EXIF orientation.

    Raises:
        MeasureError: no such file, no picture, damaged, too large or too small.
        MissingExtraError: Pillow is not installed.
    """
    checked_file(path, choice("picture", "bytes_most"))
    return picture_of(Path(path).read_bytes(), Path(path).name)


def picture_of(data: bytes, name: str) -> Picture:
    """A photo from its bytes, such as an upload; `name` is for messages. See `load_picture`."""
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError as err:
        raise MissingExtraError(NEEDS.format(err.name)) from None
    if not data:
        raise MeasureError(f"{name} is empty; expected a photo.")
    if len(data) > choice("picture", "bytes_most"):
        raise MeasureError(
            f"{name} has {len(data) / 1e6:.0f} MB; expected at most {choice('picture', 'bytes_most') / 1e6:g}."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its size we judge ourselves, of odd tags nothing follows
            with Image.open(BytesIO(data), formats=FORMATS) as raw:
                check_size(name, raw.size)
                raw.load()
                upright = in_colour(ImageOps.exif_transpose(raw))
    except MeasureError:
        raise
    except UnidentifiedImageError:
        cure = " Save an iPhone's HEIC photo as JPEG first." if data[4:8] == b"ftyp" else ""
        raise MeasureError(
            f"{name} is not a readable picture; expected a JPEG, PNG, WebP or BMP file, or a video.{cure}"
        ) from None
    except Image.DecompressionBombError:
        raise MeasureError(_too_large(name)) from None
    except Exception as err:  # a damaged file can make a decoder raise anything
        raise MeasureError(
            f"{name} is damaged and cannot be read as a picture ({err}). Take or copy it again."
        ) from None
    return Picture(upright, name)


def in_colour(image: Image) -> Image:
    """The picture in RGB. Grey of sixteen bits is brought to eight: to cut it off would leave nothing but white."""
    if image.mode.startswith("I"):
        import numpy as np
        from PIL import Image as Pillow

        grey = np.asarray(image, dtype=np.float64)
        full = 65535.0 if grey.max() > 255 else 255.0
        return Pillow.fromarray(np.clip(grey * (255.0 / full) + 0.5, 0, 255).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")


def checked_file(path: str | Path, bytes_most: int) -> None:
    """Refuse what is no plain file of at most `bytes_most`.

    Raises:
        MeasureError: no such file, a folder, or larger than that.
    """
    file = Path(path)
    if not file.exists():
        raise MeasureError(f"{path}: there is no such file.")
    if not file.is_file():
        raise MeasureError(f"{path} is not a plain file; expected a photo, a video or a log.")
    size = file.stat().st_size
    if size > bytes_most:
        raise MeasureError(f"{file.name} has {size / 1e6:.0f} MB; expected at most {bytes_most / 1e6:.0f} MB.")


def check_size(name: str, size_px: tuple[int, int]) -> None:
    """Refuse a picture that is too large or too small.

    Raises:
        MeasureError: with its size and what is expected.
    """
    width, height = size_px
    if width * height > choice("picture", "pixels_most"):
        raise MeasureError(_too_large(name, f" of {width} x {height}"))
    least = choice("picture", "side_least_px")
    if min(size_px) < least:
        raise MeasureError(f"{name} has {width} x {height} pixels; expected at least {least} on each side.")


def _too_large(name: str, size: str = "") -> str:
    most = choice("picture", "pixels_most") / 1e6
    return (
        f"{name} claims{size} pixels, more than any camera takes; expected at most {most:.0f} million. Make it smaller."
    )
