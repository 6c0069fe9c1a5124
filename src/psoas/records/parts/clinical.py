"""What is kept once and never changed: results, versions of the plan, check-ins and what was done about them, files."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from sqlalchemy import Row, func, select

from psoas.records.database.tables import check_in, file, plan, response, result, visit
from psoas.records.errors import Invalid, NotFound, Refused
from psoas.records.ids import canonical
from psoas.records.model import CheckIn, File, Plan, Response, Result
from psoas.records.parts.part import CLINICAL, Part

MOST_BYTES = 4_000_000
MOST_FILE_BYTES = 20_000_000
MOST_WORDS = 2000
"""The longest content, the largest file, the longest word on what was done: our choice."""
HASH = re.compile(r"[0-9a-f]{64}")
ALARM = re.compile(r"[a-z_]{1,30}")
MEDIA_TYPE = re.compile(r"[a-z0-9]+/[a-z0-9.+-]{1,100}")


class Results(Part):
    """Answers as they were given, with the version and the knowledge they came from; never computed again."""

    def keep(self, visit_id: str, answer: dict[str, Any], *, page: dict[str, Any]) -> Result:
        """Keeps an answer.

        Args:
            answer: as `Assessment.to_json` gives it; it names `psoas_version` and `knowledge_sha256`.
            page: what the result page shows beside it.
        """
        self._allow("To keep a result", *CLINICAL)
        version, knowledge = answer.get("psoas_version"), answer.get("knowledge_sha256")
        if not isinstance(version, str) or not 1 <= len(version) <= 40:
            raise Invalid("psoas_version", f"psoas_version is {version!r}; expected the version that gave the answer.")
        if not isinstance(knowledge, str) or not HASH.fullmatch(knowledge):
            raise Invalid("knowledge_sha256", f"knowledge_sha256 is {knowledge!r}; expected 64 hex digits.")
        text = _text({"answer": answer, "page": page})
        self._work.begin_write()
        person_id = self._row(visit, visit_id, "visit").person_id
        kept = {"visit_id": visit_id, "psoas_version": version, "knowledge_sha256": knowledge, "content": text}
        return self.get(self._keep(result, person_id, "keep", **kept))

    def get(self, id_: str) -> Result:
        """One result."""
        self._may_read()
        return _result(self._row(result, id_, "result"))

    def of(self, visit_id: str) -> tuple[Result, ...]:
        """Every result of a visit, the newest first."""
        self._may_read()
        self._row(visit, visit_id, "visit")
        found = select(result).where(*self._own(result), result.c.visit_id == visit_id)
        return tuple(_result(row) for row in self._all(found.order_by(result.c.made_at.desc(), result.c.id.desc())))

    def latest(self, visit_id: str) -> Result | None:
        """The newest result of a visit, if there is one."""
        self._may_read()
        self._row(visit, visit_id, "visit")
        found = select(result).where(*self._own(result), result.c.visit_id == visit_id)
        rows = self._all(found.order_by(result.c.made_at.desc(), result.c.id.desc()).limit(1))
        return _result(rows[0]) if rows else None

    def _may_read(self) -> None:
        self._allow("A result", *CLINICAL)


class Plans(Part):
    """Plans, each change a new version. A client reads the own ones."""

    def keep(self, visit_id: str, result_id: str, content: dict[str, Any]) -> Plan:
        """Keeps the next version of the plan of a visit."""
        self._allow("To keep a plan", *CLINICAL)
        text = _text(content)
        self._work.begin_write()
        person_id = self._row(visit, visit_id, "visit").person_id
        if self._row(result, result_id, "result").visit_id != visit_id:
            raise NotFound("There is no such result of this visit.")
        before = select(func.max(plan.c.number)).where(*self._own(plan), plan.c.visit_id == visit_id)
        number = (self._work.connection.execute(before).scalar_one() or 0) + 1
        kept = {"visit_id": visit_id, "result_id": result_id, "number": number, "content": text}
        return self.get(self._keep(plan, person_id, "keep", **kept))

    def get(self, id_: str) -> Plan:
        """One version of a plan."""
        self._may_read()
        return _plan(self._row(plan, id_, "plan"))

    def latest(self, visit_id: str) -> Plan | None:
        """The newest version of the plan of a visit, if there is one."""
        self._may_read()
        self._row(visit, visit_id, "visit")
        found = select(plan).where(*self._own(plan), plan.c.visit_id == visit_id)
        rows = self._all(found.order_by(plan.c.number.desc()).limit(1))
        return _plan(rows[0]) if rows else None

    def of_person(self, person_id: str) -> tuple[Plan, ...]:
        """Every version of every plan of a person, the newest first."""
        self._may_read()
        self._person_row(person_id)
        found = select(plan).where(*self._own(plan), self._theirs(plan, person_id))
        return tuple(_plan(row) for row in self._all(found.order_by(plan.c.made_at.desc(), plan.c.number.desc())))

    def _may_read(self) -> None:
        self._allow("A plan", *CLINICAL, "client")


class CheckIns(Part):
    """What a person told between visits; the person adds them by a private link."""

    def add(
        self, person_id: str, content: dict[str, Any], *, plan_id: str | None = None, alarm: str | None = None
    ) -> CheckIn:
        """Keeps a check-in.

        Args:
            alarm: one word for what somebody must act on; `People.alarms` lists it, and says until when.
        """
        self._may_read()
        if self._scope.role == "client" and self._scope.purpose not in ("check_in", "trial"):
            raise Refused("This link is not for check-ins; ask the practice for one that is.")
        if alarm is not None and not ALARM.fullmatch(alarm):
            raise Invalid("alarm", f"alarm is {alarm!r}; expected one word of 1 to 30 letters.")
        text = _text(content)
        self._work.begin_write()
        self._person_row(person_id)
        if plan_id is not None and not self._is_of(self._row(plan, plan_id, "plan"), person_id):
            raise NotFound("There is no such plan of this person.")
        return self.get(self._keep(check_in, person_id, "add", plan_id=plan_id, content=text, alarm=alarm))

    def get(self, id_: str) -> CheckIn:
        """One check-in."""
        self._may_read()
        return _check_in(self._row(check_in, id_, "check-in"))

    def of(self, person_id: str) -> tuple[CheckIn, ...]:
        """Every check-in of a person, the oldest first."""
        self._may_read()
        self._person_row(person_id)
        found = select(check_in).where(*self._own(check_in), self._theirs(check_in, person_id))
        return tuple(_check_in(row) for row in self._all(found.order_by(check_in.c.made_at, check_in.c.id)))

    def respond(self, id_: str, words: str) -> Response:
        """Keeps what was done about a check-in: its alarm waits for nobody any more."""
        self._allow("To answer a check-in", *CLINICAL)
        said = unicodedata.normalize("NFC", words.replace("\0", "")).strip()
        if not 1 <= len(said) <= MOST_WORDS:
            raise Invalid("words", f"words has {len(said)} characters; expected 1 to {MOST_WORDS}.")
        self._work.begin_write()
        person_id = self._row(check_in, id_, "check-in").person_id
        made = self._keep(response, person_id, "add", check_in_id=id_, content=said)
        return _response(self._row(response, made, "response"))

    def responses(self, person_id: str) -> tuple[Response, ...]:
        """What was done about a person's check-ins, the oldest first."""
        self._allow("What was done about a check-in", *CLINICAL)
        self._person_row(person_id)
        found = select(response).where(*self._own(response), self._theirs(response, person_id))
        return tuple(_response(row) for row in self._all(found.order_by(response.c.made_at, response.c.id)))

    def _may_read(self) -> None:
        self._allow("A check-in", *CLINICAL, "client")


