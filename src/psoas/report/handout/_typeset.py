"""From data to a tagged PDF by Typst: fonts, letters that no font has, and how tight the sheet must be set.

Everything a person typed goes in as JSON and is shown as text; Typst never reads it as markup.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from psoas.errors import MissingExtraError

FONT_PACKAGES = ("fontpkg_atkinson_hyperlegible", "fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
"""Open fonts that come with the extra `web`; without one, the machine's own fonts and Typst's stand in."""
BOX = "□"
_NOT_SHOWN = re.compile(r'the text `"(.*?)"` could not be displayed')
_MOST_REPAIRS = 400

Fill = Callable[[Mapping[str, Any], bool], dict[str, Any]]


@cache
def font_folders() -> tuple[str, ...]:
    """Folders of the fonts that came as packages."""
    specs = (find_spec(name) for name in FONT_PACKAGES)
    roots = (Path(spec.origin).parent for spec in specs if spec is not None and spec.origin)
    return tuple(str(root / "files") for root in roots)


def templates() -> Path:
    """Where the Typst files lie."""
    return Path(str(resources.files("psoas.report.handout").joinpath("templates")))


def typeset(template: str, fill: Fill, looks: Sequence[Mapping[str, Any]], *, pages: int, today: date) -> bytes:
    """The PDF (PDF/UA-1) in the roomiest look that fits the pages; where none does, on as few more as it takes.

    Args:
        template: name of the Typst file.
        fill: makes the data from a look and whether a letter had to be replaced.
        looks: from roomy to tight.
        pages: how many pages are wanted; nothing is ever cut to fit.
        today: the date in the file, so that the same data give the same bytes.

    Raises:
        MissingExtraError: Typst is not installed.
    """
    check_installed("typst")
    unprintable: set[str] = set()
    tried: list[tuple[int, bytes]] = []
    for look in looks:
        pdf, count = _compile(template, fill, look, unprintable, today)
        if count <= pages:
            return pdf
        tried.append((count, pdf))
    return min(tried, key=lambda one: one[0])[1]


def check_installed(*packages: str) -> None:
    """Say plainly which package is missing.

    Raises:
        MissingExtraError: names the package and the extra that brings it.
    """
    for name in packages:
        if find_spec(name) is None:
            raise MissingExtraError(f"A handout needs {name}, which is not installed: pip install 'psoas[web]'.")


def _compile(
    template: str, fill: Fill, look: Mapping[str, Any], unprintable: set[str], today: date
) -> tuple[bytes, int]:
    import typst

    fonts = _fonts()
    for _ in range(_MOST_REPAIRS):
        data = _printable(fill(look, bool(unprintable)), unprintable)
        compiler = typst.Compiler(
            templates() / template, root=templates(), font_paths=fonts,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )  # fmt: skip
        stamp = int(_midnight(today))
        try:
            pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=stamp)
        except typst.TypstError as err:
            lost = _NOT_SHOWN.search(str(err))
            if lost is None:
                raise
            unprintable |= set(_unescaped(lost[1])) - {BOX}
            continue
        assert isinstance(pdf, bytes)
        count = json.loads(compiler.query("<pages>", field="value", one=True))
        return pdf, int(count)
    raise RuntimeError(f"more than {_MOST_REPAIRS} different letters have no font; install fonts that hold them.")


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=list(font_folders()))


def _midnight(day: date) -> float:
    from datetime import UTC, datetime

    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _unescaped(text: str) -> str:
    return re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda code: chr(int(code[1], 16)), text).replace('\\"', '"')


def _printable(data: Any, unprintable: set[str]) -> Any:
    """The same data without control characters; letters for which there is no font become a box."""
    if isinstance(data, str):
        return "".join(BOX if one in unprintable else one for one in data if one == "\n" or _visible(one))
    if isinstance(data, dict):
        return {key: value if key == "svg" else _printable(value, unprintable) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_printable(value, unprintable) for value in data]
    return data


def _visible(one: str) -> bool:
    return unicodedata.category(one) not in ("Cc", "Cs", "Co", "Cn") and one not in "\u202a\u202b\u202c\u202d\u202e"
