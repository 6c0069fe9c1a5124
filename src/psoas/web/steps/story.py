"""The box at the start: a story in a person's own words, kept as it was told and read into proposals to confirm.

Reading is done by a worker, which holds the model. Danger comes first, nothing is chosen beforehand, and a confirmed
answer only fills in what is open: it never changes one that stands. The words themselves stand in the case's notes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from psoas.assessment import read_case
from psoas.errors import CaseError
from psoas.knowledge import Knowledge
from psoas.knowledge.index import index_of
from psoas.records.clock import today
from psoas.web.computed.workers import WORKER_POOL
from psoas.web.pool import Busy, JobFailed
from psoas.web.render import see_other
from psoas.web.steps.context import NEXT_SHEET, STOPPED, Clashed, Data, VisitContext, keep
from psoas.web.steps.forms import Sent, first, problems_of, version_of
from psoas.web.steps.frame import visit_page
from psoas.web.words.visit import ACTIVITIES, COURSES, EFFECTS, ONSETS, SEXES

ANSWERS = {"yes": "Yes", "no": "No", "unknown": "Not sure"}
LEAD = "In their own words: "
"""What the notes of a case put before a story."""


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal on the page: the question, the words it was read from, what they seemed to say, side and value."""

    id: str
    ask: str
    quote: str
    told: str
    side: str
    value: str


@dataclass(frozen=True)
class Read:
    """What was read: questions of danger first, then findings, then facts (value of a tick box, words)."""

    words: str
    danger: tuple[Line, ...]
    findings: tuple[Line, ...]
    facts: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]
    by_meaning: bool


def heard_of(story: str, on: str) -> dict[str, Any]:
    """In a worker: what a story says, as plain data."""
    from datetime import date

    from psoas.own_words import tell

    return asdict(tell(story, on=date.fromisoformat(on)))


def show_story(
    request: Request,
    desk: VisitContext,
    sent: Sent | None = None,
    problems: Mapping[str, str] | None = None,
    read: Read | None = None,
) -> Response:
    """The box, and what was read from it."""
    words = first(sent or {}, "story") if read is None else read.words
    return visit_page(
        request, desk, "story", "about", status=422 if problems else 200, problems=problems or {}, told=words,
        read=read,
        answers=ANSWERS, onward="danger" if desk.is_client or "about" not in desk.names else "about",
    )  # fmt: skip


def take_story(request: Request, desk: VisitContext, form: Sent) -> Response:
    """Keep the words and show what was read; or keep what was confirmed, and go on."""
    if not desk.is_open:
        return see_other(desk.base)
    if first(form, "do") == "confirm":
        return _confirm(request, desk, form)
    words = first(form, "story").replace("\r\n", "\n").strip()
    if not words:
        return show_story(request, desk, form, {"story": "nothing is written; say it, or leave it out."})

    def change(case: Data) -> Data:
        return with_words(case, words, first(form, "before"), desk.knowledge)

    try:
        heard = WORKER_POOL.run(heard_of, words, today().isoformat())
        visit = keep(
            request, desk, change, version=version_of(form), what="own words", step=lambda _: desk.visit.step or ""
        )
    except CaseError as err:
        return show_story(request, desk, form, problems_of(err))
    except (Busy, JobFailed) as err:
        return show_story(request, desk, form, {"story": str(err)})
    except Clashed:
        return show_story(
            request, desk, form, {"story": "somebody else changed the notes meanwhile; send it once more."}
        )
    now = replace(desk, visit=visit)
    return show_story(request, now, read=read_of(heard, now))


def with_words(case: Mapping[str, Any], words: str, before: str, knowledge: Knowledge) -> Data:
    """The case with the story in its notes: in place of the one that was read before, else after what stands there."""
    notes = str(case.get("notes", ""))
    line = f"{LEAD}{words}"
    if line not in notes:
        old = f"{LEAD}{before}"
        notes = notes.replace(old, line) if before and old in notes else f"{notes}\n\n{line}".strip()
    found = {**case, "notes": notes}
    read_case(found, knowledge)
    return found


