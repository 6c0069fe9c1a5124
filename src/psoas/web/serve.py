"""From a command to a running app: the store, the socket, the browser."""

from __future__ import annotations

import gc
import getpass
import ipaddress
import os
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from dataclasses import replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from psoas.errors import PsoasError
from psoas.records import KeyNeeded, Records, open_records, opening
from psoas.records.address import file_of, store_url
from psoas.web.app import create_app
from psoas.web.assets import bring_up_to_date
from psoas.web.computed.workers import WORKER_POOL
from psoas.web.pool.process import keep_secret
from psoas.web.security.connections import TimedProtocol, allow_many_connections
from psoas.web.security.limits import keep_uploads_in_memory
from psoas.web.settings import Settings

WARM_UP_AFTER_S = 1.0
"""The first pages go before the evidence, and before the workers, which load the body model. Our choice."""

MOST_PROXIES = 256
"""Addresses that one --behind-proxy may name. Our choice."""

_CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that look alike


class ServeError(PsoasError):
    """The app cannot be started as it was asked to."""


def run(settings: Settings, *, open_browser: bool, ask: bool = False) -> None:
    """Serve until Ctrl-C.

    Raises:
        ServeError: the options do not go together, or the port is taken.
    """
    check(settings)
    keep_secret()
    keep_uploads_in_memory()
    allow_many_connections()
    bring_up_to_date()
    listening = listen(settings)
    settings = replace(settings, port=listening.getsockname()[1])
    records = open_demonstration() if settings.demo else open_store(settings.store, ask=ask)
    os.environ.pop(opening.PASSPHRASE_VARIABLE, None)  # neither this process nor its workers need it any more
    if records.is_new() and not settings.demo:
        settings = replace(settings, set_up_code="".join(secrets.choice(_CODE_SIGNS) for _ in range(8)))
    app = create_app(settings, records, wait=False)
    server = uvicorn.Server(config_for(app, settings))
    gc.freeze()
    gc.enable()  # the command line switches it off, since other commands are over before there is garbage
    WORKER_POOL.expect(settings.workers)
    warming = threading.Timer(WARM_UP_AFTER_S, warm_up, [app, settings.workers])
    warming.daemon = True
    warming.start()
    _tell(settings, open_browser)
    _end_as_ctrl_c_does_on(signal.SIGTERM)
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        warming.cancel()
        WORKER_POOL.stop()
        listening.close()
        records.close()
    say("stopped; everything confirmed is kept.")


def _end_as_ctrl_c_does_on(number: signal.Signals) -> None:
    """Let a service manager's request to end leave nothing behind either; only the main thread can be asked."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(number, signal.default_int_handler)


def config_for(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the server runs: quiet, without web sockets, believing only the proxies it was told of."""
    return uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off", ws="none",
        ssl_certfile=settings.tls_cert, ssl_keyfile=settings.tls_key,
        proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=5, http=TimedProtocol, timeout_keep_alive=30, backlog=256,
    )  # fmt: skip


def check(settings: Settings) -> None:
    """Refuse what would put people's records on a network in the clear."""
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise ServeError("--tls-cert and --tls-key go together; give both.")
    if not settings.is_local and not settings.is_secure:
        raise ServeError(
            f"--host is {settings.host}, which other machines can reach; that needs --tls-cert and --tls-key, or "
            "--behind-proxy ADDRESS where a proxy ends TLS."
        )
    for proxy in settings.trusted_proxies:
        _check_proxy(proxy)
    if settings.host in ("0.0.0.0", "::") and not settings.names:  # noqa: S104 - compared, not bound
        raise ServeError(f"--host is {settings.host}; say with --name which host name browsers will use.")


def _check_proxy(given: str) -> None:
    """A proxy is believed about who asks, so it is named exactly: an address, or a network of a few machines."""
    try:
        network = ipaddress.ip_network(given)
    except ValueError:
        raise ServeError(
            f"--behind-proxy is {given!r}; expected the proxy's address, such as 192.168.1.2, or a network such as "
            "10.0.3.0/28."
        ) from None
    if network.num_addresses > MOST_PROXIES:
        raise ServeError(
            f"--behind-proxy is {given}, which is {network.num_addresses} addresses; whoever has one of them could say "
            f"to come from anywhere. At most {MOST_PROXIES} are taken: name the proxy's own address."
        )


