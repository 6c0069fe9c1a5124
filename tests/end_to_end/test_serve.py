"""`psoas serve` as a process: what it says, how it ends, what is left when it is killed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from playwright.sync_api import Page, expect

from psoas.records import open_records
from psoas.web.serve import ServeError, check, listen
from psoas.web.settings import Settings
from tests.end_to_end.serving import LOGIN, PASSPHRASE, PASSWORD, Process

OpenPage = Callable[..., Page]


def serve(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "psoas", "serve", "--no-browser", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def csrf(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found.group(1)


def sign_in(client: httpx.Client) -> None:
    page = client.get("/sign-in")
    client.post("/sign-in", data={"csrf": csrf(page), "login": LOGIN, "password": PASSWORD}).raise_for_status()


def test_a_practice_survives_being_killed_and_ends_cleanly(front_end: None, tmp_path: Path) -> None:
    store = tmp_path / "practice.db"
    first = Process(store)
    with httpx.Client(base_url=first.url, follow_redirects=True) as client:
        fields = {"practice": "P", "name": "Ann", "login": LOGIN, "password": PASSWORD, "again": PASSWORD}
        fields["code"] = first.set_up_code()
        client.post("/set-up", data={"csrf": csrf(client.get("/")), **fields}).raise_for_status()
        token = csrf(client.get("/people/new"))
        for number in range(10):
            client.post("/people/new", data={"csrf": token, "given_name": f"Number {number}"}).raise_for_status()
        first.kill()

    second = Process(store)
    with httpx.Client(base_url=second.url, follow_redirects=True) as client:
        sign_in(client)
        assert "1 to 10 of 10" in client.get("/people").text
    assert second.stop() == 0
    with open_records(f"sqlite:///{store}", key=PASSPHRASE) as records:
        assert records.verify() == []


def children(pid: int) -> list[str]:
    """The processes that this one began."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # others come and go
            if path.read_text().rpartition(")")[2].split()[1] == str(pid):
                found.append(path.parent.name)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system does not list its processes")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ending_is_one_quiet_line_also_once_a_worker_is_there(tmp_path: Path, number: signal.Signals) -> None:
    words = ("serve", "--demo", "--no-browser", "--port", "0")
    command, end = [sys.executable, "-m", "psoas", *words], time.monotonic() + 60
    going = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while len(children(going.pid)) < 2:  # a worker, and the one that tidies up after workers
        assert time.monotonic() < end, "no worker"
        time.sleep(0.1)
    (os.killpg if number == signal.SIGINT else os.kill)(going.pid, number)
    address, stopped = going.communicate(timeout=30)[1].splitlines()
    assert "is at http" in address and stopped == "psoas: stopped; everything confirmed is kept."
    assert going.returncode == 0


def test_a_form_left_open_over_a_restart_can_still_be_sent(front_end: None, tmp_path: Path) -> None:
    """Its token does not hang on the process that made the page."""
    store = tmp_path / "practice.db"
    with open_records(f"sqlite:///{store}", key=PASSPHRASE) as records:
        records.set_up(practice="P", name="Ann", login=LOGIN, password=PASSWORD)
    before = Process(store)
    with httpx.Client(base_url=before.url, follow_redirects=True) as client:
        page = client.get("/sign-in")
        before.kill()
        after = Process(store)
        data = {"csrf": csrf(page), "login": LOGIN, "password": PASSWORD}
        # The port is part of a cookie's name, and the second process has another one.
        ports = [str(urlsplit(one.url).port) for one in (before, after)]
        kept = {name.replace(*ports): value for name, value in client.cookies.items()}
        cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}
        answer = httpx.post(f"{after.url}/sign-in", data=data, headers=cookie)
        assert answer.status_code == 303
        after.stop()


def test_a_port_in_use_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = serve("--port", str(port), "--store", str(tmp_path / "a.db"))
    assert done.returncode == 2
    assert f"Port {port} of 127.0.0.1 cannot be used" in done.stderr and "Traceback" not in done.stderr


def test_without_a_terminal_and_a_passphrase_nothing_is_made(front_end: None, tmp_path: Path) -> None:
    done = serve("--port", "0", "--store", str(tmp_path / "a.db"))
    assert done.returncode == 2 and "PSOAS_PASSPHRASE" in done.stderr
    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--host", "0.0.0.0"), "other machines can reach"),
        (("--host", "192.0.2.1"), "--tls-cert and --tls-key, or --behind-proxy"),
    ],
)
def test_a_network_needs_tls_or_a_proxy(tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    done = serve(*options, "--port", "0", "--store", str(tmp_path / "a.db"))
    assert done.returncode == 2 and sentence in " ".join(done.stderr.split())


def test_certificate_and_key_go_together() -> None:
    with pytest.raises(ServeError, match="go together"):
        check(Settings(tls_cert=Path("cert.pem")))


def test_every_address_needs_a_name() -> None:
    with pytest.raises(ServeError, match="--name"):
        check(Settings(host="0.0.0.0", trusted_proxies=("10.0.0.1",)))
    check(Settings(host="0.0.0.0", trusted_proxies=("10.0.0.1",), names=("practice.example",)))


def test_answers_are_not_held_back_by_the_network_stack() -> None:
    with listen(Settings(port=0)) as made:
        assert made.proto == socket.IPPROTO_TCP


def test_port_0_takes_a_free_one() -> None:
    with listen(Settings(port=0)) as one, listen(Settings(port=0)) as other:
        assert one.getsockname()[1] != other.getsockname()[1]


def test_a_new_store_on_a_network_is_set_up_with_the_code_of_the_terminal(front_end: None, tmp_path: Path) -> None:
    made = Process(tmp_path / "a.db", "--host", "0.0.0.0", "--behind-proxy", "127.0.0.1", "--name", "practice.example")
    try:
        by_proxy = {"host": "practice.example", "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.7"}
        assert "Code from the terminal" in httpx.get(f"{made.url}/set-up", headers=by_proxy).text
        assert httpx.get(f"{made.url}/set-up", headers={**by_proxy, "host": "elsewhere.example"}).status_code == 421
        assert httpx.get(f"{made.url}/set-up", headers={"host": "practice.example"}).status_code == 421
    finally:
        made.kill()


def self_signed(folder: Path) -> tuple[str, str]:
    """A certificate for localhost and its key, good for an hour."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kind = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()))
    return str(cert), str(secret)


def test_over_tls_a_browser_keeps_the_stricter_cookies(front_end: None, open_page: OpenPage, tmp_path: Path) -> None:
    cert, key = self_signed(tmp_path)
    with open_records(f"sqlite:///{tmp_path}/a.db", key=PASSPHRASE) as records:
        records.set_up(practice="P", name="Ann", login=LOGIN, password=PASSWORD)
    server = Process(tmp_path / "a.db", "--tls-cert", cert, "--tls-key", key)
    try:
        page = open_page(server.url, ignore_https_errors=True)
        shown = page.goto("/")
        assert shown is not None and shown.headers["strict-transport-security"] == "max-age=31536000"
        page.get_by_label("Name").fill(LOGIN)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="People")).to_be_visible()
        kept = {cookie["name"]: cookie for cookie in page.context.cookies()}
        session = kept["__Host-psoas-session"]
        assert session["secure"] and session["httpOnly"] and session["sameSite"] == "Lax"
    finally:
        server.kill()
