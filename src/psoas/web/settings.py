"""How one run of the app was started."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
"""Names by which the machine itself asks; always allowed."""

DEFAULT_PORT = 8417

DEMO_LOGIN, DEMO_PASSWORD = "demo", "fictional people only"
"""The owner of the demonstration, whose store holds nobody real and ends with the program."""

Quality = Literal["auto", "low"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What `psoas serve` was told.

    Attributes:
        store: the records, as a file or an address without its key; None is the usual place.
        host: address to listen on; anything but this machine needs TLS or a trusted proxy.
        port: port to listen on.
        names: further host names under which browsers reach the app; others are refused (DNS rebinding).
        demo: fictional people in memory, signed in with one click.
        workers: processes for heavy computing beside the one that serves; 0 computes in it.
        quality: `low` draws the body without shadows; `auto` lets the browser judge.
        tls_cert, tls_key: certificate and key in PEM, both or neither.
        trusted_proxies: addresses whose `X-Forwarded-*` headers are believed; given, TLS is taken to end there.
        authority: the certificate that telephones have to trust once, where `--phones` made one.
        set_up_code: what the set-up page asks for: shown at the terminal, and carried by the browser that we open.
            `psoas serve` sets one for every new store, because where a request comes from proves nothing.
    """

    store: str | None = None
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    names: tuple[str, ...] = ()
    demo: bool = False
    workers: int = 1
    quality: Quality = "auto"
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    set_up_code: str | None = None
    authority: Path | None = None

    @property
    def is_local(self) -> bool:
        """Whether it listens on this machine's own addresses, and no proxy was named that lets others in.

        It decides whether TLS is needed and what is said about addresses; **no right follows from it**: a proxy that
        nobody told us of looks the same.
        """
        return self.host in LOCAL_HOSTS and not self.trusted_proxies

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it over TLS, here or at a proxy."""
        return self.tls_cert is not None or bool(self.trusted_proxies)

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Host names that a request may carry."""
        own = () if self.host in ("0.0.0.0", "::") else (self.host,)  # noqa: S104 - compared, not bound
        return frozenset(name.lower() for name in (*LOCAL_HOSTS, *own, *self.names))

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        scheme = "https" if self.tls_cert is not None else "http"
        host = "localhost" if self.host in (*LOCAL_HOSTS, "0.0.0.0", "::") else self.host  # noqa: S104
        return f"{scheme}://{host}:{self.port}/"
