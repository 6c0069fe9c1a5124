"""The people a practice looks after."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, func, insert, select, update

from psoas.records.database.tables import PERSONAL, check_in, metadata, person, response, visit
from psoas.records.errors import Invalid
from psoas.records.ids import new_id, now
from psoas.records.model import SEXES, Alarmed, Person
from psoas.records.parts.part import CLINICAL, EVERYONE, STAFF, Part

TEXTS = {"given_name": 120, "family_name": 120, "contact": 400, "note": 4000}
"""The longest text of each field, in characters: our choice."""
FIELDS = (*TEXTS, "birth_date", "sex")
EARLIEST = date(1900, 1, 1)


class People(Part):
    """People, found by name; erased ones are gone from every answer."""

    def search(self, text: str = "", *, limit: int = 50, offset: int = 0) -> tuple[Person, ...]:
        """Those whose name holds every word of the text, ordered by family name."""
        self._allow("The list of people", *STAFF)
        found = select(person).where(*self._matching(text)).order_by(person.c.search, person.c.id)
        return tuple(_person(row) for row in self._all(found.limit(limit).offset(offset)))

    def count(self, text: str = "") -> int:
        """How many `search` would find."""
        self._allow("The list of people", *STAFF)
        found = select(func.count()).select_from(person).where(*self._matching(text))
        return int(self._work.connection.execute(found).scalar_one())

    def alarms(self, *, person_id: str | None = None, limit: int = 50) -> tuple[Alarmed, ...]:
        """Whose open visit stopped for a danger, or whose last check-in raised an alarm, the newest first.

        A check-in counts until a later one raises none, a practitioner starts a visit after it, or one says what was
        done (`CheckIns.respond`).

        Args:
            person_id: of this person alone.
        """
        self._allow("The list of people", *STAFF)
        later, visited = check_in.alias("later"), visit.alias("visited")
        after = (later.c.made_at > check_in.c.made_at) | (
            (later.c.made_at == check_in.c.made_at) & (later.c.id > check_in.c.id)
        )
        told = select(check_in.c.id, check_in.c.person_id, check_in.c.made_at, check_in.c.alarm).where(
            *self._own(check_in),
            check_in.c.alarm.is_not(None),
            ~exists().where(later.c.person_id == check_in.c.person_id, after),
            ~exists().where(
                visited.c.person_id == check_in.c.person_id,
                visited.c.by.is_not(None),
                visited.c.started_at > check_in.c.made_at,
            ),
            ~exists().where(response.c.check_in_id == check_in.c.id),
        ).subquery("told")  # fmt: skip
        stopped = (
            select(visit.c.person_id, visit.c.changed_at, visit.c.id.label("visit_id"))
            .where(*self._own(visit), visit.c.state == "open", visit.c.step == "stop")
            .subquery("stopped")
        )
        since = func.coalesce(stopped.c.changed_at, told.c.made_at).label("since")
        found = (
            select(*person.c, since, stopped.c.visit_id, told.c.id.label("check_in_id"), told.c.alarm)
            .outerjoin(stopped, stopped.c.person_id == person.c.id)
            .outerjoin(told, told.c.person_id == person.c.id)
            .where(*self._own(person), person.c.erased_at.is_(None), since.is_not(None))
            .order_by(since.desc(), person.c.id)
            .limit(limit)
        )
        if person_id is not None:
            found = found.where(person.c.id == self._person_row(person_id).id)
        why = ("visit_id", "check_in_id", "alarm")
        told_why = self._scope.role in CLINICAL
        return tuple(
            Alarmed(_person(row), row.since, **{name: getattr(row, name) if told_why else None for name in why})
            for row in self._all(found)
        )

    def get(self, id_: str) -> Person:
        """One person."""
        self._allow("A person", *EVERYONE)
        return _person(self._person_row(id_))

    def add(self, **fields: Any) -> Person:
        """A new person; `family_name` or `given_name` is needed, the rest may come later."""
        self._allow("To add people", *STAFF)
        values = {"given_name": "", "family_name": "", "birth_date": None, "sex": "unknown", "contact": "", "note": ""}
        values |= _checked(fields)
        _need_a_name(values)
        self._work.begin_write()
        id_, salt = new_id(), secrets.token_hex(32)
        self._work.connection.execute(
            insert(person).values(
                id=id_,
                practice_id=self._scope.practice_id,
                salt=salt,
                search=_folded(values),
                created_at=now(),
                erased_at=None,
                **values,
            )
        )
        self._note("person.add", id_)
        return self.get(id_)

    def change(self, id_: str, **fields: Any) -> Person:
        """Changes the fields given."""
        self._allow("To change people", *STAFF)
        changed = _checked(fields)
        self._work.begin_write()
        row = self._person_row(id_)
        values = {name: getattr(row, name) for name in FIELDS} | changed
        _need_a_name(values)
        self._work.connection.execute(
            update(person).where(*self._own(person), person.c.id == id_).values(search=_folded(values), **changed)
        )
        self._note("person.change", id_)
        return self.get(id_)

    def erase(self, id_: str) -> None:
        """Removes everything about the person and leaves a tombstone: an id_, and when it was erased.

        The salt goes too, so the digests in the audit trail tell nothing any more, and the chain stays whole.
        """
        self._allow("To erase people", "owner")
        self._work.begin_write()
        self._person_row(id_)
        blank = dict.fromkeys((*TEXTS, "search", "salt"), "") | {"birth_date": None, "sex": "unknown"}
        self._work.connection.execute(
            update(person).where(*self._own(person), person.c.id == id_).values(erased_at=now(), **blank)
        )
        for name in PERSONAL:
            table = metadata.tables[name]
            theirs = (*self._own(table), table.c.person_id == id_)
            for row in self._all(select(table.c.id).where(*theirs)):
                self._work.note(f"{name}.erase", name, row.id)
            self._work.connection.execute(delete(table).where(*theirs))
        self._work.note("person.erase", "person", id_)

    def _matching(self, text: str) -> list[ColumnElement[bool]]:
        words = [person.c.search.contains(word, autoescape=True) for word in fold(text).split()[:8]]
        return [*self._own(person), person.c.erased_at.is_(None), *words]

    def _note(self, action: str, id_: str) -> None:
        self._note_row(person, id_, action)


def fold(text: str) -> str:
    """Without case and accents, as it is searched for: `Müller` is found by `muller`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def _folded(values: dict[str, Any]) -> str:
    return fold(f"{values['family_name']} {values['given_name']}")


