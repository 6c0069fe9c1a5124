"""What the records hold, as frozen values. Times are UTC and aware; ids are random and ordered by time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

Role = Literal["owner", "practitioner", "front_desk", "client"]
Purpose = Literal["intake", "check_in", "trial", "plan"]
EntryKind = Literal["diary", "score"]
VisitState = Literal["open", "stopped", "finished", "cancelled"]
VisitKind = Literal["assessment", "follow_up", "treatment"]
TrialKind = Literal["retest", "weeks"]

STAFF_ROLES = ("owner", "practitioner", "front_desk")
PURPOSES: tuple[str, ...] = get_args(Purpose)
KINDS: tuple[str, ...] = get_args(VisitKind)
CLOSED_STATES = ("stopped", "finished", "cancelled")
HELD_STATES = ("stopped", "finished")
"""Closed visits that took place; a cancelled one did not, and nothing is carried over from it."""
SEXES = ("female", "male", "other", "unknown")


@dataclass(frozen=True)
class Scope:
    """Who asks, and for which practice: every query is filtered by it.

    Attributes:
        person_id: the only person a client may see; None for staff.
        name: for display.
        purpose: what a client's link is for; None for staff.
        visit_id: the only visit that a client's intake link reaches; None until one is begun with it.
        link_id: the client's link; the visit that is begun with it is noted there.
        sees_earlier: whether a visit begun with it carries over from the one before: whoever made it may see that.
    """

    practice_id: str
    account_id: str | None
    role: Role
    person_id: str | None = None
    name: str = ""
    purpose: Purpose | None = None
    visit_id: str | None = None
    link_id: str | None = None
    sees_earlier: bool = False

    def __post_init__(self) -> None:
        """A client without a person, or a role that is none, would be a hole: it cannot be built."""
        if self.role not in get_args(Role):
            raise ValueError(f"role is {self.role!r}; expected one of {', '.join(get_args(Role))}.")
        if (self.role == "client") != (self.person_id is not None):
            raise ValueError("person_id is for clients, and a client needs one.")


@dataclass(frozen=True)
class Account:
    """Somebody who signs in.

    Attributes:
        must_change: the password was given by somebody else and is good for changing it alone.
    """

    id: str
    practice_id: str
    practice: str
    name: str
    login: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    must_change: bool = False

    @property
    def scope(self) -> Scope:
        """What this account may reach."""
        return Scope(self.practice_id, self.id, self.role, name=self.name)


@dataclass(frozen=True)
class Session:
    """A signed-in account.

    Attributes:
        token: the secret of the browser's cookie; the store keeps only its hash.
        csrf: what a form of this session must bring back.
    """

    token: str = field(repr=False)
    csrf: str = field(repr=False)
    account: Account
    expires_at: datetime

    @property
    def scope(self) -> Scope:
        """What this session may reach."""
        return self.account.scope


@dataclass(frozen=True)
class ClientLink:
    """A private link for one person and one purpose; its token is shown once, when it is made.

    Attributes:
        claimed: a hash of what only the browser holds that began with it; None until one has.
    """

    id: str
    practice_id: str
    person_id: str
    purpose: Purpose
    visit_id: str | None
    plan_id: str | None
    by: str | None
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    claimed: str | None = None
    sees_earlier: bool = False

    @property
    def scope(self) -> Scope:
        """What the bearer may reach: this person, for this purpose."""
        return Scope(
            self.practice_id, None, "client", self.person_id, "client", purpose=self.purpose, visit_id=self.visit_id,
            link_id=self.id, sees_earlier=self.sees_earlier,
        )  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A client of the practice."""

    id: str
    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    contact: str
    note: str
    created_at: datetime
    merged_into: str | None = None


@dataclass(frozen=True)
class Overview:
    """What a list of people says of one: when they came last and come next.

    Attributes:
        last_at: the start of the last visit that was not cancelled; None before the first.
        state: of that visit.
        kind: of that visit.
        next_on: the day agreed for the next visit, if it is not past.
        case: of the last visit that says something of the pain; None for the front desk, which sees nothing clinical.
    """

    last_at: datetime | None
    state: VisitState | None
    kind: VisitKind | None
    next_on: date | None
    case: dict[str, Any] | None