def read_of(heard: Mapping[str, Any], desk: VisitContext) -> Read:
    """The page's lines: what the case does not answer yet."""
    findings = desk.visit.case.get("findings", {})

    def lines(rows: Any) -> tuple[Line, ...]:
        return tuple(
            Line(row["id"], _ask(row["id"], desk), row["quote"], row["answer"], row["side"] or "", row["value"] or "")
            for row in rows
            if findings.get(row["id"], "unknown") == "unknown" and _may_answer(row["id"], desk)
        )

    return Read(
        heard["story"], lines(heard["dangers"]), lines(heard["proposals"]), tuple(_facts(heard["facts"], desk)),
        tuple(heard["unread"]), heard["by_meaning"],
    )  # fmt: skip


def _may_answer(name: str, desk: VisitContext) -> bool:
    """A client is not asked what only an examiner finds, nor anybody what follows from other fields."""
    index = index_of(desk.knowledge)
    if flag := index.flags.get(name):
        return bool(flag.ask) and not (desk.is_client and flag.ask_who not in ("self", "anyone", None))
    about = index.findings.get(name)
    return about is not None and (not desk.is_client or about.mode in ("ask", "self_test"))


def _ask(name: str, desk: VisitContext) -> str:
    from psoas.interview import part_of

    part = part_of(name, desk.knowledge)
    return part.ask if desk.is_client else part.trade or part.ask


def _facts(facts: Mapping[str, Any], desk: VisitContext) -> list[tuple[str, str]]:
    case = desk.visit.case
    pain, person = case.get("pain", {}), case.get("person", {})
    rows: list[tuple[str, str]] = []
    for key in facts["regions"]:
        if key not in pain.get("regions", {}):
            rows.append((f"region:{key}", f"It hurts here: {desk.words.region(key)}"))
    weeks = facts["duration_weeks"]
    if weeks is not None and "duration_weeks" not in pain:
        rows.append((f"duration_weeks:{weeks:g}", f"For about {weeks:g} week{'' if weeks == 1 else 's'}"))
    worst = facts["worst_0_10"]
    if worst is not None and "worst_overall_0_10" not in pain:
        rows.append((f"worst_overall_0_10:{worst:g}", f"At worst {worst:g} of 10"))
    elif facts["worst_word"] and "worst_overall_0_10" not in pain:
        rows.append((f"worst_overall_0_10:{facts['worst_word']}", f"The pain is {facts['worst_word']}"))
    if facts["temperature_c"] is not None and "temperature_c" not in case.get("vitals", {}):
        rows.append(
            (f"temperature_c:{facts['temperature_c']:g}", f"Temperature now {facts['temperature_c']:g} degrees Celsius")
        )
    for name, words, lead in (("onset", ONSETS, "It began"), ("course", COURSES, "Since then")):
        if facts[name] and name not in pain:
            rows.append((f"{name}:{facts[name]}", f"{lead}: {words.get(facts[name], facts[name]).lower()}"))
    if facts["age_years"] is not None and "age_years" not in person:
        rows.append((f"age_years:{facts['age_years']:g}", f"{facts['age_years']:g} years old"))
    if facts["sex"] and "sex" not in person:
        rows.append((f"sex:{facts['sex']}", SEXES.get(facts["sex"], facts["sex"])))
    rows += [
        (f"medicine:{name}", f"Takes {name}") for name in facts["medicines"] if name not in case.get("medicines", ())
    ]
    rows += [
        (f"illness:{name}", f"Known illness or operation: {name.replace('_', ' ')}")
        for name in facts["conditions"] if name not in case.get("conditions", ())
    ]  # fmt: skip
    rows += [
        (f"tried:{row['what']}:{row['effect']}", f"Tried {row['what']}: {EFFECTS[row['effect']].lower()}")
        for row in facts["tried"] if all(held["what"] != row["what"] for held in case.get("tried", ()))
    ]  # fmt: skip
    rows += [
        (f"activity:{name}", f"Does regularly: {ACTIVITIES[name].lower()}")
        for name in facts["activities"] if all(held["id"] != name for held in person.get("activities", ()))
    ]  # fmt: skip
    return rows