def _person(row: Row[Any]) -> Person:
    return Person(row.id, **{name: getattr(row, name) for name in FIELDS}, created_at=row.created_at)


def _need_a_name(values: dict[str, Any]) -> None:
    if not values["given_name"] and not values["family_name"]:
        raise Invalid("family_name", "family_name and given_name are empty; expected at least one of them.")


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as they are kept, or the sentence about the first that cannot be."""
    for name in fields:
        if name not in FIELDS:
            raise Invalid(name, f"{name} is not kept about a person; expected some of {', '.join(FIELDS)}.")
    return {name: _value(name, value) for name, value in fields.items()}


def _value(name: str, value: Any) -> Any:
    if name == "birth_date":
        return _birth_date(value)
    if not isinstance(value, str):
        raise Invalid(name, f"{name} is {value!r}; expected text.")
    text = unicodedata.normalize("NFC", value.replace("\0", "")).strip()
    if name == "sex":
        if text not in SEXES:
            raise Invalid(name, f"sex is {value!r}; expected one of {', '.join(SEXES)}.")
        return text
    if len(text) > TEXTS[name]:
        raise Invalid(name, f"{name} has {len(text)} characters; expected at most {TEXTS[name]}.")
    return text


def _birth_date(value: Any) -> date | None:
    if value is None or value == "":
        return None
    try:
        found = value if type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError) as err:
        raise Invalid("birth_date", f"birth_date is {value!r}; expected a day such as 1980-05-31.") from err
    if not EARLIEST <= found <= now().date():
        raise Invalid("birth_date", f"birth_date is {found}; expected a day from {EARLIEST} to today.")
    return found
