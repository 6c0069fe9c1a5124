"""From the fields of a check-in form to a check-in. A field left alone is not answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends
from starlette.datastructures import FormData
from starlette.requests import Request

from psoas.case import Case
from psoas.errors import CaseError
from psoas.follow_up import CheckIn, Group, choices
from psoas.interview import apply_graver
from psoas.knowledge import load
from psoas.knowledge.index import index_of, vocabulary

ACTIVITIES = 3


async def form_of(request: Request) -> FormData:
    """The fields that were sent."""
    return await request.form()


SentForm = Annotated[FormData, Depends(form_of)]


@dataclass(frozen=True, slots=True)
class Angle:
    """An angle of the visit that can be measured again: the name of its field and how it was measured."""

    field: str
    id: str
    side: str | None
    words: str
    before_deg: float
    method: str | None


def angles_of(case: Case) -> tuple[Angle, ...]:
    """The angles of a visit for which a change can be judged, each once."""
    index = index_of(load()).measurements
    found: dict[tuple[str, str | None], Angle] = {}
    for one in case.measurements:
        if one.value_deg is not None and one.id in choices.DETECTABLE_ANGLE and (one.id, one.side) not in found:
            words = index[one.id].plain + (f", {one.side}" if one.side else "")
            field = f"angle_{len(found)}"
            found[one.id, one.side] = Angle(field, one.id, one.side, words, one.value_deg, one.method)
    return tuple(found.values())


def read(form: FormData, groups: tuple[Group, ...], angles: tuple[Angle, ...], today: date) -> CheckIn:
    """The check-in that was sent.

    Raises:
        CaseError: with one sentence for each problem.
    """
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    data: dict[str, Any] = {
        "on": today,
        "pain_0_10": _number(texts, "pain"),
        "change": _number(texts, "change"),
        "sleep_0_10": _number(texts, "sleep"),
        "kept_to_plan": texts.get("kept_to_plan") or None,
        "sore_over_48h": texts.get("sore_over_48h") or None,
        "adverse": texts.get("adverse", "").strip() or None,
        "activities": _activities(texts),
        "danger": _danger(form, groups),
        "measurements": _measured(texts, angles),
    }
    answered = {name: value for name, value in data.items() if value not in (None, {}, [])}
    if set(answered) == {"on"}:
        raise CaseError("The form", "is empty; answer at least one question.")
    return CheckIn.of(answered, vocabulary())


def _number(texts: Mapping[str, str], name: str) -> int | None:
    given = texts.get(name, "").strip()
    if not given:
        return None
    try:
        return int(given)
    except ValueError:
        raise CaseError(name, f"is {given[:40]!r}; expected a whole number.") from None


def _activities(texts: Mapping[str, str]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for number in range(ACTIVITIES):
        name = " ".join(texts.get(f"activity_{number}", "").split())
        score = _number(texts, f"score_{number}")
        if name and score is not None:
            found[name[:120]] = score
    return found


def _danger(form: FormData, groups: tuple[Group, ...]) -> dict[str, str]:
    """A tick is yes; 'none of these' answers the rest of its group no. A tick beside it wins."""
    ticked = {value for value in form.getlist("danger") if isinstance(value, str)}
    denied = {value for value in form.getlist("none") if isinstance(value, str)}
    found = {}
    for group in groups:
        for name, _ in group.questions:
            if name in ticked:
                found[name] = "yes"
            elif group.id in denied:
                found[name] = "no"
    return found


def read_graver(form: FormData, now: dict[str, Any], today: date, last: CheckIn | None) -> CheckIn | None:
    """What was answered on the page of a danger, as a check-in of its own; None when nothing of it was open.

    Answers that were given earlier today stand in it too, so that the last check-in still says why it stopped.

    Args:
        now: the person as they are after the last check-in, as data of a case.

    Raises:
        CaseError: nothing was ticked, denied or skipped.
    """
    sent = {name: [word for word in form.getlist(name) if isinstance(word, str)] for name in form}
    held = now["findings"]
    after = apply_graver(now, sent, load())["findings"]
    told = {name: _plain(said) for name, said in after.items() if held.get(name) != said}
    if not told:
        return None
    earlier = last.danger if last is not None and last.on == today else {}
    return CheckIn.of({"on": today, "danger": {**earlier, **told}}, vocabulary())


def _plain(answer: Any) -> Any:
    """An answer without its sides, which a check-in does not keep."""
    return "yes" if isinstance(answer, dict) and "yes" in answer.values() else answer


def _measured(texts: Mapping[str, str], angles: tuple[Angle, ...]) -> list[dict[str, Any]]:
    found = []
    for angle in angles:
        given = texts.get(angle.field, "").strip().replace(",", ".")
        if not given:
            continue
        try:
            value = float(given)
        except ValueError:
            raise CaseError(angle.words, f"is {given[:40]!r}; expected degrees, such as -4.") from None
        one: dict[str, Any] = {"id": angle.id, "value_deg": value, "side": angle.side, "method": angle.method}
        one["pelvis"] = "controlled" if texts.get("pelvis") == "controlled" else None
        found.append({name: part for name, part in one.items() if part is not None})
    return found
