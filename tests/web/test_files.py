"""Uploads: photos lose everything but their pixels, PDFs are only taken away, everything hostile is refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from psoas.web.security.cookies import SESSION
from psoas.web.uploads import MOST_BYTES, UploadError, take_in
from psoas.web.uploads.look import LONGEST_SIDE
from tests.web.apps import PASSWORD, Running, running

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (400, 300), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(out, kind, **options)
    return out.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    exif[0x0112] = 6  # to be turned by a quarter
    return photo(exif=exif.tobytes())


def archive(name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(zipfile.ZipInfo(name), "x")  # dated 1980: the same bytes at any time
    return out.getvalue()


def bomb() -> bytes:
    """A PNG that says it is 60,000 pixels square: 10 kB that would fill 10 GB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG with a compressed text of 80 MB."""
    about = PngInfo()
    about.add_text("x", "y" * 80_000_000, zip=True)
    return photo("PNG", pnginfo=about)


def packed(inside: bytes) -> bytes:
    """A PDF with these objects in a packed stream."""
    body = zlib.compress(inside)
    return (
        b"%PDF-1.5\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length "
        + str(len(body)).encode() + b" >>\nstream\n" + body + b"\nendstream\nendobj\n%%EOF\n"
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_anew_as_jpeg(kind: str) -> None:
    taken = take_in(f"C:\\pictures\\side view.{kind}", photo(kind))
    assert (taken.name, taken.media_type) == ("side view.jpg", "image/jpeg")
    with Image.open(io.BytesIO(taken.data)) as kept:
        assert kept.size == (400, 300)
        red, green, blue = kept.getpixel((200, 150))
        assert abs(red - 200) < 6 and abs(green - 120) < 6 and abs(blue - 40) < 6


def test_place_and_everything_hidden_is_gone_and_the_photo_upright() -> None:
    taken = take_in("a.jpg", with_place())
    assert b"secret" not in taken.data
    with Image.open(io.BytesIO(taken.data)) as kept:
        assert kept.size == (300, 400)
        assert not kept.getexif()


def test_what_is_appended_to_a_photo_is_gone() -> None:
    taken = take_in("a.jpg", photo() + archive("evil.html"))
    assert b"PK\x03\x04" not in taken.data and b"evil" not in taken.data


def test_a_large_photo_is_made_smaller() -> None:
    with Image.open(io.BytesIO(take_in("a.jpg", photo(size=(5000, 2500))).data)) as kept:
        assert kept.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_a_plain_pdf_is_kept_as_it_is() -> None:
    taken = take_in("letter.PDF", PDF)
    assert (taken.name, taken.media_type, taken.data) == ("letter.pdf", "application/pdf", PDF)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\0" * (MOST_BYTES + 1), "at most"),
        (b"MZ\x90\0", "not a kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a kind"),
        (b"<html><script>alert(1)</script></html>", "not a kind"),
        (archive(), "not a kind"),
        (b"GIF89a" + b"\0" * 100, "not a kind"),
        (b"\xff\xd8\xff" + b"\0" * 100, "broken"),
        (photo()[:300], "broken"),
        (photo("PNG")[:80], "broken"),
        (photo(size=(10, 10)), "at least"),
        (bomb(), "million pixels"),
        (text_bomb(), "broken"),
        (b"%PDF-1.4\nno end", "its end is missing"),
        (PDF + archive(), "follows its end"),
        (PDF[:-6] + archive() + b"\n%%EOF\n", "another kind"),
        (PDF.replace(b"/Pages", b"/OpenAction << /S /JavaScript /JS (x) >> /Pages"), "script"),
        (PDF.replace(b"/Pages", b"/OpenAction << /S /J#61vaScript >> /Pages"), "script"),
        (PDF.replace(b"/Pages", b"/A << /S /Launch >> /Pages"), "start a program"),
        (PDF.replace(b"/Pages", b"/EmbeddedFile /Pages"), "another file"),
        (PDF.replace(b"/Pages", b"/Encrypt 3 0 R /Pages"), "locked"),
        (packed(b"1 0 << /S /JavaScript /JS (x) >>"), "script"),
        (packed(b" " * 20_000_000), "far more"),
        (b"%PDF-1.4\n<html><script>x</script>\n%%EOF\n", "another kind"),
    ],
    ids=lambda part: part if isinstance(part, str) else f"{part[:12]!r}",
)
def test_everything_else_is_refused_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(UploadError, match=says):
        take_in("file", data)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x.jpg", "", "a\0b.jpg", "<script>.jpg", "x" * 300])
def test_a_name_is_only_a_name(name: str) -> None:
    kept = take_in(name, photo()).name
    assert kept.endswith(".jpg") and 5 <= len(kept) <= 84
    assert not set(kept) & set("/\\\0<>\"'")


# ---- the pages


@pytest.fixture(scope="module")
def app() -> Iterator[Running]:
    made = running()
    yield made
    made.records.close()


@pytest.fixture
def visit(app: Running) -> str:
    session = app.records.sign_in("anna", PASSWORD, address="test")
    assert session is not None
    app.client.cookies.set(SESSION, session.token)
    app.client.headers["x-csrf-token"] = session.csrf
    return app.visit(app.person(), state=None)


def sent(app: Running, visit: str, data: bytes, name: str = "side.jpg") -> int:
    answer = app.client.post(f"/visits/{visit}/files", files={"file": (name, data)})
    return answer.status_code


def test_a_photo_is_kept_and_shown_and_may_do_nothing(app: Running, visit: str) -> None:
    assert sent(app, visit, with_place()) == 303
    with app.records.work(app.scope) as work:
        (file,) = work.files.of(visit)
    answer = app.client.get(f"/files/{file.id}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script" not in answer.headers["content-security-policy"]


def test_a_pdf_is_only_taken_away(app: Running, visit: str) -> None:
    assert sent(app, visit, PDF, "Brief Müller.pdf") == 303
    with app.records.work(app.scope) as work:
        (file,) = work.files.of(visit)
    answer = app.client.get(f"/files/{file.id}")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Brief%20M%C3%BCller.pdf"
    assert answer.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'/>", archive(), b""], ids=["svg", "zip", "empty"])
def test_a_refusal_is_a_page_with_a_sentence(app: Running, visit: str, data: bytes) -> None:
    assert sent(app, visit, data) == 422
    with app.records.work(app.scope) as work:
        assert work.files.of(visit) == ()


def test_far_too_much_is_not_even_read(app: Running, visit: str) -> None:
    assert sent(app, visit, b"\0" * (MOST_BYTES + 2**20)) == 413


def test_another_practice_finds_no_file(app: Running, visit: str) -> None:
    sent(app, visit, photo())
    with app.records.work(app.scope) as work:
        (file,) = work.files.of(visit)
    app.records.add_practice(practice="Other", name="Olga", login="olga", password=PASSWORD)
    session = app.records.sign_in("olga", PASSWORD, address="test")
    assert session is not None
    app.client.cookies.set(SESSION, session.token)
    for path in (f"/files/{file.id}", f"/visits/{visit}/files"):
        assert app.client.get(path).status_code == 404
