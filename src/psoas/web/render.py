"""From a template to an answer."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from psoas.records.clock import local
from psoas.web.access import Guest, Visitor
from psoas.web.assets import asset_url
from psoas.web.security import cookies, csrf
from psoas.web.security.headers import content_policy
from psoas.web.words import SAID

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The templates: everything escaped, and a name that is not given is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.globals |= {"asset": asset_url, "csrf": _csrf}
    made.filters |= {"day": day, "moment": moment, "signed": signed, "chance": chance}
    return made


def page(
    request: Request,
    template: str,
    visitor: Visitor | Guest,
    *,
    status: int = 200,
    wasm: bool = False,
    **context: Any,
) -> HTMLResponse:
    """A whole page. `wasm`: it may run WebAssembly (meshes, pose). Sets the cookie that stands behind forms."""
    response = HTMLResponse(_render(request, template, visitor, context), status_code=status)
    if wasm:
        response.headers["content-security-policy"] = content_policy(wasm=True)
    if visitor.fresh_cookie is not None:
        cookies.put(request, response, cookies.FORM, visitor.fresh_cookie)
    return response


def fragment(
    request: Request, template: str, visitor: Visitor | Guest, *, status: int = 200, **context: Any
) -> HTMLResponse:
    """A part of a page, for htmx to put in place."""
    return HTMLResponse(_render(request, template, visitor, context), status_code=status)


def is_htmx(request: Request) -> bool:
    """Whether a part is asked for rather than a whole page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-request-type") != "full"


def see_other(url: str) -> RedirectResponse:
    """After a form: go and look there. (Under htmx a part cannot follow; `psoas.web.app` turns it into HX-Redirect.)"""
    return RedirectResponse(url, status_code=303)


def day(when: Any) -> str:
    """A date as people write it: 7 March 2026; of an instant, the day on the practice's calendar."""
    if when is None:
        return ""
    there = local(when) if isinstance(when, datetime) else when
    return f"{there.day} {there:%B %Y}"


def moment(when: datetime) -> str:
    """A point in time on the practice's clock: 7 March 2026, 14:05."""
    there = local(when)
    return f"{day(there)}, {there:%H:%M}"


def chance(percent: int, *, short: bool = False) -> str:
    """A probability in whole percent: what rounds to none or all is said to be under 1 or over 99.

    Args:
        short: with signs, for a column of figures.
    """
    under, over = ("< 1", "> 99") if short else ("under 1", "over 99")
    return f"{under if percent < 1 else over if percent > 99 else percent} %"


def signed(value: float) -> str:
    """A change in whole numbers with its sign, a minus that is as long as a plus: +14, −4, 0."""
    whole = round(value)
    return "0" if not whole else f"{whole:+d}".replace("-", "\u2212")


def _render(request: Request, template: str, visitor: Visitor | Guest, context: dict[str, Any]) -> str:
    return (
        environment()
        .get_template(template)
        .render(
            {
                "request": request,
                "visitor": visitor if isinstance(visitor, Visitor) else None,
                "csrf_token": visitor.csrf,
                "settings": request.app.state.settings,
                "here": request.url.path,
                "said": SAID.get(request.query_params.get("said", "")),
                **context,
            }
        )
    )


@pass_context
def _csrf(context: Context) -> Markup:
    """The hidden field that every form with method post holds."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, context["csrf_token"])
