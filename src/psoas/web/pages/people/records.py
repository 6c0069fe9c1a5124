"""The people of the practice: list and search, one person, new and changed."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from psoas.records import Alarmed, Overview, Person, Work
from psoas.records.clock import today
from psoas.records.ids import now
from psoas.records.parts.people import EARLIEST
from psoas.web.access import Practitioner, Signed, Visitor, records_of
from psoas.web.ages import age_years
from psoas.web.render import fragment, is_htmx, page, see_other

router = APIRouter()

PER_PAGE = 25
SEXES = {"female": "female", "male": "male", "other": "other", "unknown": "not said"}

STATES = {
    "open": ("open", "sun"), "stopped": ("stopped for a danger sign", "alarm"), "finished": ("finished", "leaf"),
    "cancelled": ("cancelled", ""),
}  # fmt: skip
KINDS = {"assessment": "Visit", "follow_up": "Follow-up", "treatment": "Treatment session"}
"""A visit's state in words, and the colour of its chip."""

NAMING = ("given_name", "family_name", "birth_date")
"""What one person is told from another by."""

Short = Annotated[str, Form(max_length=120)]
Long = Annotated[str, Form(max_length=2000)]


def _given(
    given_name: Short = "",
    family_name: Short = "",
    birth_date: Short = "",
    sex: Short = "",
    contact: Short = "",
    note: Long = "",
) -> dict[str, str]:
    """The fields of the form as they came, without the space around them."""
    values = {
        "given_name": given_name, "family_name": family_name, "birth_date": birth_date, "sex": sex, "contact": contact,
        "note": note,
    }  # fmt: skip
    return {name: value.strip() for name, value in values.items()}


Given = Annotated[dict[str, str], Depends(_given)]


@router.get("/people")
def show_all(request: Request, visitor: Signed, search: str = "", at: int = 0) -> Response:
    """Everybody, or those whose name holds the words looked for."""
    at = max(at, 0)
    with records_of(request).work(visitor.scope) as work:
        found = work.people.search(search.strip()[:120], limit=PER_PAGE, offset=at)
        count = work.people.count(search.strip()[:120])
        alarms = work.people.alarms() if not search and not at else ()
        seen = work.people.overview([person.id for person in found])
    context: dict[str, Any] = {
        "people": found,
        "count": count,
        "search": search,
        "at": at,
        "per_page": PER_PAGE,
        "facts_of": _facts,
        "seen": seen,
        "complaint_of": _complaint,
        "states": STATES,
    }
    # Read out to those who cannot see the list change while they type.
    counted = f"{count} {'person' if count == 1 else 'people'} found" if search else ""
    if is_htmx(request):
        return fragment(request, "people/rows.html", visitor, counted=counted, is_part=True, **context)
    return page(
        request, "people/list.html", visitor, counted=counted, is_part=False, waiting=_waiting(alarms), **context
    )  # fmt: skip


@router.get("/people/new")
def show_new(request: Request, visitor: Signed) -> Response:
    """An empty form."""
    return _form(request, visitor, None, {"sex": "unknown"}, {})


