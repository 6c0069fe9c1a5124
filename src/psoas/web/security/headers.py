"""Headers of every answer, and names of hosts that may be asked for."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from psoas.web.settings import Settings

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "media-src": "'self' blob:",
    "connect-src": "'self' blob:",
    "worker-src": "'self' blob:",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), accelerometer=(self), gyroscope=(self), microphone=(), geolocation=()",
}
HSTS = "max-age=31536000"


def content_policy(*, wasm: bool = False) -> str:
    """The content security policy. `wasm`: this page unpacks meshes or runs a model compiled to WebAssembly."""
    script = _POLICY["script-src"] + (" 'wasm-unsafe-eval'" if wasm else "")
    return "; ".join(f"{name} {value}" for name, value in {**_POLICY, "script-src": script}.items())


def protect(headers: MutableHeaders, settings: Settings) -> None:
    """Add the protective headers; an answer that does not say otherwise is never kept by a cache."""
    for name, value in FIXED.items():
        headers[name] = value
    if settings.is_secure:
        headers["strict-transport-security"] = HSTS
    headers.setdefault("content-security-policy", content_policy())
    headers.setdefault("cache-control", "no-store")


class HeadersMiddleware:
    """Protects every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), self.settings)
            await send(message)

        await self.app(scope, receive, send_protected)


class DoorMiddleware:
    """Refuses what does not come by the door: a host name that is not ours, or a plain connection around the proxy.

    A page elsewhere may have its own name point at this machine (DNS rebinding); the browser then sends that name. And
    where TLS ends at a proxy, somebody on the network could speak to the app directly and in the clear; only the
    proxy's word that the browser came over TLS is believed.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.allowed = settings.allowed_hosts
        self.needs_tls = settings.is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self.refusal(scope) if scope["type"] == "http" else ""
        if refusal:
            await PlainTextResponse(refusal, status_code=421)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def refusal(self, scope: Scope) -> str:
        """Why a request is not let in; empty where it is."""
        if host_name(Headers(scope=scope).get("host", "")) not in self.allowed:
            return "This name is not one that Psoas answers to. Start it with --name to add one.\n"
        if self.needs_tls and scope["scheme"] != "https":
            return "Psoas answers here only over TLS; come by the address of the proxy.\n"
        return ""


def host_name(host: str) -> str:
    """`LOCALHOST:8417` -> `localhost`, `[::1]:8417` -> `::1`."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
