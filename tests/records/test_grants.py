"""What grants, alarms or deletes is sealed; links have their maker's rights; nobody is locked out by strangers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from psoas.records import Invalid, NotFound, Paused, Records, Refused, ids, open_records
from psoas.records import moment as clocks
from psoas.records.access import guards, sign_in
from psoas.records.access.tokens import hash_of_token
from psoas.records.database.tables import PERSONAL
from psoas.records.parts import links

from .conftest import KEY, PASSWORD, Practice, fill
from .test_audit import behind_the_back

CLAIM = "ab" * 32


# ---- what verify covers


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE account SET role = 'owner' WHERE role = 'front_desk'", "account"),
        ("UPDATE account SET password_hash = 'x' WHERE role = 'owner'", "account"),
        ("UPDATE account SET disabled_at = created_at WHERE role = 'owner'", "account"),
        ("UPDATE account SET seal = NULL", "account"),
        ("UPDATE check_in SET alarm = NULL", "check_in"),
        ("UPDATE check_in SET alarm = 'worse'", "check_in"),
        ("UPDATE check_in SET made_at = '2020-01-01 00:00:00.000000'", "check_in"),
        ("UPDATE client_link SET expires_at = '2099-01-01 00:00:00.000000'", "client_link"),
        ("UPDATE client_link SET purpose = 'intake'", "client_link"),
        ("UPDATE client_link SET token_hash = 'chosen'", "client_link"),
        ("DELETE FROM client_link", "client_link"),
        ("UPDATE response SET content = 'nothing'", "response"),
        ("UPDATE result SET psoas_version = '9'", "result"),
        ("UPDATE file SET media_type = 'text/html'", "file"),
        ("UPDATE person SET search = 'nobody'", "person"),
        ("UPDATE practice SET name = 'Elm'", "practices"),
    ],
)
def test_a_change_to_what_grants_or_alarms_is_found(practice: Practice, statement: str, found: str) -> None:
    with practice.records._writing() as connection:  # an alarm to take away
        connection.execute(text("SELECT 1"))
    with practice.records.work(practice.practitioner) as work:
        work.check_ins.add(practice.person, {"nrs": 9}, alarm="emergency_now")
    assert practice.records.verify() == []
    with behind_the_back(practice.records) as connection:
        connection.execute(text(statement))
    told = practice.records.verify()
    assert told and any(found in one for one in told), told


def test_an_account_or_a_practice_that_was_added_or_taken_is_found(store: Records) -> None:
    fill(store, "Birch")
    other = fill(store, "Elm")
    assert store.verify() == []
    tables = (*PERSONAL, "person", "audit", "audit_head")
    with behind_the_back(store) as connection:
        for table in tables:
            connection.execute(text(f"DELETE FROM {table} WHERE practice_id = :id"), {"id": other.owner.practice_id})
        connection.execute(text("DELETE FROM session"))
        connection.execute(text("DELETE FROM account WHERE practice_id = :id"), {"id": other.owner.practice_id})
        connection.execute(text("DELETE FROM practice WHERE id = :id"), {"id": other.owner.practice_id})
    assert any("2 were made, 1 are there" in one for one in store.verify())


def test_without_a_key_the_records_are_never_called_whole(postgres_url: str) -> None:
    """Whoever owns the database could write the whole chain anew; it was 'Whole'."""
    with open_records(postgres_url) as records:
        fill(records, "Birch")
        assert any("no key" in one for one in records.verify())
    with open_records(postgres_url, key=KEY) as records:
        assert records.verify() == []
        assert records.sign_in("olga@birch", PASSWORD, address="here") is not None


# ---- who writes the database lets nobody in


def test_rights_written_into_the_database_grant_nothing(practice: Practice) -> None:
    records = practice.records
    session = records.sign_in("finn@birch", PASSWORD, address="here")
    assert session is not None
    with behind_the_back(records) as connection:
        connection.execute(text("UPDATE account SET role = 'owner' WHERE login = 'finn@birch'"))
    assert records.session(session.token) is None
    assert records.sign_in("finn@birch", PASSWORD, address="here") is None


def test_a_session_or_link_written_into_the_database_opens_nothing(practice: Practice) -> None:
    records, token = practice.records, "chosen by a thief"
    session = records.sign_in("olga@birch", PASSWORD, address="here")
    assert session is not None
    with behind_the_back(records) as connection:
        connection.execute(text("UPDATE session SET token_hash = :hash"), {"hash": hash_of_token(token)})
        connection.execute(text("UPDATE client_link SET token_hash = :hash"), {"hash": hash_of_token(token)})
    assert records.session(token) is None
    assert records.client_link(token) is None


# ---- links


def test_the_front_desk_makes_no_link_that_shows_what_was_told(practice: Practice) -> None:
    with practice.records.work(practice.front_desk) as work:
        with pytest.raises(Refused, match="shows what was told"):
            work.links.make(practice.person, "check_in")
        with pytest.raises(Refused, match="shows what was told"):
            work.links.make(practice.person, "intake", visit_id=practice.visit)
        with pytest.raises(Invalid, match="expected 1 to 42"):
            work.links.make(practice.person, "intake", days=90)


def test_an_intake_link_reaches_the_visit_begun_with_it_and_no_other(practice: Practice) -> None:
    records = practice.records
    with records.work(practice.front_desk) as work:
        _, token = work.links.make(practice.person, "intake")
    link = records.client_link(token)
    assert link is not None and link.visit_id is None
    with records.work(link.scope) as work:
        assert work.visits.open_of(practice.person) is None, "the practitioner's open visit is not the client's"
        assert work.visits.of(practice.person) == ()
        with pytest.raises(NotFound):
            work.visits.get(practice.visit)
        with pytest.raises(NotFound):
            work.visits.save(practice.visit, {}, version=1, what="pain")
    with records.work(practice.practitioner) as work:
        work.visits.close(practice.visit, "finished")
    with records.work(link.scope) as work:
        begun = work.visits.start(practice.person, case={"psoas_case": 1})
        assert work.visits.save(begun.id, {"psoas_case": 1}, version=1, what="pain").version == 2
    link = records.client_link(token)
    assert link is not None and link.visit_id == begun.id
    assert records.verify() == []


def test_a_link_ends_with_the_account_that_made_it(practice: Practice) -> None:
    records = practice.records
    with records.work(practice.practitioner) as work:
        _, token = work.links.make(practice.person, "check_in")
    assert records.client_link(token) is not None
    with records.work(practice.owner) as work:
        work.accounts.disable(str(practice.practitioner.account_id))
    assert records.client_link(token) is None


def test_a_link_belongs_to_the_browser_that_began_with_it(practice: Practice) -> None:
    records = practice.records
    with records.work(practice.front_desk) as work:
        _, token = work.links.make(practice.person, "intake")
    link = records.client_link(token)
    assert link is not None
    with records.work(link.scope) as work:
        assert work.links.claim(CLAIM)
    with records.work(link.scope) as work:
        assert work.links.claim(CLAIM) and not work.links.claim("cd" * 32)
    again = records.client_link(token)
    assert again is not None and again.claimed == CLAIM
    assert records.verify() == []


# ---- clocks


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the clock off by so much, for everything that asks for the time."""
    off = [timedelta()]
    real = ids.now

    def now() -> datetime:
        return real() + off[0]

    for module in (sign_in, guards, clocks, links, ids):
        monkeypatch.setattr(module, "now", now)
    monkeypatch.setattr("psoas.records.seals.chain.now", now)

    def set_off(by: timedelta) -> None:
        off[0] = by

    return set_off