class Files(Part):
    """Files of a visit. What is inside is the app's to check; here it is only bounded in size."""

    def add(self, visit_id: str, *, name: str, media_type: str, data: bytes) -> File:
        """Keeps a file."""
        self._may_read()
        name = "".join(sign for sign in unicodedata.normalize("NFC", name) if sign.isprintable()).strip()
        if not 1 <= len(name) <= 200:
            raise Invalid("name", f"name has {len(name)} characters; expected 1 to 200.")
        if not MEDIA_TYPE.fullmatch(media_type):
            raise Invalid("media_type", f"media_type is {media_type!r}; expected one such as image/png.")
        if not 1 <= len(data) <= MOST_FILE_BYTES:
            raise Invalid("data", f"The file has {len(data)} bytes; expected 1 to {MOST_FILE_BYTES}.")
        self._work.begin_write()
        person_id = self._row(visit, visit_id, "visit").person_id
        kept = {"visit_id": visit_id, "name": name, "media_type": media_type, "size": len(data), "data": data}
        return self.get(self._keep(file, person_id, "add", **kept))

    def get(self, id_: str) -> File:
        """One file with its content."""
        self._may_read()
        row = self._row(file, id_, "file")
        return _file(row, bytes(row.data))

    def of(self, visit_id: str) -> tuple[File, ...]:
        """The files of a visit, the oldest first; their `data` is empty, `get` reads it."""
        self._may_read()
        self._row(visit, visit_id, "visit")
        columns = [column for column in file.c if column.name != "data"]
        found = select(*columns).where(*self._own(file), file.c.visit_id == visit_id)
        return tuple(_file(row, b"") for row in self._all(found.order_by(file.c.made_at, file.c.id)))

    def _may_read(self) -> None:
        self._allow("A file", *CLINICAL)


def _text(content: Any) -> str:
    if not isinstance(content, dict):
        raise Invalid("content", f"content is {type(content).__name__}; expected an object.")
    text = canonical(content)
    if len(text) > MOST_BYTES:
        raise Invalid("content", f"content has {len(text)} bytes; expected at most {MOST_BYTES}.")
    return text


def _result(row: Row[Any]) -> Result:
    content = json.loads(row.content)
    return Result(
        row.id,
        row.visit_id,
        row.person_id,
        row.made_at,
        row.by,
        row.psoas_version,
        row.knowledge_sha256,
        content["answer"],
        content["page"],
    )


def _plan(row: Row[Any]) -> Plan:
    content = json.loads(row.content)
    return Plan(row.id, row.visit_id, row.result_id, row.person_id, row.number, row.made_at, row.by, content)


def _check_in(row: Row[Any]) -> CheckIn:
    return CheckIn(row.id, row.person_id, row.plan_id, row.made_at, row.by, json.loads(row.content))


def _response(row: Row[Any]) -> Response:
    return Response(row.id, row.check_in_id, row.person_id, row.made_at, row.by, row.content)


def _file(row: Row[Any], data: bytes) -> File:
    return File(row.id, row.visit_id, row.person_id, row.name, row.media_type, row.size, row.made_at, data)
