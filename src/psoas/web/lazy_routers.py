"""The pages that the first page does not wait for: most need the evidence, or take a while to describe.

A start brings in the pages of `EARLY`; the others follow a moment later, or as soon as somebody asks for one.
"""

from __future__ import annotations

import importlib
import pkgutil
import threading
from collections.abc import Iterator

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from psoas.web import api, pages

EARLY = ("psoas.web.pages.people.records", "psoas.web.pages.start")
"""What somebody sees who opens the app, signed in or not."""


def modules() -> list[str]:
    """Every module of pages/ and api/ and their folders, in the order of their names."""
    return [
        found.name
        for package in (pages, api)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not found.ispkg
    ]


def routers(names: list[str]) -> Iterator[APIRouter]:
    """`router` of each of these modules that has one."""
    for name in names:
        router = getattr(importlib.import_module(name), "router", None)
        if isinstance(router, APIRouter):
            yield router


class LazyRouters:
    """Brings the early pages in at once, and the others when it is told to."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._early = list(routers(list(EARLY)))
        self.is_loaded = False
        for router in self._early:
            app.include_router(router)

    def load(self) -> None:
        """Bring in the other pages, once; whoever comes meanwhile waits."""
        with self._lock:
            if not self.is_loaded:
                for router in list(routers([name for name in modules() if name not in EARLY])):
                    self._app.include_router(router)
                self.is_loaded = True

    def waits_for(self, scope: Scope) -> bool:
        """Whether a request may want a page that is not there yet."""
        if self.is_loaded or scope["type"] != "http" or scope["path"].startswith("/static/"):
            return False
        return all(route.matches(scope)[0] is not Match.FULL for router in self._early for route in router.routes)


class LateMiddleware:
    """Lets a request wait for the pages that are still to come."""

    def __init__(self, app: ASGIApp, late: LazyRouters) -> None:
        self.app, self.late = app, late

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.late.waits_for(scope):
            await run_in_threadpool(self.late.load)
        await self.app(scope, receive, send)