def test_a_link_that_was_over_stays_over_when_the_clock_steps_back(
    practice: Practice, clock: Callable[[timedelta], None]
) -> None:
    clock(timedelta(days=20))
    assert practice.records.client_link(practice.token) is None
    clock(timedelta(days=-5))
    assert practice.records.client_link(practice.token) is None
    assert practice.records.verify() == []


def test_a_session_does_not_live_longer_when_the_clock_steps_back(
    practice: Practice, clock: Callable[[timedelta], None]
) -> None:
    session = practice.records.sign_in("pia@birch", PASSWORD, address="here")
    assert session is not None and practice.records.session(session.token) is not None
    clock(timedelta(days=-5))
    assert practice.records.session(session.token) is None


@pytest.mark.parametrize("step", [timedelta(days=5), timedelta(days=-5)])
def test_a_rest_after_failures_does_not_grow_when_the_clock_steps(
    practice: Practice, clock: Callable[[timedelta], None], step: timedelta
) -> None:
    for _ in range(5):
        practice.records.sign_in("pia@birch", "wrong horse battery", address="there")
    clock(step)
    try:
        practice.records.sign_in("pia@birch", PASSWORD, address="there")
    except Paused as err:
        assert err.wait_s <= guards.FIRST_WAIT.total_seconds() + 1