@router.post("/people/new")
def add(
    request: Request,
    visitor: Signed,
    values: Given,
    sure: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Add somebody and go to their page; who may be there already is asked about first."""
    fields, problems = _fields(values)
    if problems:
        return _form(request, visitor, None, values, problems)
    with records_of(request).work(visitor.scope) as work:
        person = _sent_before(work, fields)
        alike = () if sure or person else work.people.alike(**{name: fields[name] for name in NAMING})
        if person is None and not alike:
            person = work.people.add(**fields)
    if person is None:
        return _form(request, visitor, None, values, {}, alike)
    return see_other(f"/people/{person.id}?said=added")


SENT_TWICE_WITHIN = timedelta(minutes=10)
"""The very same form again within this time is one person: 'Back' and 'Save' make no second one. Our choice."""


def _sent_before(work: Work, fields: dict[str, Any]) -> Person | None:
    """Somebody who was added from this very form a moment ago."""
    found = work.people.search(f"{fields['given_name']} {fields['family_name']}")
    return next(
        (
            one
            for one in found
            if now() - one.created_at < SENT_TWICE_WITHIN
            and all(getattr(one, name) == unicodedata.normalize("NFC", value).strip() if isinstance(value, str)
                    else getattr(one, name) == value for name, value in fields.items())
        ),
        None,
    )  # fmt: skip


@router.get("/people/{person_id}/edit")
def show_edit(request: Request, visitor: Signed, person_id: str) -> Response:
    """The form with what is known."""
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
    values = {name: getattr(person, name) or "" for name in ("given_name", "family_name", "sex", "contact", "note")}
    values["birth_date"] = person.birth_date.isoformat() if person.birth_date else ""
    return _form(request, visitor, person, values, {})


@router.post("/people/{person_id}/edit")
def change(
    request: Request,
    visitor: Signed,
    person_id: str,
    values: Given,
) -> Response:
    """Save what was changed."""
    fields, problems = _fields(values)
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        if problems:
            return _form(request, visitor, person, values, problems)
        work.people.change(person_id, **fields)
    return see_other(f"/people/{person_id}?said=changed")


@router.get("/people/{person_id}")
def show(request: Request, visitor: Signed, person_id: str) -> Response:
    """One person: visits, check-ins, links. The front desk sees no clinical content."""
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        if person.merged_into is not None:
            return see_other(f"/people/{person.merged_into}")
        now = datetime.now(UTC)
        links = [link for link in work.links.of(person_id) if link.revoked_at is None and link.expires_at > now]
        clinical = _clinical(work, person_id) if visitor.is_clinical else {}
    return page(
        request, "people/show.html", visitor, person=person, facts=_facts(person), states=STATES, kinds=KINDS,
        open_links=len(links), **clinical,
    )  # fmt: skip


def _waiting(alarms: tuple[Alarmed, ...]) -> list[tuple[Alarmed, str, str, str]]:
    """Who waits for a practitioner, the gravest first: with the words, their tone and where they lead.

    The front desk is told by the store that somebody waits, and of nothing else.
    """
    if not alarms:
        return []
    # The first page of a practice without alarms is shown before the evidence has been read.
    from psoas.screening import STEP
    from psoas.web.follow_up.words import words as check_in_words

    words = check_in_words()["alarms"]
    rows = []
    for one in alarms:
        at = f"/people/{one.person.id}"
        if one.visit_id is not None:
            rows.append((one, words["stopped"], "alarm", f"/visits/{one.visit_id}/stop"))
        elif one.alarm is not None:
            rows.append((one, words[one.alarm], "alarm" if one.alarm in STEP else "sun", f"{at}/progress"))
        else:
            rows.append((one, words["call"], "alarm", at))
    return sorted(rows, key=lambda row: STEP.get(row[0].alarm or "", 0 if row[0].visit_id is None else 9), reverse=True)


def _clinical(work: Work, person_id: str) -> dict[str, Any]:
    visits = work.visits.of(person_id)
    plans = work.plans.of_person(person_id)
    return {
        "visits": visits,
        "open_visit": next((visit for visit in visits if visit.state == "open"), None),
        "last_visit": work.visits.last_held(person_id),
        "merged": work.people.merged_into(person_id),
        "consents": work.consents.of(person_id),
        "with_note": {note.visit_id for note in work.notes.of_person(person_id)},
        "with_result": {visit.id for visit in visits if work.results.latest(visit.id) is not None},
        "plan_visit": plans[0].visit_id if plans else None,
        "check_ins": sorted(work.check_ins.of(person_id), key=lambda check_in: check_in.made_at, reverse=True),
    }


def _complaint(overview: Overview) -> str:
    """The strongest pain of the last assessment in the words of the drawing, without reading the evidence for it."""
    pain = (overview.case or {}).get("pain", {})
    regions = pain.get("regions", {})
    if not regions:
        return ""
    place = max(regions, key=lambda name: (regions[name] or 0, name))
    strength = f", {regions[place]:g} of 10" if regions[place] is not None else ""
    words = place.replace("lumbar", "low back").replace("_centre", "_middle").replace("_", " ")
    return f"{words}{strength}"


@router.get("/people/{person_id}/merge")
def ask_merge(request: Request, visitor: Practitioner, person_id: str, search: str = "") -> Response:
    """Who may be the same person, to be merged into this one."""
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(person_id)
        names = {name: getattr(person, name) for name in NAMING}
        found = work.people.search(search.strip()[:120], limit=20) if search.strip() else work.people.alike(**names)
        seen = work.people.overview([one.id for one in found])
    others = [one for one in found if one.id != person_id]
    return page(
        request, "people/merge.html", visitor, person=person, others=others, search=search, facts_of=_facts, seen=seen
    )  # fmt: skip


@router.post("/people/{person_id}/merge")
def merge(
    request: Request, visitor: Practitioner, person_id: str, other: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Let the other be one with this person."""
    with records_of(request).work(visitor.scope) as work:
        work.people.merge(person_id, other)
    return see_other(f"/people/{person_id}?said=merged")


@router.post("/people/{person_id}/unmerge")
def unmerge(request: Request, visitor: Practitioner, person_id: str) -> Response:
    """Take a merge back; the address is that of the one who was merged into another."""
    with records_of(request).work(visitor.scope) as work:
        person = work.people.unmerge(person_id)
    return see_other(f"/people/{person.id}?said=unmerged")


def _facts(person: Person) -> list[str]:
    """What stands under the name: age and sex, as far as they are known."""
    facts = []
    if person.birth_date is not None:
        age = age_years(person.birth_date, today())
        facts.append(f"{age} year" if age == 1 else f"{age} years")
    if person.sex != "unknown":
        facts.append(person.sex)
    return facts


def _fields(values: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What the store takes, and a sentence for each field that it would not."""
    problems: dict[str, str] = {}
    if not values["given_name"] and not values["family_name"]:
        problems["given_name"] = "Give at least one name."
    born: date | None = None
    if values["birth_date"]:
        try:
            born = date.fromisoformat(values["birth_date"])
        except ValueError:
            problems["birth_date"] = (
                f"{values['birth_date']} is not a date; expected year-month-day, such as 1980-03-21."
            )
        else:
            if not EARLIEST <= born <= today():
                problems["birth_date"] = f"{values['birth_date']} is not a birth date of somebody alive today."
    return {**values, "sex": values["sex"] or "unknown", "birth_date": born}, problems


def _form(
    request: Request,
    visitor: Visitor,
    person: Any,
    values: dict[str, str],
    problems: dict[str, str],
    alike: tuple[Person, ...] = (),
) -> Response:
    return page(
        request, "people/form.html", visitor, status=422 if problems else 200, person=person, values=values,
        problems=problems, sexes=SEXES, alike=alike, facts_of=_facts,
    )  # fmt: skip
