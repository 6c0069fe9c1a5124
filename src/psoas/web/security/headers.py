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


class HeadersMiddleware:
    """Adds the protective headers; an answer that is not a static file is never kept by a cache."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.fixed = {**FIXED, **({"strict-transport-security": HSTS} if settings.is_secure else {})}
        self.policy = content_policy()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.fixed.items():
                    headers[name] = value
                headers.setdefault("content-security-policy", self.policy)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class HostMiddleware:
    """Refuses a request that names another host: a page elsewhere may have its name point at this machine."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.allowed = settings.allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or host_name(Headers(scope=scope).get("host", "")) in self.allowed:
            await self.app(scope, receive, send)
            return
        if scope["type"] == "http":
            text = "This name is not one that Psoas answers to. Start it with --name to add one.\n"
            await PlainTextResponse(text, status_code=421)(scope, receive, send)


def host_name(host: str) -> str:
    """`LOCALHOST:8417` -> `localhost`, `[::1]:8417` -> `::1`."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