def listen(settings: Settings) -> socket.socket:
    """The socket, taken before anything slow so that a port in use is told at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named because asyncio sends without delay (TCP_NODELAY) only where it is; 40 ms an answer else.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
        made.listen(128)
    except OSError as err:
        made.close()
        raise ServeError(
            f"Port {settings.port} of {settings.host} cannot be used ({err.strerror}); is Psoas running already? "
            "Choose another with --port, or --port 0 for any free one."
        ) from None
    made.set_inheritable(True)
    return made


def open_store(store: str | None, *, ask: bool = False) -> Records:
    """The practice's store; a new one is made. Its key comes from where `psoas.records.opening` looks, else from
    whoever sits at the terminal.

    Args:
        store: a file or an address; None is the usual place.
        ask: ask for the passphrase, whatever the key store has.

    Raises:
        StoreError: it cannot be opened; the sentence says why.
    """
    try:
        opened = opening.open_store(store, passphrase=_ask(store) if ask else None, make=True)
    except KeyNeeded:
        if ask or not sys.stdin.isatty():
            raise
        opened = opening.open_store(store, passphrase=_ask(store), make=True)
    if opened.recovery_code is not None:
        say(f"a new store is made: {opened.records.where}. This machine keeps its key.")
        say("Without this machine only the recovery code opens it. Write it down now and keep it in a safe:")
        print(f"\n    {opened.recovery_code}\n", file=sys.stderr, flush=True)
    return opened.records


def open_demonstration() -> Records:
    """Fictional people in memory."""
    from psoas.web.demo import fill

    records = open_records("sqlite://")
    fill(records)
    return records


def _ask(store: str | None) -> str:
    """The passphrase from the terminal; twice where it makes a new store."""
    path = file_of(store_url(store))
    if path is None or path.exists():
        return getpass.getpass("Passphrase or recovery code of the store: ")
    say(f"a new store is made: {path}. Nobody can open it without its passphrase.")
    first = getpass.getpass("New passphrase (four or five words): ")
    if getpass.getpass("The same again: ") != first:
        raise ServeError("The two passphrases differ; nothing was made.")
    return first


def say(text: str) -> None:
    """Words for whoever started it; standard output stays empty."""
    print(f"psoas: {text}", file=sys.stderr, flush=True)


def warm_up(app: FastAPI, workers: int) -> None:
    """Load in the background what the first visit will need, and begin the workers: starting does not wait for it.

    What is loaded then stays for good, so the collector of garbage need not look at it again: an answer makes enough
    objects to send it over all of the evidence otherwise.
    """
    app.state.late.load()
    from psoas.assessment import assess

    assess({"psoas_case": 1})
    gc.collect()
    gc.freeze()
    WORKER_POOL.start(workers)


def _show_card(settings: Settings, authority: Path) -> None:
    """What somebody with a telephone needs, at the terminal: the address, a code of it, and what to trust first."""
    import segno

    say(f"telephones of this network reach it at {settings.url}")
    say(f"once for each telephone: bring {authority} there and install it as a certificate to trust")
    if sys.stderr.isatty():
        segno.make(settings.url, micro=False).terminal(out=sys.stderr, compact=True)


def _tell(settings: Settings, open_browser: bool) -> None:
    say(f"the practice app is at {settings.url} (Ctrl-C stops it)")
    if settings.authority is not None:
        _show_card(settings, settings.authority)
    if settings.set_up_code is not None:
        say(f"this store is new; the set-up page asks for the code {settings.set_up_code}")
    if open_browser:
        first = f"{settings.url}set-up?code={settings.set_up_code}" if settings.set_up_code else settings.url
        threading.Timer(0.3, webbrowser.open, [first]).start()
