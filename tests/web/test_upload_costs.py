"""What a small file may cost: refused by its head before anything is unpacked; else in step with its size."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pytest
from PIL import Image, ImageFile

from psoas.web.uploads import UploadError, pdf, take_in
from psoas.web.uploads.pdf import look_at_pdf

SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"


def picture(kind: str, side: int, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side)).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("JPEG", {"progressive": True, "quality": 1})])
def test_a_small_file_of_many_pixels_is_refused_before_it_is_unpacked(
    kind: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve such pictures of 194 kB took 7.3 GB."""
    data = picture(kind, 7070, **options)
    assert len(data) < 400_000

    def unpack(self: object) -> None:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(ImageFile.ImageFile, "load", unpack)
    with pytest.raises(UploadError, match="50 million pixels; of its kind at most 16 million"):
        take_in("large.png", data)


def test_a_large_photo_of_a_telephone_is_read_at_a_fraction_of_its_size() -> None:
    taken = take_in("telephone.jpg", picture("JPEG", 7000, quality=1))
    with Image.open(io.BytesIO(taken.data)) as kept:
        assert kept.size == (2000, 2000)


def document(*objects: bytes) -> bytes:
    return b"%PDF-1.5\n" + b"\n".join(objects) + b"\n%%EOF"


def packed(content: bytes, head: bytes = b"/Filter /FlateDecode") -> bytes:
    return b"1 0 obj << /Type /ObjStm " + head + b" >> stream\n" + zlib.compress(content) + b"\nendstream endobj"


def test_looking_at_many_empty_streams_costs_no_more_than_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """5 MB of them took 48 s: all that followed was copied for each."""
    given = 0
    real = zlib.decompressobj

    class Counted:
        def __init__(self) -> None:
            self.inner = real()

        def decompress(self, data: bytes, most: int) -> bytes:
            nonlocal given
            given += len(data)
            return self.inner.decompress(data, most)

        @property
        def eof(self) -> bool:
            return self.inner.eof

    monkeypatch.setattr(pdf.zlib, "decompressobj", Counted)
    data = document(*[packed(b"")] * 20_000)
    assert "far more packed parts" in str(look_at_pdf(data))
    assert given <= pdf.MOST_PACKED_PARTS * pdf._FIRST_CHUNK


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (document(packed(SCRIPT)), "script"),
        (document(packed(b" " * 3000 + SCRIPT)), "script"),
        (document(packed(SCRIPT, b"/F#69lter [ /Fl#61teDecode ]")), "script"),
        (document(packed(zlib.compress(SCRIPT), b"/Filter [/FlateDecode /FlateDecode]")), "not looked into"),
        (document(packed(SCRIPT, b"/Filter /ASCII85Decode")), "not looked into"),
        (document(b"<< /J#61vaScript 1 >>"), "script"),
        (document(b"<< /#4A#53 (x) >>"), "script"),
        (document(packed(b"\0" * 9_000_000)), "unpacks to far more"),
        (document(*[packed(b"\0" * 7_000_000)] * 9), "unpacks to far more"),
        (document(b"1 0 obj << /Type /ObjStm >> stream\nnot packed\nendstream"), "cannot be read"),
    ],
)
def test_what_hides_in_packed_parts_is_found(data: bytes, says: str) -> None:
    assert says in str(look_at_pdf(data))


@pytest.mark.parametrize("name", [b"/JSON", b"/Launched", b"/XFAx", b"/Encrypted"])
def test_a_longer_name_that_begins_alike_is_not_one_of_them(name: bytes) -> None:
    assert look_at_pdf(document(b"<< " + name + b" 1 >>")) is None