@dataclass(frozen=True)
class Alarmed:
    """Somebody for whom a practitioner must act; the front desk learns that, and nothing of why.

    Attributes:
        since: when the visit stopped or the check-in was sent.
        visit_id: the open visit that a danger stopped. None for the front desk.
        check_in_id: the check-in that raised an alarm. None for the front desk, and without one.
        alarm: what it raised, one word. None as above.
    """

    person: Person
    since: datetime
    visit_id: str | None
    check_in_id: str | None
    alarm: str | None


@dataclass(frozen=True)
class Visit:
    """One visit: the case as far as it is filled in.

    Attributes:
        version: counts the saves; a save must name the one it read.
        case: the visit's data in CASE_FORMAT.
        by: the account that started it; None where the client did.
        kind: a first assessment, a follow-up that knows the one before, or a treatment session without a new one.
        previous_id: the visit that this one carries over from.
        next_on: the day agreed for the next one.
    """

    id: str
    person_id: str
    started_at: datetime
    changed_at: datetime
    state: VisitState
    step: str | None
    version: int
    case: dict[str, Any]
    by: str | None
    kind: VisitKind = "assessment"
    previous_id: str | None = None
    next_on: date | None = None


@dataclass(frozen=True)
class Note:
    """A version of the note of a session."""

    id: str
    visit_id: str
    person_id: str
    number: int
    made_at: datetime
    by: str | None
    content: dict[str, Any]


@dataclass(frozen=True)
class Consent:
    """What a person agreed to or took back, and when."""

    id: str
    person_id: str
    made_at: datetime
    by: str | None
    content: dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One line of what is told of a person bit by bit, kept once.

    Attributes:
        kind: a tick or pain of the plan at home, or the score of a questionnaire.
        key: what makes it this line: sent twice, it is kept once.
    """

    id: str
    person_id: str
    kind: EntryKind
    key: str
    made_at: datetime
    by: str | None
    content: dict[str, Any]


@dataclass(frozen=True)
class Result:
    """An answer as it was given, never computed again."""

    id: str
    visit_id: str
    person_id: str
    made_at: datetime
    by: str | None
    psoas_version: str
    knowledge_sha256: str
    answer: dict[str, Any]
    page: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """A version of the plan that was agreed on."""

    id: str
    visit_id: str
    result_id: str
    person_id: str
    number: int
    made_at: datetime
    by: str | None
    content: dict[str, Any]


@dataclass(frozen=True)
class CheckIn:
    """What a person told between visits."""

    id: str
    person_id: str
    plan_id: str | None
    made_at: datetime
    by: str | None
    content: dict[str, Any]


@dataclass(frozen=True)
class Response:
    """What a practitioner did about a check-in, in their words."""

    id: str
    check_in_id: str
    person_id: str
    made_at: datetime
    by: str | None
    words: str


@dataclass(frozen=True)
class StoredTrial:
    """Something tried on one person, as it was laid down before it began.

    Attributes:
        kind: `retest` within a visit, or `weeks`.
        visit_id: the visit of a re-test, or the one whose plan holds what is tried.
    """

    id: str
    person_id: str
    visit_id: str | None
    kind: str
    made_at: datetime
    by: str | None
    content: dict[str, Any]


@dataclass(frozen=True)
class TrialEntry:
    """One thing that was told or done in a trial: a reading, a day, a look, its end."""

    id: str
    trial_id: str
    person_id: str
    made_at: datetime
    by: str | None
    content: dict[str, Any]


@dataclass(frozen=True)
class File:
    """Something that belongs to a visit: a photo, a letter."""

    id: str
    visit_id: str
    person_id: str
    name: str
    media_type: str
    size: int
    made_at: datetime
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit trail. It holds no personal content.

    Attributes:
        seq: 1, 2, 3 ... within the practice.
        digest: keyed digest of the content with the person's own salt; nothing can be learnt from it once that is gone.
        previous: hash of the entry before; 64 zeros for the first.
    """

    seq: int
    at: str
    by: str | None
    role: str
    action: str
    subject: str
    subject_id: str
    digest: str
    previous: str
    hash: str
