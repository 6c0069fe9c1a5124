"""The built front end: scripts and styles in `static/`, under names that change with their content."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from psoas.errors import PsoasError

STATIC = Path(__file__).parent / "static"
_LISTS = {"manifest.json": "build_frontend.py", "manifest-body.json": "build_body_mesh.py"}
FOREVER = "public, max-age=31536000, immutable"


class NotBuilt(PsoasError):  # noqa: N818 - the name is what is wrong
    """The front end has not been built."""


@cache
def manifest() -> dict[str, str]:
    """Name as written in a template -> name of the built file.

    Raises:
        NotBuilt: there is none.
    """
    found: dict[str, str] = {}
    for name, maker in _LISTS.items():
        try:
            found |= json.loads((STATIC / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise NotBuilt(f"The app's static files are not all built; run: python scripts/{maker}") from None
    return found


def bring_up_to_date() -> None:
    """In a checkout, build what is missing or older than its sources; an installed package brings it along.

    Raises:
        NotBuilt: it is not there and cannot be built.
    """
    scripts = STATIC.parents[3] / "scripts"
    for name, maker in _LISTS.items():
        if (scripts / maker).exists() and _needs_building(STATIC / name):
            done = subprocess.run([sys.executable, str(scripts / maker)], stdout=sys.stderr)  # noqa: S603 - our own
            if done.returncode:
                raise NotBuilt("The app's pages could not be built; the lines above say why.")
    manifest.cache_clear()
    manifest()


def _needs_building(built: Path) -> bool:
    """Whether it is missing or, for scripts and styles, older than what they are made from."""
    if not built.exists():
        return True
    made = built.stat().st_mtime
    return built.name == "manifest.json" and any(path.stat().st_mtime > made for path in _sources())


def _sources() -> Iterator[Path]:
    """What scripts and styles are made from; packages of others only change with the list of them."""
    for folder, inside, names in os.walk(STATIC.parent / "frontend"):
        inside[:] = [name for name in inside if name not in ("node_modules", ".build")]
        yield from (Path(folder, name) for name in names)


def asset_url(name: str) -> str:
    """The address of a built file.

    Raises:
        NotBuilt: the build has no such file.
    """
    try:
        return f"/static/{manifest()[name]}"
    except KeyError:
        raise NotBuilt(f"The build has no {name}; expected one of {', '.join(sorted(manifest()))}.") from None


class Assets(StaticFiles):
    """The static folder. A name holds the hash of its content, so a browser may keep it for ever."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path not in manifest().values() and not path.startswith("chunk-"):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = FOREVER
        return response
