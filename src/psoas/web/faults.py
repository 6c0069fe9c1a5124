"""What is wrong with a request, as a sentence with the field and what is allowed there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError

from psoas.case.messages import shown

_ALLOWED = re.compile(r"[Aa]llowed: (.+?)\.?$")


def of_validation(err: RequestValidationError) -> tuple[str | None, str, list[str] | None]:
    """Field, sentence and what is allowed, of the first thing that is wrong."""
    first: Mapping[str, Any] = err.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    if first["type"] == "json_invalid" or not place:
        return None, "The body is not what this address takes; expected one JSON object.", None
    expected = first.get("ctx", {}).get("expected")
    if first["type"] in ("literal_error", "enum") and expected:
        allowed = re.findall(r"'([^']*)'", str(expected))
        return place, f"{place}: is {shown(first['input'])}; allowed: {', '.join(allowed)}.", allowed
    if first["type"] == "missing":
        return place, f"{place}: is missing.", None
    return place, f"{place}: is {shown(first['input'])}; {first['msg'][0].lower()}{first['msg'][1:]}.", None


def allowed_in(sentence: str) -> list[str] | None:
    """What a sentence of a `CaseError` lists as allowed; None when it lists nothing."""
    found = _ALLOWED.search(sentence)
    return None if found is None else [part.strip("' ") for part in re.split(r", | or ", found[1])]