# ---- locks


def guess(records: Records, *, times: int, address: str = "stranger {}") -> None:
    for number in range(times):
        try:
            records.sign_in("olga@birch", "wrong horse battery", address=address.format(number % 8))
        except Paused:
            continue


def test_strangers_do_not_lock_out_a_browser_that_has_signed_in_before(practice: Practice) -> None:
    records = practice.records
    assert records.sign_in("olga@birch", PASSWORD, address="desk") is not None
    mark = records.browser_mark("Olga@Birch")
    guess(records, times=60)
    with pytest.raises(Paused):
        records.sign_in("olga@birch", PASSWORD, address="elsewhere")
    assert records.sign_in("olga@birch", PASSWORD, address="desk", browser=mark) is not None


@pytest.mark.parametrize("mark", ["", ".", "x.y", "00.", "\udce4.\0"])
def test_a_made_up_mark_frees_nobody(practice: Practice, mark: str) -> None:
    guess(practice.records, times=60)
    with pytest.raises(Paused):
        practice.records.sign_in("olga@birch", PASSWORD, address="desk", browser=mark)


def test_the_mark_of_another_login_frees_nobody(practice: Practice) -> None:
    mark = practice.records.browser_mark("pia@birch")
    guess(practice.records, times=60)
    with pytest.raises(Paused):
        practice.records.sign_in("olga@birch", PASSWORD, address="desk", browser=mark)


def test_guessing_with_a_known_browser_is_slowed_down_too(practice: Practice) -> None:
    mark = practice.records.browser_mark("olga@birch")
    with pytest.raises(Paused):
        for _ in range(guards.FREE_FOR_A_KNOWN_BROWSER + 1):
            practice.records.sign_in("olga@birch", "wrong horse battery", address="desk", browser=mark)


def test_a_new_password_lifts_the_lock(practice: Practice) -> None:
    records = practice.records
    guess(records, times=60)
    with pytest.raises(Paused):
        records.sign_in("olga@birch", PASSWORD, address="elsewhere")
    with records.work(records.operator()) as work:
        work.accounts.set_password(str(practice.owner.account_id), "another horse battery")
    assert records.sign_in("olga@birch", "another horse battery", address="elsewhere") is not None


def test_a_password_that_somebody_else_chose_is_to_be_changed(practice: Practice) -> None:
    records, pia = practice.records, str(practice.practitioner.account_id)
    with records.work(practice.owner) as work:
        made = work.accounts.add("New", "new@birch", PASSWORD, "practitioner", must_change=True)
        assert made.must_change
        work.accounts.set_password(pia, "another horse battery")
        assert work.accounts.get(pia).must_change
    with records.work(practice.practitioner) as work:
        with pytest.raises(Invalid, match="is the old one"):
            work.accounts.change_password(pia, "another horse battery", "another horse battery")
        work.accounts.change_password(pia, "another horse battery", "a third horse battery")
    session = records.sign_in("pia@birch", "a third horse battery", address="here")
    assert session is not None and not session.account.must_change
    assert session.expires_at > datetime.now(UTC)
