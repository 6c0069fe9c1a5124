"""Grey pictures of sixteen bits, and films that were written live and do not tell their length."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from psoas.errors import MeasureError
from psoas.measure.picture import picture_of
from psoas.measure.video import load_frame
from psoas.web.uploads.look import take_in

RAMP = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))


def grey16() -> bytes:
    out = BytesIO()
    Image.fromarray(RAMP).save(out, "PNG")
    return out.getvalue()


def test_a_ramp_of_sixteen_bits_stays_a_ramp() -> None:
    for image in (picture_of(grey16(), "x.png").image, Image.open(BytesIO(take_in("x.png", grey16()).data))):
        grey = np.asarray(image.convert("L"), dtype=float)[32]
        assert grey[0] < 8
        assert grey[-1] > 247
        assert np.corrcoef(grey, np.arange(256))[0, 1] > 0.999


@pytest.fixture
def live_film(tmp_path: Path) -> Path:
    """Four seconds, ever lighter, without a length in its head."""
    av = pytest.importorskip("av")
    file = tmp_path / "live.webm"
    with av.open(str(file), "w", format="webm", options={"live": "1"}) as out:
        stream = out.add_stream("libvpx", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for number in range(40):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number * 6, np.uint8), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return file


def test_the_middle_of_a_live_film_is_its_middle(live_film: Path) -> None:
    found = load_frame(live_film)
    assert found.seconds == pytest.approx(2.0, abs=0.15)
    assert np.asarray(found.image).mean() == pytest.approx(120, abs=10)


def test_a_time_outside_a_live_film_is_refused(live_film: Path) -> None:
    with pytest.raises(MeasureError, match=r"expected 0 to 4\.00"):
        load_frame(live_film, 30.0)
    assert load_frame(live_film, 1.0).seconds == pytest.approx(1.0, abs=0.15)
