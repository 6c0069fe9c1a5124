"""A PostgreSQL of our own for the tests that need one, with nothing kept. Its fixtures are imported by a conftest."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL of our own: a folder, a free port, nothing kept. Run as `postgres` where we are root."""
    if not BINARIES:
        pytest.skip("no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp(prefix="psoas-pg-"))
    folder.chmod(0o755)
    as_user: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL}
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user |= {"user": "postgres", "group": "postgres", "extra_groups": []}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, control = folder / "data", BINARIES[-1] / "pg_ctl"
    subprocess.run(
        [BINARIES[-1] / "initdb", "-D", data, "-U", "test", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"],
        check=True,
        **as_user,
    )
    # No socket file: its path may not be longer than about 100 signs, and a temporary folder's can be.
    options = f"-p {port} -c unix_socket_directories='' -c fsync=off -c listen_addresses=127.0.0.1"
    start = [control, "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    subprocess.run(start, check=True, **as_user)
    try:
        yield f"postgresql+psycopg://test@127.0.0.1:{port}"
    finally:
        subprocess.run([control, "-D", data, "-m", "immediate", "stop"], check=False, **as_user)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def administer(server: str) -> Iterator[Callable[[str], object]]:
    """Runs a statement on the server itself."""
    import psycopg

    with psycopg.connect(server.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        yield connection.execute


@contextmanager
def database(server: str, administer: Callable[[str], object], like: str) -> Iterator[str]:
    name = f"t{secrets.token_hex(6)}"
    administer(f"CREATE DATABASE {name} TEMPLATE {like}")
    yield f"{server}/{name}"
    administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(server: str, administer: Callable[[str], object]) -> Iterator[str]:
    """A new, empty database."""
    with database(server, administer, "template1") as url:
        yield url
