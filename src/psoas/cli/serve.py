"""`psoas serve`: its options. What it does is in `psoas.web.serve`, which is imported when it is asked for."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from psoas.errors import MissingExtraError
from psoas.web.settings import DEFAULT_PORT, Settings


class Quality(StrEnum):
    """How finely the body is drawn."""

    AUTO = "auto"
    LOW = "low"


def register(root: typer.Typer) -> None:
    """Add `serve` to the commands."""
    root.command("serve", epilog="Example:  psoas serve --demo")(serve)


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = DEFAULT_PORT,
    host: Annotated[
        str, typer.Option(help="Address to listen on; only this machine unless told otherwise.")
    ] = "127.0.0.1",
    store: Annotated[str | None, typer.Option(help="A file, or postgresql+psycopg://user@host/name.")] = None,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Ask for the passphrase, whatever this machine's key store has.")
    ] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Ten fictional people, kept in memory only.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    tls_cert: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Certificate, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Its key, PEM.")] = None,
    behind_proxy: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="A proxy that ends TLS; its X-Forwarded headers are believed."),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(metavar="HOST", help="A further host name that browsers reach it by.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, max=64, help="Processes for heavy computing beside the server; 0 computes in it.")
    ] = 1,
    phones: Annotated[
        bool,
        typer.Option(
            "--phones", help="Let telephones of this network in: makes a certificate and shows a code to scan."
        ),
    ] = False,
    time_zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Zone in which days are shown, such as Europe/Vienna.")
    ] = None,
    quality: Annotated[Quality, typer.Option(help="low: the 3D body for slow graphics.")] = Quality.AUTO,
) -> None:
    """Open the practice app on this machine: a whole visit in a browser, without the internet."""
    try:
        from psoas.web.serve import run
    except ModuleNotFoundError as err:
        if err.name is None or err.name.split(".")[0] == "psoas":
            raise
        raise MissingExtraError(
            f"The app needs {err.name}, which is not installed: pip install 'psoas[web]', or use ./psoas in a checkout."
        ) from None
    from psoas.records.clock import ZONE_VARIABLE, zone

    if time_zone:
        os.environ[ZONE_VARIABLE] = time_zone
    zone()  # a zone that there is not is said before anything is opened
    settings = Settings(
        store=store, host=host, port=port, names=tuple(name or ()), demo=demo,
        workers=workers, quality=quality.value, tls_cert=tls_cert, tls_key=tls_key,
        trusted_proxies=tuple(behind_proxy or ()),
    )  # fmt: skip
    if phones:
        settings = _with_phones(settings)
    run(settings, open_browser=not no_browser, ask=passphrase)


def _with_phones(settings: Settings) -> Settings:
    """The same, on this machine's address of the network, with a certificate of its own."""
    from dataclasses import replace

    from psoas.records.address import data_folder
    from psoas.web.phones import PhonesError, door, network_address

    if settings.is_secure:
        raise PhonesError("--phones makes its own certificate; leave out --tls-cert, --tls-key and --behind-proxy.")
    address = network_address() if settings.is_local else settings.host
    made = door(data_folder() / "phones", address)
    return replace(settings, host=address, tls_cert=made.certificate, tls_key=made.key, authority=made.authority)
