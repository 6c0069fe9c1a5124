"""The people a practice looks after."""

from __future__ import annotations

import json
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, false, func, insert, or_, select, update

from psoas.records.chain import digest_of
from psoas.records.clock import today
from psoas.records.database.tables import PERSONAL, check_in, metadata, person, response, visit
from psoas.records.errors import Conflict, Invalid
from psoas.records.fold import fold, fold_name
from psoas.records.ids import new_id, now
from psoas.records.model import SEXES, Alarmed, Overview, Person
from psoas.records.parts.part import CLINICAL, EVERYONE, STAFF, Part
from psoas.records.row_seal import row_content

TEXTS = {"given_name": 120, "family_name": 120, "contact": 400, "note": 4000}
"""The longest text of each field, in characters: our choice."""
FIELDS = (*TEXTS, "birth_date", "sex")
EARLIEST = date(1890, 1, 1)
AT_ONCE = 500
"""People written at once when many are brought in."""


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
                visited.c.state != "cancelled",
                visited.c.started_at <= now(),  # a visit of a clock that ran fast silences nothing
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
            id_ = self._person_row(person_id).id
            found = found.where(or_(person.c.id == id_, person.c.merged_into_id == id_))
        why = ("visit_id", "check_in_id", "alarm")
        told_why = self._scope.role in CLINICAL
        return tuple(
            Alarmed(_person(row), row.since, **{name: getattr(row, name) if told_why else None for name in why})
            for row in self._all(found)
        )

    def overview(self, ids: Sequence[str]) -> dict[str, Overview]:
        """When each of these people came last and comes next, by their id."""
        self._allow("The list of people", *STAFF)
        told = self._scope.role in CLINICAL
        whose = func.coalesce(person.c.merged_into_id, person.c.id)
        found = (
            select(whose.label("whose"), visit.c.started_at, visit.c.state, visit.c.kind, visit.c.next_on, visit.c.case)
            .join(person, person.c.id == visit.c.person_id)
            .where(*self._own(visit), visit.c.state != "cancelled", whose.in_(list(ids)))
            .order_by(visit.c.started_at.desc(), visit.c.id.desc())
        )
        held: dict[str, list[Row[Any]]] = {}
        for row in self._all(found):
            held.setdefault(row.whose, []).append(row)
        return {id_: _overview(held.get(id_, []), told) for id_ in ids}

    def alike(self, **fields: Any) -> tuple[Person, ...]:
        """Who may be the same person: the same names in any order, or the same day of birth and one name the same."""
        self._allow("The list of people", *STAFF)
        values = {"given_name": "", "family_name": "", "birth_date": None} | _checked(fields)
        names = set(_folded(values).split())
        if not names:
            return ()
        any_name = or_(*(person.c.search.contains(name, autoescape=True) for name in sorted(names)[:8]))
        found = select(person).where(*self._own(person), *_listed(), any_name).order_by(person.c.search, person.c.id)
        return tuple(_person(row) for row in self._all(found.limit(500)) if _is_alike(row, names, values))

    def merge(self, into: str, other: str) -> Person:
        """Lets `other` be one with `into`, under whose name everything of both is found from now on.

        Nothing is moved or copied, so the audit trail of both stays whole, and `unmerge` takes it back.

        Raises:
            Conflict: both have a visit open, or others were merged into `other`.
        """
        self._allow("To merge people", *CLINICAL)
        self._work.begin_write()
        kept, gone = self._person_row(into), self._person_row(other)
        if gone.merged_into_id == into:
            return _person(kept)
        if into == other or kept.merged_into_id is not None or gone.merged_into_id is not None:
            raise Conflict("One of the two was merged already; undo that first, or choose the one that is in the list.")
        if self._all(select(person.c.id).where(*self._own(person), person.c.merged_into_id == other).limit(1)):
            raise Conflict("Somebody was merged into the second one already; merge the other way round.")
        open_ = select(visit.c.id).where(
            *self._own(visit), visit.c.state == "open", self._theirs(visit, into) | (visit.c.person_id == other)
        )
        if len(self._all(open_)) > 1:
            raise Conflict("Both have a visit open; finish or cancel one of them first.")
        self._work.connection.execute(
            update(person).where(*self._own(person), person.c.id == other).values(merged_into_id=into)
        )
        self._note("person.merge", other)
        self._note("person.merge_into", into)
        return self.get(into)

    def unmerge(self, other: str) -> Person:
        """Takes a merge back: `other` is a person of their own again, with all that was theirs."""
        self._allow("To take a merge back", *CLINICAL)
        self._work.begin_write()
        self._person_row(other)
        self._work.connection.execute(
            update(person).where(*self._own(person), person.c.id == other).values(merged_into_id=None)
        )
        self._note("person.unmerge", other)
        return self.get(other)

    def merged_into(self, id_: str) -> tuple[Person, ...]:
        """Who was merged into this person."""
        self._allow("A person", *STAFF)
        found = select(person).where(*self._own(person), person.c.merged_into_id == self._person_row(id_).id)
        return tuple(_person(row) for row in self._all(found.order_by(person.c.id)))

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

    def add_all(self, people: Sequence[dict[str, Any]]) -> int:
        """Several new people at once, all or none; returns how many.

        Raises:
            Invalid: a field that cannot be kept, with the number of the one it belongs to, from 1.
        """
        self._allow("To bring people in", *CLINICAL)
        self._work.begin_write()
        rows = [self._new_row(number, fields) for number, fields in enumerate(people, 1)]
        for at in range(0, len(rows), AT_ONCE):
            some = rows[at : at + AT_ONCE]
            self._work.connection.execute(insert(person), some)
            told = [
                ("person.add", "person", row["id"], digest_of(row["salt"], row_content(person, row))) for row in some
            ]
            self._work.note_all(told)
        return len(rows)

    def _new_row(self, number: int, fields: dict[str, Any]) -> dict[str, Any]:
        values = {"given_name": "", "family_name": "", "birth_date": None, "sex": "unknown", "contact": "", "note": ""}
        try:
            values |= _checked(fields)
            _need_a_name(values)
        except Invalid as err:
            raise Invalid(err.field, f"Person {number}: {err}") from err
        own = {"id": new_id(), "practice_id": self._scope.practice_id, "salt": secrets.token_hex(32)}
        return {**own, **values, "search": _folded(values), "created_at": now(), "erased_at": None,
                "merged_into_id": None}  # fmt: skip

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
        for other in self.merged_into(id_):
            self._erase(other.id)
        self._erase(id_)

    def _erase(self, id_: str) -> None:
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
        if text.strip() and not words:
            words = [false()]  # nothing but signs that no name is searched by
        return [*self._own(person), *_listed(), *words]

    def _note(self, action: str, id_: str) -> None:
        self._note_row(person, id_, action)


