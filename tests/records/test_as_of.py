"""Records kept as of another moment: for the demonstration, whose people have a past."""

from __future__ import annotations

from datetime import UTC, datetime

from psoas.records import open_records
from psoas.records.ids import as_of, new_id, now

THEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_what_is_kept_inside_happened_then_and_afterwards_it_is_now_again() -> None:
    with open_records("sqlite://") as records:
        with as_of(THEN):
            scope = records.set_up(practice="P", name="Olivia", login="olivia", password="a long enough password").scope
            with records.work(scope) as work:
                person = work.people.add(given_name="Ida")
        assert person.created_at == THEN
        assert now() > THEN
        assert records.verify() == []


def test_ids_sort_by_the_moment_they_are_made_for() -> None:
    later = new_id()
    with as_of(THEN):
        assert new_id() < later