def confirmed(
    case: Mapping[str, Any], form: Sent, knowledge: Knowledge, may_answer: Callable[[str], bool] = lambda _: True
) -> Data:
    """The case with what was confirmed; an answer that stands stays as it is.

    Args:
        may_answer: whether the one who confirms may answer an id.

    Raises:
        CaseError: something that cannot be taken.
    """
    index = index_of(knowledge)
    findings = dict(case.get("findings", {}))
    for name in dict.fromkeys(form.get("shown", ())):
        answer = first(form, f"a.{name}")
        if not answer or findings.get(name, "unknown") != "unknown":
            continue
        if answer not in ANSWERS or (name not in index.findings and name not in index.flags):
            raise CaseError(f"a.{name}", f"is {answer!r}; expected one of {', '.join(ANSWERS)}.")
        if not may_answer(name):
            raise CaseError(f"a.{name}", "is found by an examiner; leave it out.")
        findings[name] = _by_side(answer, first(form, f"side.{name}"), first(form, f"value.{name}"))
    found = {**case, "findings": findings}
    chosen = form.get("fact", ())
    for fact in form.get("facts_shown", ()) if "all" in chosen else chosen:
        found = _with_fact(found, fact)
    read_case(found, knowledge)
    return found


def _by_side(answer: str, side: str, value: str) -> Any:
    said = value if answer == "yes" and value else answer
    if answer == "unknown" or side not in ("left", "right", "both"):
        return said
    return {"left": said, "right": said} if side == "both" else {side: said}


def _with_fact(case: Data, fact: str) -> Data:
    name, _, value = fact.partition(":")
    pain, person = dict(case.get("pain", {})), dict(case.get("person", {}))
    if name == "region":
        pain["regions"] = {**pain.get("regions", {})} | ({} if value in pain.get("regions", {}) else {value: None})
    elif name == "duration_weeks" or (name == "worst_overall_0_10" and value not in ("mild", "moderate", "severe")):
        pain.setdefault(name, _number(name, value))
    elif name == "worst_overall_0_10":
        pain.setdefault(name, value)
    elif name == "temperature_c":
        return {**case, "vitals": {name: _number(name, value), **case.get("vitals", {})}}
    elif name == "tried":
        what, _, effect = value.rpartition(":")
        held = list(case.get("tried", ()))
        return {
            **case,
            "tried": held if any(row["what"] == what for row in held) else [*held, {"what": what, "effect": effect}],
        }
    elif name == "activity":
        there = list(person.get("activities", ()))
        person["activities"] = there if any(row["id"] == value for row in there) else [*there, {"id": value}]
    elif name in ("onset", "course"):
        pain.setdefault(name, value)
    elif name == "age_years":
        person.setdefault(name, _number(name, value))
    elif name == "sex":
        person.setdefault(name, value)
    elif name in ("medicine", "illness"):
        block = "medicines" if name == "medicine" else "conditions"
        held = list(case.get(block, ()))
        return {**case, block: held if value in held else [*held, value]}
    else:
        raise CaseError("fact", f"is {fact!r}; expected one that the page shows.")
    return {**case, **({"pain": pain} if pain else {}), **({"person": person} if person else {})}


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise CaseError(name, f"is {value!r}; expected a number.") from None


def _confirm(request: Request, desk: VisitContext, form: Sent) -> Response:
    from psoas.interview import Interview

    def change(case: Data) -> Data:
        return confirmed(case, form, desk.knowledge, lambda name: _may_answer(name, desk))

    def goes_on(case: Data) -> str:
        stops = Interview(case, knowledge=desk.knowledge, accepted=desk.interview.accepted).stops
        return STOPPED if stops else desk.visit.step or ""

    try:
        visit = keep(request, desk, change, version=version_of(form), what="own words, confirmed", step=goes_on)
    except CaseError as err:
        return show_story(request, desk, form, problems_of(err))
    except Clashed:
        return show_story(request, desk, form, {"story": "somebody else answered meanwhile; read the words once more."})
    if visit.step == STOPPED:
        return see_other(f"{desk.base}/stop")
    return see_other(f"{desk.base}/{'about' if 'about' in desk.names else f'danger?sheet={NEXT_SHEET}'}")
