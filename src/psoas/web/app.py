"""The app, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from psoas import __version__
from psoas.web.access import guard
from psoas.web.assets import Assets
from psoas.web.failures import add_handlers
from psoas.web.lazy_routers import LateMiddleware, LazyRouters
from psoas.web.security.crowd import CrowdMiddleware
from psoas.web.security.headers import DoorMiddleware, HeadersMiddleware
from psoas.web.security.limits import BodyLimitMiddleware, Limits
from psoas.web.settings import Settings
from psoas.web.unsent import UnsentForms

if TYPE_CHECKING:
    from psoas.records import Records


def create_app(settings: Settings, records: Records, *, wait: bool = True) -> FastAPI:
    """The app over a store that is open.

    Everything a handler needs hangs on `request.app.state`: `records`, `settings`, `limits`.

    Args:
        wait: bring in every page now; else `app.state.late.load()` does, or the first who asks for one.
    """
    app = FastAPI(
        title="Psoas",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(guard)],
    )
    app.state.settings, app.state.records, app.state.limits = settings, records, Limits()
    app.state.unsent = UnsentForms()
    app.state.late = late = LazyRouters(app)
    if wait:
        late.load()
    app.mount("/static", Assets(), name="static")
    add_handlers(app)
    app.add_middleware(LateMiddleware, late=late)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(PartRedirects)
    app.add_middleware(CrowdMiddleware)
    app.add_middleware(DoorMiddleware, settings=settings)
    app.add_middleware(HeadersMiddleware, settings=settings)
    app.add_middleware(HeadRequests)
    return app


class HeadRequests:
    """HEAD is answered as GET is, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_without_body)


class PartRedirects:
    """Under htmx a redirect would put a whole page where a part belongs; the browser is told to go there instead."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if headers.get("hx-request") != "true" or headers.get("hx-request-type") == "full":
            await self.app(scope, receive, send)
            return

        async def send_without_redirect(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 303:
                raw = [(b"hx-redirect" if name == b"location" else name, value) for name, value in message["headers"]]
                message = {**message, "status": 200, "headers": raw}
            await send(message)

        await self.app(scope, receive, send_without_redirect)
