"""An address as a square code that a telephone's camera reads."""

from __future__ import annotations

from markupsafe import Markup


def qr_svg(text: str) -> Markup:
    """An inline SVG, black on white in either colour scheme, since cameras expect it."""
    import segno

    code = segno.make(text, error="m", micro=False)
    drawn: str = code.svg_inline(
        scale=6, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True,
        title="Code to scan with a telephone",
    )  # fmt: skip
    return Markup(drawn)  # noqa: S704 - drawn by segno from the modules of the code; the text is not in it
