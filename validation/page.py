"""The page that the validation writes: each script keeps one section of it, between marks of its own."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "validation.md"


def write_section(name: str, section: str, page: Path = PAGE) -> None:
    """Replace the section `name` between its marks, or add it at the end of the page."""
    start, end = f"<!-- {name}: start -->", f"<!-- {name}: end -->"
    text = page.read_text(encoding="utf-8") if page.exists() else "# Validation\n"
    marked = f"{start}\n{section}\n{end}"
    if start in text:
        before, _, rest = text.partition(start)
        text = before + marked + rest.partition(end)[2]
    else:
        text = text.rstrip() + "\n\n" + marked + "\n"
    page.write_text(text, encoding="utf-8")
