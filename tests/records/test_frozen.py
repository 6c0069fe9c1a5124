"""A database server that is stopped in the middle, as a frozen machine is: nobody waits for it for long."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from psoas.records import open_records
from psoas.records.database import engine
from psoas.records.errors import StoreError

from .conftest import KEY, fill


def test_a_frozen_server_is_told_of_and_the_store_goes_on_when_it_wakes(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests hung for over 40 s: the server's own limits sleep with it."""
    monkeypatch.setattr(engine, "STATEMENT_MS", 500)
    with open_records(postgres_url, key=KEY) as records:
        fill(records, "Birch")
        with records._reading() as connection:
            process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        postmaster = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
        for one in (postmaster, process):
            os.kill(one, signal.SIGSTOP)
        try:
            with pytest.raises(StoreError, match="does not answer"):
                records.practices()
        finally:
            for one in (postmaster, process):
                os.kill(one, signal.SIGCONT)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                assert list(records.practices().values()) == ["Birch"]
                break
            except StoreError:
                continue
        assert records.verify() == []


def test_the_note_of_what_was_confirmed_is_for_files_alone(postgres_url: str, tmp_path: Path) -> None:
    with open_records(postgres_url, key=KEY) as records:
        assert records._database.confirmed is None
