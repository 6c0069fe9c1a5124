"""Slow clients, crowds, a store that is down, addresses that are none: a sentence or a closed line, never a wait."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from anyio.from_thread import start_blocking_portal
from starlette.formparsers import MultiPartParser

from psoas.records.errors import Unreachable
from psoas.web import serve
from psoas.web.security import connections
from psoas.web.security.connections import TimedProtocol
from psoas.web.security.crowd import CrowdMiddleware
from psoas.web.security.limits import keep_uploads_in_memory
from psoas.web.settings import Settings
from tests.web.conftest import House

GET = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"


async def answered(app: Any, talk: Any) -> Any:
    """What `talk` gives, told a free port where the app is served by the protocol that the real server uses."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", http=TimedProtocol))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        return await talk(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await serving


def run(ask: Any, *arguments: Any) -> Any:
    """What a coroutine gives, in a thread of its own: a browser's driver may hold a loop in this one."""
    with start_blocking_portal() as portal:
        return portal.call(ask, *arguments)


async def plain(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


def test_a_head_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.2)

    async def talk(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET[:20])
        with pytest.raises(ConnectionError):
            if await reader.read() == b"":
                raise ConnectionError
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET)
        told = await reader.read(15)
        writer.close()
        return told

    assert run(answered, plain, talk) == b"HTTP/1.1 200 OK"


def test_half_requests_keep_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand of them blocked everybody."""
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 20)

    async def talk(port: int) -> bytes:
        half = []
        for _ in range(60):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(GET[:20])
            half.append((reader, writer))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET)
        told = await reader.read(15)
        for _, one in [*half, (reader, writer)]:
            one.close()
        return told

    assert run(answered, plain, talk) == b"HTTP/1.1 200 OK"
    assert not connections._SILENT


def test_more_at_once_than_can_be_answered_is_told_to_come_back() -> None:
    begun, free = asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        begun.set()
        await free.wait()

    async def ask(app: Any) -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {"type": "http", "path": "/people", "raw_path": b"/people", "query_string": b"", "headers": []}
        await app(scope, receive, send)
        return sent

    async def both() -> list[Any]:
        app = CrowdMiddleware(slow, most=1)
        first = asyncio.create_task(ask(app))
        await begun.wait()
        second = await ask(app)
        free.set()
        await first
        assert app.inside == 0
        return second

    head = run(both)[0]
    assert head["status"] == 503 and (b"retry-after", b"5") in head["headers"]


@pytest.mark.parametrize("path", ["/people/%00", "/visits/a%00b/result", "/people?search=a%00", "/c/%00/intake"])
def test_an_address_that_is_no_text_is_not_there(house: House, path: str) -> None:
    assert house.client().get(path).status_code == 404


def test_where_the_store_lies_is_told_at_the_terminal_and_to_nobody_else(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def down(*_: object) -> None:
        raise Unreachable("db.internal/psoas does not answer: connection refused.")

    client = house.client()
    monkeypatch.setattr(house.records, "session", down)
    monkeypatch.setattr(house.records, "is_new", down)
    for path in ("/people", "/healthz", "/api/v1/people", "/"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert "internal" not in answer.text
    assert "db.internal/psoas does not answer" in capsys.readouterr().err


def test_no_photo_is_written_to_the_temporary_folder(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Above one megabyte the form parser wrote them there in plain."""
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)
    keep_uploads_in_memory()

    def written(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr(tempfile, "_TemporaryFileWrapper", written)
    monkeypatch.setattr(tempfile, "TemporaryFile", written)
    with house.records.work(house.scope) as work:
        visit = work.visits.start(work.people.add(given_name="Anna").id, case={"psoas_case": 1})
    client = house.client()
    token = client.get(f"/visits/{visit.id}/files").text.partition('name="csrf" value="')[2].partition('"')[0]
    large = b"%PDF-1.4\n" + b"%" * 5_000_000 + b"\n%%EOF"
    answer = client.post(f"/visits/{visit.id}/files", files={"file": ("a.pdf", large)}, data={"csrf": token})
    assert answer.status_code == 303


@pytest.mark.skipif(sys.platform != "linux", reason="told by the system's own files")
def test_nobody_reads_the_environment_or_a_core_file_of_the_server() -> None:
    code = (
        "from psoas.web.pool.process import keep_secret; keep_secret(); import resource, os, ctypes;"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0),"
        "os.stat('/proc/self/environ').st_uid)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "0", "0"], "no core file, not dumpable, its environment for root alone"


def test_the_passphrase_does_not_stay_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[str | None] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: seen.append(os.environ.get("PSOAS_PASSPHRASE")))
    monkeypatch.setattr(serve, "bring_up_to_date", lambda: None)
    monkeypatch.setattr(serve, "warm_up", lambda *_: None)
    monkeypatch.setattr(serve, "keep_secret", lambda: None)
    monkeypatch.setattr(serve, "keep_uploads_in_memory", lambda: None)
    monkeypatch.setenv("PSOAS_PASSPHRASE", "four words for tests")
    serve.run(Settings(store=str(tmp_path / "a.db"), port=0), open_browser=False)
    assert seen == [None]
