"""A practice that is really served: within the test's process, or as a process of its own that can be killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn

from psoas.records import Records, Scope, open_records
from psoas.web.app import create_app
from psoas.web.serve import config_for, listen
from psoas.web.settings import Settings

PASSPHRASE = "four words for tests"
LOGIN, PASSWORD = "owner", "correct horse battery"
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Practice:
    """A server that runs, and the store behind it."""

    url: str
    records: Records
    scope: Scope
    """What its owner may reach."""

    def token(self, login: str = LOGIN, password: str = PASSWORD) -> str:
        """A new session, as the browser's cookie holds it."""
        session = self.records.sign_in(login, password, address="test")
        assert session is not None
        return session.token


@contextmanager
def serving(records: Records, settings: Settings | None = None) -> Iterator[str]:
    """Serve a store from a thread on a free port; gives the address, without a slash at its end."""
    settings = settings or Settings(port=0, quality="low")
    listening = listen(settings)
    settings = replace(settings, port=listening.getsockname()[1])
    server = uvicorn.Server(config_for(create_app(settings, records), settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield settings.url.rstrip("/")
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@contextmanager
def serving_new(path: Path) -> Iterator[Practice]:
    """A new encrypted store with its owner, served."""
    with open_records(f"sqlite:///{path}", key=PASSPHRASE) as records:
        account = records.set_up(practice="Harbour Street", name="Olivia Owner", login=LOGIN, password=PASSWORD)
        with serving(records) as url:
            yield Practice(url, records, account.scope)


class Process:
    """`psoas serve` as a process of its own on an encrypted file; may be killed and started again."""

    def __init__(self, store: Path, *options: str) -> None:
        command = [sys.executable, "-m", "psoas", "serve", "--port", "0", "--no-browser", "--quality", "low"]
        self._process = subprocess.Popen(
            [*command, "--store", str(store), *options],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PSOAS_PASSPHRASE": PASSPHRASE},
        )
        self.url = self._wait_for_address()

    def _wait_for_address(self) -> str:
        said = []
        assert self._process.stderr is not None
        for line in self._process.stderr:
            said.append(line)
            if found := re.search(r"(https?://\S+?)/ ", line):
                return found.group(1)
        raise AssertionError(f"psoas serve ended: {''.join(said)}")

    def set_up_code(self) -> str:
        """What the set-up page of a new store asks for, from the line after the address."""
        assert self._process.stderr is not None
        found = re.search(r"asks for the code (\S+)", self._process.stderr.readline())
        assert found
        return found.group(1)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._end()

    def stop(self) -> int:
        """End it as Ctrl-C does; returns the exit status."""
        self._process.send_signal(signal.SIGINT)
        return self._end()

    def _end(self) -> int:
        status = self._process.wait(15)
        if self._process.stderr is not None:
            self._process.stderr.close()
        return status
