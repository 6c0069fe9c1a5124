"""Findings, readings and causes of a case as phrases for a clinician."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from psoas.case import Case
from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of

_UNITS = {"value_deg": "°", "value_cm": " cm", "value_m": " m", "value_s": " s", "value_grade": " of 5"}
_SIGNS = {
    "temperature_c": ("temperature", " °C"), "pulse_per_min": ("pulse", "/min"), "systolic_mmhg": ("systolic", " mmHg"),
    "breaths_per_min": ("breaths", "/min"), "oxygen_saturation_percent": ("oxygen saturation", " %"),
    "alert": ("alert", ""), "crp_mg_l": ("CRP", " mg/l"), "esr_mm_h": ("ESR", " mm/h"), "inr": ("INR", ""),
    "white_cells_10e9_l": ("white cells", " ×10⁹/l"), "haemoglobin_g_l": ("haemoglobin", " g/l"),
}  # fmt: skip


def plain(name: str) -> str:
    """An id as words."""
    return name.replace("person.", "").replace("_", " ")


def finding(name: str, knowledge: Knowledge) -> str:
    """A finding by its name; a flag as the words of its id."""
    found = index_of(knowledge).findings.get(name)
    if found is None:
        return plain(name)
    return found.name if found.name[1:2].isupper() else found.name[:1].lower() + found.name[1:]


def answers(case: Case, answer: str, knowledge: Knowledge) -> list[str]:
    """What was answered in this way, with sides; places and levels count as yes."""
    found = []
    for name, given in case.findings.items():
        by_side: Mapping[str, str] = given if isinstance(given, dict) else {"": given}
        sides = [side for side, value in by_side.items() if _is(value, answer)]
        if not sides:
            continue
        places = {by_side[side] for side in sides} - {"yes", "no", "not_possible"}
        said = " and ".join(side for side in sides if side)
        detail = ", ".join(one for one in (said, *map(plain, sorted(places))) if one)
        found.append(finding(name, knowledge) + (f" ({detail})" if detail else ""))
    return found


def is_no(given: Any) -> bool:
    """Whether an answer is no, on every side."""
    return all(value == "no" for value in (given.values() if isinstance(given, dict) else (given,)))


def negative_tests(case: Case, knowledge: Knowledge) -> list[str]:
    """Hands-on tests that were done and found nothing."""
    table = knowledge.findings.findings
    names = [name for name, said in case.findings.items() if name in table and table[name].mode == "hands_on"]
    return [finding(name, knowledge) for name in names if is_no(case.findings[name])]


def _is(value: str, answer: str) -> bool:
    if answer == "yes":
        return value not in ("no", "unknown", "not_possible")
    return value == answer


def readings(case: Case) -> list[str]:
    """Angles and other measurements, sides together."""
    found: dict[str, list[str]] = {}
    for one in case.measurements:
        ((field, value),) = one.values().items()
        pelvis = f" (pelvis {one.pelvis})" if one.pelvis else ""
        name = plain(one.id.replace(".", ", ")) + pelvis
        said = f"{value:g}{_UNITS[field]}".replace("-", "\N{MINUS SIGN}")
        found.setdefault(name, []).append(f"{one.side} {said}" if one.side else said)
    return [f"{name} {', '.join(values)}" for name, values in found.items()]


def signs(values: Mapping[str, Any]) -> list[str]:
    """Vital signs or laboratory values that were given."""
    found = []
    for name, value in values.items():
        if value is not None:
            words, unit = _SIGNS[name]
            found.append(f"{words} {value if isinstance(value, str) else format(value, 'g')}{unit}")
    return found


def drawing(case: Case, knowledge: Knowledge) -> str:
    """The pain drawing: each region with its worst intensity."""
    regions = index_of(knowledge).regions
    found = []
    for key, intensity in case.pain.regions.items():
        region, _, side = key.rpartition("_")
        label = regions[region].label.split(",")[0].split(" / ")[0].lower()
        where = label if side in ("unspecified", "centre") else f"{side} {label}"
        found.append(where + (f" {intensity:g}/10" if intensity is not None else ""))
    return ", ".join(found)


def course(case: Case) -> str:
    """How long, how it began, how it goes."""
    pain = case.pain
    parts = []
    if pain.duration_weeks is not None:
        parts.append(f"for {pain.duration_weeks:g} weeks")
    if pain.onset:
        parts.append(f"onset {plain(pain.onset)}")
    if pain.course:
        parts.append(f"course {pain.course}")
    if pain.worst is not None:
        parts.append(f"worst {pain.worst:g}/10")
    return ", ".join(parts)


def listed(words: Iterable[str]) -> str:
    """Phrases in one line."""
    return "; ".join(dict.fromkeys(words))
