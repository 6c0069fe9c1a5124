"""The built front end: scripts and styles in `static/`, under names that change with their content."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from psoas.errors import PsoasError

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"


class NotBuilt(PsoasError):  # noqa: N818 - the name is what is wrong
    """The front end has not been built."""


@cache
def manifest() -> dict[str, str]:
    """Name as written in a template -> name of the built file.

    Raises:
        NotBuilt: there is none.
    """
    try:
        found: dict[str, str] = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotBuilt("The app's scripts and styles are not built; run: python scripts/build_frontend.py") from None
    return found


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
