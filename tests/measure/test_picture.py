"""Reading pictures and videos: upright as the camera noted, and refused with a sentence where they cannot be read."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest

pytest.importorskip("PIL", reason="pictures need the vision extra")

import numpy as np
from PIL import Image

from psoas.errors import MeasureError
from psoas.measure import load_picture, picture_of
from psoas.measure.picture import FORMATS
from psoas.measure.video import is_video, load_frame

RED, BLUE = (250, 10, 10), (10, 10, 250)


def _two_coloured(path: Path, orientation: int | None = None) -> Path:
    """Left half red, right half blue, 200 x 100, with an orientation noted or none."""
    image = Image.new("RGB", (200, 100), RED)
    image.paste(BLUE, (100, 0, 200, 100))
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    image.save(path, exif=exif)
    return path


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (None, (200, 100), (10, 50)),
        (1, (200, 100), (10, 50)),
        (3, (200, 100), (190, 50)),
        (6, (100, 200), (50, 10)),
        (8, (100, 200), (50, 190)),
    ],
)
def test_the_picture_is_turned_as_the_camera_noted(
    orientation: int | None, size: tuple[int, int], red_at: tuple[int, int], tmp_path: Path
) -> None:
    picture = load_picture(_two_coloured(tmp_path / "photo.png", orientation))
    assert picture.size_px == size
    assert picture.image.getpixel(red_at) == RED


def _claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be of any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic" + bytes(60), "Save an iPhone's HEIC photo as JPEG first"),
        ("empty.jpg", b"", "empty.jpg is empty"),
        ("words.jpg", b"this is no picture", "words.jpg is not a readable picture; expected a JPEG"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a readable picture"),
        ("bomb.png", _claiming(60_000, 60_000), "claims pixels, more than any camera takes"),
        ("large.png", _claiming(12_000, 9_000), "claims of 12000 x 9000 pixels, more than any camera takes"),
        ("small.png", _claiming(10, 10), "has 10 x 10 pixels; expected at least 64"),
        ("cut.png", _claiming(300, 300), "is damaged"),
    ],
)
def test_what_is_no_picture_gets_a_sentence(name: str, content: bytes, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(MeasureError, match=sentence):
        load_picture(file)


def test_random_damage_is_read_or_refused_with_a_sentence() -> None:
    """Bytes of good pictures overwritten at random, five hundred times a format."""
    generator = np.random.default_rng(3)
    image = Image.effect_noise((96, 80), 60.0).convert("RGB")
    for kind in FORMATS:
        stream = io.BytesIO()
        image.save(stream, kind)
        for _ in range(500):
            raw = bytearray(stream.getvalue())
            for place in generator.integers(0, min(len(raw), 300), generator.integers(1, 10)):
                raw[place] = generator.integers(0, 256)
            try:
                assert min(picture_of(bytes(raw), "photo").size_px) >= 64
            except MeasureError as err:
                assert str(err).startswith("photo ")


def test_a_photo_cut_short_is_damaged(tmp_path: Path) -> None:
    whole = _two_coloured(tmp_path / "photo.jpg")
    whole.write_bytes(whole.read_bytes()[:-300])
    with pytest.raises(MeasureError, match=r"photo\.jpg is damaged"):
        load_picture(whole)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match="there is no such file"):
        load_picture(tmp_path / "none.jpg")
    with pytest.raises(MeasureError, match="is not a plain file"):
        load_picture(tmp_path)


def _film(path: Path, frames: int = 20) -> Path:
    """A film of a grey that grows lighter, 10 frames a second, with a dark left and a light right edge."""
    av = pytest.importorskip("av", reason="videos need the vision extra")
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for index in range(frames):
            image = Image.new("RGB", (128, 96), (10 * index,) * 3)
            image.paste((10, 10, 10), (0, 0, 16, 96))
            image.paste((240, 240, 240), (112, 0, 128, 96))
            frame = av.VideoFrame.from_image(image)
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


@pytest.mark.parametrize(("seconds", "index"), [(0.0, 0), (0.5, 5), (1.9, 19), (None, 10)])
def test_a_frame_is_that_of_its_time(seconds: float | None, index: int, tmp_path: Path) -> None:
    film = _film(tmp_path / "film.mp4")
    frame = load_frame(film, seconds)
    assert frame.seconds == pytest.approx(0.1 * index, abs=0.051)
    pixel = frame.image.getpixel((48, 48))
    assert isinstance(pixel, tuple) and pixel[0] == pytest.approx(10 * index, abs=12)


def test_a_time_outside_the_film(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match=r"--at is 9 seconds; expected 0 to 2\.00, the length of film\.mp4"):
        load_frame(_film(tmp_path / "film.mp4"), 9.0)


def test_a_film_is_turned_as_the_camera_noted(tmp_path: Path) -> None:
    """The mark that phones write when held upright: show it turned clockwise by a quarter."""
    film = _film(tmp_path / "film.mp4")
    raw = bytearray(film.read_bytes())
    at = raw.index(b"tkhd") + 4 + 40
    raw[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    film.write_bytes(bytes(raw))
    image = load_frame(film, 0.0).image
    assert image.size == (96, 128)
    top, bottom = image.getpixel((48, 5)), image.getpixel((48, 120))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] < 60 < 180 < bottom[0], "the left edge, which is dark, has come to the top"


@pytest.mark.parametrize("content", [b"", b"no film at all" * 40])
def test_what_is_no_video(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(content)
    with pytest.raises(MeasureError, match=r"film\.mp4 is damaged or no video"):
        load_frame(file)


def test_a_film_cut_short_is_damaged(tmp_path: Path) -> None:
    film = _film(tmp_path / "film.mp4")
    film.write_bytes(film.read_bytes()[:-200])
    with pytest.raises(MeasureError, match="damaged"):
        load_frame(film)


def test_names_of_videos() -> None:
    assert is_video("IMG_1.MOV") and not is_video("IMG_1.jpg")
