"""A practice of ten fictional people at different stages, for `psoas serve --demo` and for pictures.

The same every time but for the day: the past is counted back from now. Nothing is assessed here; a result is computed
when its page is first opened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from psoas.case import Case
from psoas.follow_up import CheckIn
from psoas.interview import Interview
from psoas.knowledge.index import vocabulary
from psoas.records.ids import as_of
from psoas.web.follow_up.record import course_of, keep_check_in
from psoas.web.settings import DEMO_LOGIN, DEMO_PASSWORD

if TYPE_CHECKING:
    from psoas.records import Records, Scope

PEOPLE = Path(__file__).parent / "demo_people.yaml"
PRACTICE, OWNER = "Harbour Street (fictional)", "Olivia Owner"
_HOUR = 9

Event = tuple[datetime, Callable[[], None]]


def people() -> list[dict[str, Any]]:
    """The fictional people as the file has them."""
    found: list[dict[str, Any]] = yaml.safe_load(PEOPLE.read_text(encoding="utf-8"))
    return found


def fill(records: Records, *, now: datetime | None = None) -> Scope:
    """Fill a new store with the demonstration.

    Args:
        now: the moment from which the past is counted back.

    Returns:
        What its owner may reach.
    """
    now = now or datetime.now(UTC)
    told = people()
    first = now - timedelta(days=max(one["days_ago"] for one in told) + 1)
    with as_of(first):
        scope = records.set_up(practice=PRACTICE, name=OWNER, login=DEMO_LOGIN, password=DEMO_PASSWORD).scope
    events: list[Event] = []
    for person in told:
        events += _events(records, scope, person, now)
    for moment, happen in sorted(events, key=lambda event: event[0]):
        with as_of(moment):
            happen()
    return scope


def _events(records: Records, scope: Scope, person: dict[str, Any], now: datetime) -> list[Event]:
    """What happened to one person, each with its moment; the first makes the person."""
    start = _morning(now, person["days_ago"])
    known: dict[str, str] = {}
    events: list[Event] = [(start, partial(_visit, records, scope, person, known))]
    for one in person.get("check_ins", ()):
        when = min(_morning(now, person["days_ago"] - one["after"]), now)
        events.append((when, partial(_check_in, records, scope, one, known, when.date())))
    if "link" in person:
        events.append((now, partial(_link, records, scope, person["link"], known)))
    return events


def _morning(now: datetime, days_ago: int) -> datetime:
    then = (now - timedelta(days=days_ago)).replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    return min(then, now - timedelta(days=days_ago))


def _visit(records: Records, scope: Scope, person: dict[str, Any], known: dict[str, str]) -> None:
    told = safety_answered(person["case"]) if person.get("safety_answered") else person["case"]
    case = Case.of(told, vocabulary()).to_data()
    born = person["birth_date"]
    with records.work(scope) as work:
        made = work.people.add(
            given_name=person["given_name"],
            family_name=person["family_name"],
            birth_date=born if isinstance(born, date) else date.fromisoformat(born),
            sex=person["sex"],
            note=person["note"],
        )
        known["person"] = made.id
        visit = work.visits.start(made.id, case=case)
        if "step" in person:
            visit = work.visits.save(visit.id, case, version=visit.version, step=person["step"], what="demo")
        if "state" in person:
            work.visits.close(visit.id, person["state"])


def safety_answered(case: dict[str, Any]) -> dict[str, Any]:
    """The case, with 'no' to every danger question before a first answer that it leaves open and that concerns them."""
    sheets = Interview(case).first_sheets
    none = {part.id: "no" for sheet in sheets for part in sheet.parts}
    return {**case, "findings": {**none, **case.get("findings", {})}}


def _check_in(records: Records, scope: Scope, told: dict[str, Any], known: dict[str, str], on: date) -> None:
    content = CheckIn.of({**{name: part for name, part in told.items() if name != "after"}, "on": on}, vocabulary())
    with records.work(scope) as work:
        keep_check_in(work, known["person"], content, course_of(work, known["person"]))


def _link(records: Records, scope: Scope, purpose: str, known: dict[str, str]) -> None:
    with records.work(scope) as work:
        work.links.make(known["person"], purpose)
