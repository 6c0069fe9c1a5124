"""The built front end: scripts and styles in `static/`, under names that change with their content."""

from __future__ import annotations

import json
import subprocess
import sys
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
    sources, script = STATIC.parent / "frontend", STATIC.parents[3] / "scripts" / "build_frontend.py"
    if sources.is_dir() and script.exists() and _is_older(STATIC / "manifest.json", sources):
        done = subprocess.run([sys.executable, str(script)], stdout=sys.stderr)  # noqa: S603 - our own script
        manifest.cache_clear()
        if done.returncode:
            raise NotBuilt("The app's scripts and styles could not be built; the lines above say why.")
    manifest()


def _is_older(built: Path, sources: Path) -> bool:
    newest = max(path.stat().st_mtime for path in sources.iterdir() if path.is_file())
    return not built.exists() or built.stat().st_mtime < newest


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
