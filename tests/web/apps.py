"""The app over a store in memory, for tests without a browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from psoas.records import Records, Scope, open_records
from psoas.web.app import create_app
from psoas.web.settings import Settings

PASSWORD = "a long enough password"
CASE: dict[str, Any] = {
    "psoas_case": 1,
    "person": {"age_years": 40, "sex": "female"},
    "pain": {"regions": {"lumbar_right": 6}, "duration_weeks": 3, "course": "stable"},
    "goals": ["tie my shoes", "sit through a film"],
}


@dataclass(frozen=True)
class Running:
    """An app, its store, its owner's scope, and a client without cookies."""

    app: Any
    records: Records
    scope: Scope
    client: TestClient

    def headers(self) -> dict[str, str]:
        """The header of a program that is signed in as the owner."""
        session = self.records.sign_in("anna", PASSWORD, address="test")
        assert session is not None
        return {"authorization": f"Bearer {session.token}"}

    def person(self, **fields: Any) -> str:
        """A new person's id."""
        with self.records.work(self.scope) as work:
            return work.people.add(**({"given_name": "Mara", "family_name": "Test"} | fields)).id

    def visit(self, person_id: str, case: dict[str, Any] | None = None, state: str | None = "finished") -> str:
        """A visit's id, with this case."""
        with self.records.work(self.scope) as work:
            visit = work.visits.start(person_id, case=case or CASE)
            if state:
                work.visits.close(visit.id, state)
            return visit.id


def running(settings: Settings | None = None) -> Running:
    """A fresh app."""
    records = open_records("sqlite://", key=None)
    account = records.set_up(practice="Test", name="Anna Test", login="anna", password=PASSWORD)
    app = create_app(settings or Settings(), records)
    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False, follow_redirects=False)
    return Running(app, records, account.scope, client)