def _folded(values: dict[str, Any]) -> str:
    return fold_name(values["family_name"], values["given_name"])


def _listed() -> list[ColumnElement[bool]]:
    """Who stands in lists: nobody erased, nobody merged into another."""
    return [person.c.erased_at.is_(None), person.c.merged_into_id.is_(None)]


def _is_alike(row: Row[Any], names: set[str], values: dict[str, Any]) -> bool:
    known = set(row.search.split())
    same_day = row.birth_date is not None and row.birth_date == values["birth_date"]
    other_day = row.birth_date is not None and values["birth_date"] is not None and not same_day
    return (known == names and not other_day) or (same_day and not known.isdisjoint(names))


def _overview(rows: list[Row[Any]], told: bool) -> Overview:
    """From a person's visits, the newest first."""
    if not rows:
        return Overview(None, None, None, None, None)
    last = rows[0]
    next_on = last.next_on if last.next_on is not None and last.next_on >= today() else None
    assessed = [row.case for row in rows if told and row.kind != "treatment"]
    case: dict[str, Any] | None = next((held for text in assessed if (held := json.loads(text)).get("pain")), None)
    return Overview(last.started_at, last.state, last.kind, next_on, case)


def _person(row: Row[Any]) -> Person:
    fields = {name: getattr(row, name) for name in FIELDS}
    return Person(row.id, **fields, created_at=row.created_at, merged_into=row.merged_into_id)


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
    if not EARLIEST <= found <= today():
        raise Invalid("birth_date", f"birth_date is {found}; expected a day from {EARLIEST} to today.")
    return found
