"""What goes over the wire beside the answer itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from psoas.assessment.schema import NextShape

Id = Annotated[str, Path(pattern="^[0-9A-Za-z-]{1,64}$", description="an id that another answer gave")]
CASE_DATA = {
    "type": "object",
    "required": ["psoas_case"],
    "properties": {"psoas_case": {"const": 1}},
    "description": "A case; GET /api/v1/schema/case has the whole shape.",
}
CaseData = Annotated[dict[str, Any], WithJsonSchema(CASE_DATA)]


def _a_word(value: Any) -> Any:
    """Text that a store can keep: no NUL, which PostgreSQL refuses, and no half of a surrogate pair."""
    if isinstance(value, str) and ("\x00" in value or (not value.isascii() and not _encodes(value))):
        raise ValueError("holds signs that are no text")
    return value


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


Text = Annotated[str, BeforeValidator(_a_word)]


class Shape(BaseModel):
    """A body whose fields are all known."""

    model_config = ConfigDict(extra="forbid")


class Fault(Shape):
    """What went wrong: `message` says what came, what was expected and what to do."""

    code: str
    message: str
    field: str | None
    allowed: list[str] | None


class Failure(Shape):
    """The one shape of every error."""

    error: Fault


class Problem(Shape):
    """One sentence about one place of a case."""

    field: str
    message: str


class Check(Shape):
    """Whether a case can be taken as it stands; `remarks` are worth a look and stop nothing."""

    ok: bool
    problems: list[Problem]
    remarks: list[Problem]


class Next(Shape):
    """What to ask or test next, the most telling first, and the danger signs still open, the most pressing first."""

    urgency: str
    not_asked: list[str]
    next: list[NextShape]


class About(Shape):
    """Which evidence answers rest on."""

    psoas_version: str
    knowledge_sha256: str
    findings: list[str]
    sources_of_pain: list[str]
    red_flags: list[str]
    measurements: list[str]


class Entry(Shape):
    """Everything the evidence holds under one id."""

    id: str
    facts: list[dict[str, Any]]


class SignIn(Shape):
    """Who asks for a token."""

    login: Annotated[Text, Field(min_length=1, max_length=200)]
    password: Annotated[Text, Field(min_length=1, max_length=1000)]


class Token(Shape):
    """A token for `Authorization: Bearer`; it is shown once."""

    token: str
    expires_at: datetime
    name: str
    role: str
    practice: str


class PersonIn(Shape):
    """A person to add, or what to change of one."""

    given_name: Annotated[Text, Field(max_length=120)] = ""
    family_name: Annotated[Text, Field(max_length=120)] = ""
    birth_date: date | None = None
    sex: Literal["female", "male", "other", "unknown"] = "unknown"
    contact: Annotated[Text, Field(max_length=120)] = ""
    note: Annotated[Text, Field(max_length=2000)] = ""


class Person(PersonIn):
    """A person of the practice."""

    id: str
    created_at: datetime


class People(Shape):
    """Some of the people that were looked for; `count` is how many there are."""

    people: list[Person]
    count: int


class VisitIn(Shape):
    """A case to keep; `version` is that of the visit as it was read."""

    case: CaseData
    version: int = Field(ge=1, le=2**31 - 1)


class StartVisit(Shape):
    """The case of a new visit."""

    case: CaseData


class CloseVisit(Shape):
    """How a visit ends."""

    state: Literal["finished", "stopped"]


class Visit(Shape):
    """One visit."""

    id: str
    person_id: str
    started_at: datetime
    changed_at: datetime
    state: str
    step: str | None
    version: int
    case: dict[str, Any]


class Visits(Shape):
    """Visits, the newest first."""

    visits: list[Visit]


class Result(Shape):
    """An answer as it was given; never computed again."""

    id: str
    visit_id: str
    made_at: datetime
    psoas_version: str
    knowledge_sha256: str
    answer: dict[str, Any]


class Results(Shape):
    """Results of a visit, the newest first."""

    results: list[Result]


class PlanIn(Shape):
    """A version of a plan, and the result it rests on."""

    result_id: Annotated[str, Field(pattern="^[0-9A-Za-z-]{1,64}$")]
    content: dict[str, Any]


class Plan(Shape):
    """A version of a plan."""

    id: str
    visit_id: str
    result_id: str
    number: int
    made_at: datetime
    content: dict[str, Any]


class Plans(Shape):
    """Plans of a person, the newest first."""

    plans: list[Plan]


class CheckInStored(Shape):
    """A check-in as it was told."""

    id: str
    made_at: datetime
    content: dict[str, Any]


class CheckIns(Shape):
    """Check-ins, the oldest first."""

    check_ins: list[CheckInStored]


class Reason(Shape):
    """Why, and the change it was held against."""

    words: str
    threshold: float | None
    what: str | None
    source: list[str]
    read_in: list[str]


class Progress(Shape):
    """How it goes; null when there is no visit to hold it against."""

    verdict: str
    alarm: bool
    urgency: str
    week: float | None
    pain: float | None
    pain_change: float | None
    function_change: float | None
    change: int | None
    expected_pain: float | None
    why: list[Reason]
    beside: list[str]
