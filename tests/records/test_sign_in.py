"""Who gets in: passwords, waiting after failures, sessions, and what a client's link opens."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from psoas.records import Conflict, Invalid, NotFound, Paused, Records, Refused, ids
from psoas.records import moment as clocks
from psoas.records.access import guards, sign_in
from psoas.records.access.tokens import Cost, Passwords
from psoas.records.parts import accounts

from .conftest import PASSWORD, Practice


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """Time that the test moves on: add to its only member."""
    later = [timedelta()]

    def moved() -> datetime:
        return ids.now() + later[0]

    for module in (sign_in, guards, clocks):
        monkeypatch.setattr(module, "now", moved)
    return later


def test_a_session_says_who_and_keeps_only_hashes(practice: Practice) -> None:
    records = practice.records
    session = records.sign_in(" Pia@BIRCH ", PASSWORD, address="here")
    assert session is not None
    assert session.scope == practice.practitioner
    again = records.session(session.token)
    assert again is not None
    assert (again.account, again.csrf) == (session.account, session.csrf)
    assert session.token not in repr(session) and session.csrf not in repr(session)
    with records._reading() as connection:
        kept = repr(connection.execute(text("SELECT * FROM session")).all())
        hashes = connection.execute(text("SELECT password_hash FROM account")).scalars().all()
    assert session.token not in kept and session.csrf not in kept
    assert all(one.startswith("$argon2id$") and PASSWORD not in one for one in hashes)
    assert len(set(hashes)) == len(hashes), "each with its own salt"
    records.sign_out(session.token)
    assert records.session(session.token) is None
    records.sign_out(session.token)
    records.sign_out("nonsense \udce4")


@pytest.mark.parametrize(
    ("login", "password"),
    [("pia@birch", "wrong horse battery"), ("nobody", PASSWORD), ("pia@birch", ""), ("", ""), ("'; --", PASSWORD)],
)
def test_what_does_not_fit_gets_no_session(practice: Practice, login: str, password: str) -> None:
    assert practice.records.sign_in(login, password, address="here") is None


def test_an_unknown_login_is_hashed_like_a_known_one(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    hasher = type(Passwords(accounts.COST)._hasher)
    verify = hasher.verify
    monkeypatch.setattr(hasher, "verify", lambda self, kept, word: tried.append(kept) or verify(self, kept, word))
    for login in ("pia@birch", "nobody"):
        assert practice.records.sign_in(login, "wrong horse battery", address="here") is None
    known, unknown = (one.rsplit("$", 2)[0] for one in tried)
    assert known == unknown, "the same kind and cost"


def test_the_real_cost_is_that_of_the_rfc() -> None:
    """RFC 9106, section 4, second recommended option: 3 passes over 64 MiB."""
    cost = Cost()
    assert (cost.passes, cost.memory_kib) == (3, 64 * 1024)
    passwords = Passwords(cost)
    kept = passwords.hash("Straße im Regen")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,")
    assert passwords.matches(kept, "Straße im Regen") and not passwords.matches(kept, "Strasse im Regen")
    assert not passwords.matches(None, "Straße im Regen")
    assert not passwords.matches("no hash", "Straße im Regen")


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "has 5 characters; expected 12 to 256"),
        ("x" * 257, "has 257 characters"),
        ("aaaaaaaaaaaaaaaa", "repeats the same signs"),
        ("finja@meadow.example", "is the login or a name"),
        ("FINJA@MEADOW.EXAMPLE", "is the login or a name"),
        ("Meadow Practice", "is the login or a name"),
        ("Finja Friederichs", "is the login or a name"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(memory: Records, password: str, sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        memory.set_up(
            practice="Meadow Practice", name="Finja Friederichs", login="finja@meadow.example", password=password
        )
    assert sentence in str(caught.value)
    assert memory.is_new()


def test_failures_make_the_next_try_wait_longer_and_longer(practice: Practice, clock: list[timedelta]) -> None:
    records, waits = practice.records, []
    for _ in range(4):
        assert records.sign_in("pia@birch", "wrong horse battery", address="here") is None
    for _ in range(4):
        assert records.sign_in("pia@birch", "wrong horse battery", address="here") is None
        with pytest.raises(Paused, match=r"wait .* minute") as caught:
            records.sign_in("pia@birch", PASSWORD, address="here")
        waits.append(caught.value.wait_s)
        clock[0] += timedelta(seconds=waits[-1] + 1)
    assert [round(wait / 10) * 10 for wait in waits] == [30, 60, 120, 240]
    assert records.sign_in("pia@birch", PASSWORD, address="here") is not None
    assert records.sign_in("pia@birch", "wrong horse battery", address="here") is None, "counted from nought again"
    assert isinstance(Paused(1), Refused)


def test_waiting_is_kept_in_the_store_and_the_same_for_unknown_logins(practice: Practice) -> None:
    for login in ("pia@birch", "nobody"):
        for _ in range(5):
            assert practice.records.sign_in(login, "wrong horse battery", address=login) is None
        with pytest.raises(Paused):
            practice.records.sign_in(login, PASSWORD, address=login)
    assert practice.records.sign_in("pia@birch", PASSWORD, address="elsewhere") is not None, "nobody is locked out"


def test_one_address_cannot_try_many_logins_nor_many_addresses_one_login(practice: Practice) -> None:
    for number in range(20):
        assert practice.records.sign_in(f"guess{number}", PASSWORD, address="here") is None
    with pytest.raises(Paused):
        practice.records.sign_in("pia@birch", PASSWORD, address="here")
    for number in range(30):
        assert practice.records.sign_in("olga@birch", "wrong horse battery", address=f"bot{number}") is None
    with pytest.raises(Paused):
        practice.records.sign_in("olga@birch", PASSWORD, address="bot99")


def test_failures_are_in_the_audit_trail(practice: Practice) -> None:
    practice.records.sign_in("pia@birch", "wrong horse battery", address="here")
    with practice.records.work(practice.owner) as work:
        entry = work.audit.entries(limit=1)[0]
    assert (entry.action, entry.subject_id) == ("account.sign_in_failed", practice.practitioner.account_id)


def test_a_session_ends_after_eight_idle_hours_and_after_a_week(practice: Practice, clock: list[timedelta]) -> None:
    records = practice.records
    session = records.sign_in("pia@birch", PASSWORD, address="here")
    assert session is not None
    for _ in range(23):
        clock[0] += timedelta(hours=7)
        assert records.session(session.token) is not None, "use keeps it alive"
    clock[0] += timedelta(hours=7, minutes=1)
    assert records.session(session.token) is None, "but not for more than a week"
    session = records.sign_in("pia@birch", PASSWORD, address="here")
    assert session is not None
    clock[0] += timedelta(hours=8, minutes=1)
    assert records.session(session.token) is None


def test_a_link_ends_by_itself(practice: Practice, clock: list[timedelta]) -> None:
    assert practice.records.client_link(practice.token) is not None
    clock[0] += timedelta(days=14, minutes=1)
    assert practice.records.client_link(practice.token) is None
    with practice.records._reading() as connection:
        assert practice.token not in repr(connection.execute(text("SELECT * FROM client_link")).all())


@pytest.mark.parametrize("days", [0, -1, 181])
def test_a_link_has_an_end(practice: Practice, days: int) -> None:
    with practice.records.work(practice.owner) as work, pytest.raises(Invalid, match="expected 1 to 180"):
        work.links.make(practice.person, "check_in", days=days)


def test_an_owner_looks_after_accounts(practice: Practice) -> None:
    records, pia = practice.records, practice.practitioner.account_id
    assert pia is not None
    session = records.sign_in("pia@birch", PASSWORD, address="here")
    assert session is not None
    with records.work(practice.owner) as work:
        assert [one.role for one in work.accounts.list()] == ["owner", "practitioner", "front_desk"]
        with pytest.raises(Conflict, match="is taken"):
            work.accounts.add("Pia", "PIA@birch", PASSWORD, "practitioner")
        with pytest.raises(Invalid, match="expected one of owner, practitioner, front_desk"):
            work.accounts.add("Pia", "pia2", PASSWORD, "client")
        with pytest.raises(Conflict, match="last owner"):
            work.accounts.disable(str(practice.owner.account_id))
        work.accounts.disable(pia)
    assert records.session(session.token) is None
    assert records.sign_in("pia@birch", PASSWORD, address="here") is None


def test_a_new_password_ends_the_sessions_of_the_old_one(practice: Practice) -> None:
    records, pia = practice.records, str(practice.practitioner.account_id)
    session = records.sign_in("pia@birch", PASSWORD, address="here")
    assert session is not None
    with records.work(practice.practitioner) as work:
        with pytest.raises(Invalid, match="old password is not right"):
            work.accounts.change_password(pia, "wrong horse battery", "new horse battery")
        with pytest.raises(Refused, match="own password"):
            work.accounts.change_password(str(practice.owner.account_id), PASSWORD, "new horse battery")
        work.accounts.change_password(pia, PASSWORD, "new horse battery")
    assert records.session(session.token) is None
    assert records.sign_in("pia@birch", PASSWORD, address="here") is None
    assert records.sign_in("pia@birch", "new horse battery", address="here") is not None
    with records.work(practice.owner) as work:
        work.accounts.set_password(pia, "a third battery")
        with pytest.raises(NotFound):
            work.accounts.set_password("0" * 32, "a third battery")
    assert records.sign_in("pia@birch", "a third battery", address="here") is not None


def test_guesses_made_side_by_side_are_counted_one_by_one(practice: Practice) -> None:
    """Forty at once get no more tries than one after the other."""
    answers: list[str] = []

    def guess() -> None:
        try:
            got = practice.records.sign_in("pia@birch", "wrong horse battery", address="here")
            answers.append("in" if got else "no")
        except Paused:
            answers.append("wait")

    threads = [threading.Thread(target=guess) for _ in range(40)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (answers.count("no"), answers.count("wait")) == (5, 35)
    assert practice.records.verify() == []


def test_many_people_of_one_practice_sign_in_from_one_address(practice: Practice) -> None:
    for _ in range(25):
        assert practice.records.sign_in("pia@birch", PASSWORD, address="here") is not None
