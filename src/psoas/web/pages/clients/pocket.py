"""The plan in the client's pocket: with pictures, ticks and the pain of the day; it works without network once opened.

Below `/c/{token}/plan` lie the page, its state, the lines that are sent, and what makes it an app of the telephone.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from psoas.follow_up import Danger, look_for_danger
from psoas.knowledge import load
from psoas.records import Plan
from psoas.records.clock import today
from psoas.web.access import Client, Visitor, records_of
from psoas.web.assets import STATIC, manifest
from psoas.web.follow_up.diary import SHOWN_DAYS, NotALine, line_of, state_of
from psoas.web.follow_up.forms import SentForm
from psoas.web.follow_up.record import course_of, last_told
from psoas.web.follow_up.words import words
from psoas.web.pages.follow_up import NO_CASE
from psoas.web.render import environment, page, see_other

router = APIRouter()

MOST_LINES = 500
"""Lines sent at once: more than two weeks without network make. Our choice."""


@router.get("/c/{token}/plan")
def show(request: Request, visitor: Client, token: str) -> Response:
    """The plan; where a danger waits for a doctor, that, and no exercises."""
    with records_of(request).work(visitor.scope) as work:
        person = work.people.get(_person(visitor))
        plan = _plan_of(work, person.id)
        told = state_of(work.entries.of(person.id, "diary"))
    danger = _danger(request, visitor)
    on = today().isoformat()
    return page(
        request, "pocket/plan.html", visitor, base=_base(token), person=person, plan=plan,
        client=plan.content.get("client") if plan else None, words=words(), urgency=danger.urgency,
        stopped=bool(danger.alarms), safety_net=load().red_flags.safety_net, today=on,
        now={what: value for (day, what), value in told.items() if day == on},
    )  # fmt: skip


@router.post("/c/{token}/plan")
def tick(request: Request, visitor: Client, token: str, form: SentForm) -> Response:
    """The same without scripts: today's ticks and pain as a plain form."""
    person_id, on = _person(visitor), today().isoformat()
    ticked = {value for value in form.getlist("done") if isinstance(value, str)}
    with records_of(request).work(visitor.scope) as work:
        items = _items(_plan_of(work, person_id))
        kept = work.entries.of(person_id, "diary")
        state, at = state_of(kept), max((one.content["at"] + 1 for one in kept), default=0)
        told: dict[str, Any] = {name: name in ticked for name in items}
        pain = form.get("pain")
        if isinstance(pain, str) and pain.isdecimal() and int(pain) <= 10:
            told["pain"] = int(pain)
        new = {what: value for what, value in told.items() if state.get((on, what), False) != value}
        lines = [(f"form-{at}-{what}"[:64], {"on": on, "what": what, "value": new[what], "at": at}) for what in new]
        if lines:
            work.entries.add(person_id, "diary", lines)
    return see_other(f"{_base(token)}?said=in-diary")


@router.get("/c/{token}/plan/state")
def state(request: Request, visitor: Client, token: str) -> Response:
    """What is noted of the last days, and the token that lines have to bring along."""
    with records_of(request).work(visitor.scope) as work:
        kept = work.entries.of(_person(visitor), "diary")
    days = sorted({one.content["on"] for one in kept})[-SHOWN_DAYS:]
    told = [{"on": on, "what": what, "value": value} for (on, what), value in state_of(kept).items() if on in days]
    return _fresh(request, visitor, JSONResponse({"csrf": visitor.csrf, "told": told}))


@router.post("/c/{token}/plan/lines")
async def take(request: Request, visitor: Client, token: str) -> Response:
    """Keep lines; each once, however often it is sent. Answers which keys need not be sent again, and why not kept."""
    try:
        sent = json.loads(await request.body())
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise HTTPException(422, "The lines are not JSON.") from None
    if not isinstance(sent, list) or len(sent) > MOST_LINES:
        raise HTTPException(422, f"Expected a list of at most {MOST_LINES} lines.")
    return JSONResponse(await _kept(request, visitor, sent))


async def _kept(request: Request, visitor: Visitor, sent: list[Any]) -> dict[str, Any]:
    from starlette.concurrency import run_in_threadpool

    return await run_in_threadpool(_keep, request, visitor, sent)


def _keep(request: Request, visitor: Visitor, sent: list[Any]) -> dict[str, Any]:
    person_id = _person(visitor)
    with records_of(request).work(visitor.scope) as work:
        items = {name for plan in work.plans.of_person(person_id) for name in _items(plan)}
        lines, refused = [], []
        for told in sent:
            try:
                lines.append(line_of(told, items, today()))
            except NotALine as err:
                key = told.get("key") if isinstance(told, dict) else None
                refused.append({"key": str(key)[:64] if key is not None else None, "why": str(err)})
        kept = work.entries.add(person_id, "diary", lines) if lines else ()
    return {"kept": [one.key for one in kept], "refused": refused}


@router.get("/c/{token}/plan/app.webmanifest")
def app_manifest(request: Request, visitor: Client, token: str) -> Response:
    """What lets a telephone put the plan among its apps."""
    _person(visitor)
    base = _base(token)
    told = {
        "name": "My plan", "short_name": "My plan", "id": base, "start_url": base, "scope": base,
        "display": "standalone", "background_color": "#fbf8f3", "theme_color": "#1f6f63",
        "icons": [{"src": f"{base}/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }  # fmt: skip
    return Response(json.dumps(told), media_type="application/manifest+json")


@router.get("/c/{token}/plan/icon.svg")
def icon(request: Request, visitor: Client, token: str) -> Response:
    """The picture of the app."""
    _person(visitor)
    return Response(environment().get_template("pocket/icon.svg").render(), media_type="image/svg+xml")


@router.get("/c/{token}/plan/worker.js")
def worker(request: Request, visitor: Client, token: str) -> Response:
    """What shows the plan without network. It may serve this plan's pages, and no others."""
    _person(visitor)
    script = (STATIC / manifest()["pocket_worker.js"]).read_bytes()
    headers = {"service-worker-allowed": _base(token)}
    return Response(script, media_type="text/javascript", headers=headers)


def _fresh(request: Request, visitor: Visitor, answer: Response) -> Response:
    """With the cookie that the token belongs to, where the browser has none: a telephone forgets it when it closes."""
    from psoas.web.security import cookies

    if visitor.fresh_cookie is not None:
        cookies.put(request, answer, cookies.FORM, visitor.fresh_cookie)
    return answer


def _danger(request: Request, visitor: Visitor) -> Danger:
    """What the screen says of the person after the last check-in."""
    records, link = records_of(request), visitor.link
    assert link is not None
    with records.work(visitor.scope) as work:
        course = course_of(work, link.person_id)
        told = course.check_ins if course else last_told(work, link.person_id)
    return look_for_danger(course.case if course else NO_CASE, told, load())


def _plan_of(work: Any, person_id: str) -> Plan | None:
    """The plan saved last."""
    plans: tuple[Plan, ...] = work.plans.of_person(person_id)
    return plans[0] if plans else None


def _items(plan: Plan | None) -> list[str]:
    """Ids of what can be ticked."""
    held = (plan.content.get("client") if plan else None) or {"items": ()}
    return [one["id"] for one in held["items"]]


def _base(token: str) -> str:
    return f"/c/{token}/plan"


def _person(visitor: Visitor) -> str:
    if visitor.link is None or visitor.link.purpose != "plan":
        raise HTTPException(404)
    return visitor.link.person_id
