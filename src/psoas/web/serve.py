"""From a command to a running app: the store, the socket, the browser."""

from __future__ import annotations

import gc
import getpass
import os
import secrets
import socket
import sys
import threading
import webbrowser
from dataclasses import replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from psoas.errors import PsoasError
from psoas.records import Records, open_records
from psoas.web.app import create_app
from psoas.web.assets import bring_up_to_date
from psoas.web.settings import Settings

PASSPHRASE_VARIABLE = "PSOAS_PASSPHRASE"  # noqa: S105 - a name, not a password
"""Where a service without a terminal finds the passphrase."""

_CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that look alike


class ServeError(PsoasError):
    """The app cannot be started as it was asked to."""


def run(settings: Settings, *, open_browser: bool) -> None:
    """Serve until Ctrl-C.

    Raises:
        ServeError: the options do not go together, or the port is taken.
    """
    check(settings)
    bring_up_to_date()
    listening = listen(settings)
    settings = replace(settings, port=listening.getsockname()[1])
    records = open_store(settings)
    if records.is_new() and not settings.is_local:
        settings = replace(settings, set_up_code="".join(secrets.choice(_CODE_SIGNS) for _ in range(8)))
    app = create_app(settings, records)
    server = uvicorn.Server(config_for(app, settings))
    gc.freeze()
    gc.enable()  # the command line switches it off, since other commands are over before there is garbage
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    _tell(settings, open_browser)
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        listening.close()
        records.close()
    print("psoas: stopped. Everything confirmed is kept.", file=sys.stderr)


def config_for(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the server runs: quiet, without web sockets, believing only the proxies it was told of."""
    return uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off", ws="none",
        ssl_certfile=settings.tls_cert, ssl_keyfile=settings.tls_key,
        proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=5,
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
    if settings.host in ("0.0.0.0", "::") and not settings.names:  # noqa: S104 - compared, not bound
        raise ServeError(f"--host is {settings.host}; say with --name which host name browsers will use.")


def listen(settings: Settings) -> socket.socket:
    """The socket, taken before anything slow so that a port in use is told at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
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


def open_store(settings: Settings) -> Records:
    """The records that the settings name.

    Raises:
        ServeError: no passphrase can be asked for.
        StoreError: the store cannot be opened; the sentence says why.
    """
    if settings.demo:
        from psoas.web.demo import fill

        records = open_records("sqlite://")
        fill(records)
        return records
    return open_records(settings.store, key=_key(settings.store))


def store_url(store: str | None) -> str:
    """The address of the store: as given, a file's name made into one, or the usual place for this user."""
    if store is None:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "psoas"
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = str(base / "practice.db")
    return store if "://" in store else f"sqlite:///{Path(store).expanduser().resolve()}"


def _key(url: str) -> str:
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise ServeError(f"The store is encrypted; start Psoas at a terminal, or give {PASSPHRASE_VARIABLE}.")
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:") or (path.exists() and path.stat().st_size):
        return getpass.getpass("Passphrase of the store: ")
    print(f"psoas: a new store is made: {path}. Without its passphrase nobody can open it again.", file=sys.stderr)
    first = getpass.getpass("New passphrase (four or five words): ")
    if getpass.getpass("The same again: ") != first:
        raise ServeError("The two passphrases differ; nothing was made.")
    return first


def warm_up() -> None:
    """Load in the background what the first visit will need, so that starting does not wait for it."""
    from psoas.knowledge import load

    load()
    import psoas.assessment  # noqa: F401


def _tell(settings: Settings, open_browser: bool) -> None:
    print(f"psoas: the practice app is at {settings.url} (Ctrl-C stops it)", file=sys.stderr, flush=True)
    if settings.set_up_code is not None:
        print(f"psoas: this store is new; the set-up page asks for the code {settings.set_up_code}", file=sys.stderr)
    if open_browser:
        threading.Timer(0.3, webbrowser.open, [settings.url]).start()
