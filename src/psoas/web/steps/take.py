"""Each step of a visit as a form that was sent: taken into the case and kept, or shown again with what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.assessment import read_case
from psoas.errors import CaseError
from psoas.interview import (
    WHO,
    Interview,
    Step,
    apply,
    apply_answers,
    apply_goals,
    apply_graver,
    apply_measurements,
    apply_medicines,
    apply_pain,
    apply_person,
    asked_back,
    understood,
)
from psoas.interview.gateways import SCREEN
from psoas.knowledge import Knowledge
from psoas.records import Visit
from psoas.web.render import fragment, is_htmx, see_other
from psoas.web.steps.context import NEXT_SHEET, STOPPED, Clashed, Data, VisitContext, begun, keep
from psoas.web.steps.forms import Sent, first, problems_of, version_of
from psoas.web.steps.frame import visit_page
from psoas.web.steps.show import show
from psoas.web.steps.since import apply_since, since_of
from psoas.web.steps.story import take_story
from psoas.web.steps.tests_to_do import tests_for

Change = Callable[[Data], Data]


def take(request: Request, desk: VisitContext, step: str, form: Sent) -> Response:
    """Keep what was sent for a step, and go on to what comes next."""
    if not desk.has(step) or step not in _TAKES:
        raise HTTPException(404)
    return _TAKES[step](request, desk, form)


def take_graver(
    request: Request, desk: VisitContext, form: Sent, again: Callable[[Sent, dict[str, str]], Response]
) -> Response:
    """Keep what was answered at a stop, and show the stop as it is now; `again` shows it with what is wrong."""
    if not desk.stops:
        return see_other(desk.base)

    def change(case: Data) -> Data:
        return apply_graver(case, form, desk.knowledge)

    try:
        keep(request, desk, change, version=version_of(form), what="danger: at the stop", step=lambda _: STOPPED)
    except Clashed as clashed:  # only where somebody changed the same field twice in a moment
        return _show_clash(request, desk, STOPPED, form, clashed)
    except CaseError as err:
        return again(form, problems_of(err))
    return see_other(f"{desk.base}/stop")


def _keep(
    request: Request, desk: VisitContext, form: Sent, change: Change, step: str, onward: str, *, what: str, **again: str
) -> Response:
    """Keep a change and go `onward`; a danger goes to its page at once, whatever was next."""

    def goes_on(case: Data) -> str:
        return STOPPED if _stops(desk, case) else "danger" if step == "pain" else step

    try:
        visit = keep(request, desk, change, version=version_of(form), what=what, step=goes_on)
    except Clashed as clashed:
        return _show_clash(request, desk, step, form, clashed)
    except CaseError as err:
        if is_htmx(request):
            return _saved(request, desk, desk.visit, problems_of(err))
        return show(request, desk, step, sent=form, problems=problems_of(err), **again)
    if visit.step == STOPPED:  # what `goes_on` said of this very case
        return see_other(f"{desk.base}/stop")
    if is_htmx(request):
        return _saved(request, desk, visit, {})
    return see_other(onward)


def _stops(desk: VisitContext, case: Data) -> bool:
    return bool(Interview(case, knowledge=desk.knowledge, accepted=desk.interview.accepted).stops)


def _saved(request: Request, desk: VisitContext, visit: Visit, problems: dict[str, str]) -> Response:
    """For a form that keeps itself while it is filled in."""
    on_medicines = request.url.path.endswith("/medicines")
    more: Data = {"understood": understood(visit.case, desk.knowledge)} if on_medicines else {}
    return fragment(request, "visit/saved.html", desk.visitor, version=visit.version, problems=problems, **more)


def _show_clash(request: Request, desk: VisitContext, step: str, form: Sent, clashed: Clashed) -> Response:
    again = [(name, word) for name, words in form.items() if name not in ("version", "csrf") for word in words]
    return visit_page(
        request, desk, "clash", step, status=409, clashes=clashed.clashes, again=again, now=clashed.version,
        action=f"{desk.base}/{step}",
    )  # fmt: skip


def _danger(request: Request, desk: VisitContext, form: Sent) -> Response:
    sheet = next((one for one in desk.interview.all_sheets if one.id == first(form, "sheet")), None)
    if sheet is None:
        raise HTTPException(404)
    then = first(form, "then")
    onward = {"more": "questions?more=1", "overview": "danger"}.get(then, "")
    shown = _shown(sheet, form)

    def change(case: Data) -> Data:
        return apply(case, shown, form, desk.knowledge)

    if not onward and sheet.id == SCREEN:
        onward = f"danger?sheet={NEXT_SHEET}"  # which sheet opens hangs on the answers that are kept first
    if not onward:
        left = [one.id for one in desk.interview.first_sheets if one.id != sheet.id]
        onward = "danger" if left else "questions"
    return _keep(
        request, desk, form, change, "danger", f"{desk.base}/{onward}", what=f"danger: {sheet.id}", sheet=sheet.id,
        then=then,
    )  # fmt: skip


def _shown(step: Step, form: Sent) -> Step:
    """The step with the parts that the page showed: what opened since then was not asked and gets no answer."""
    shown = set(form.get("shown", ()))
    blocks = tuple(
        replace(block, parts=tuple(part for part in block.parts if part.id in shown)) for block in step.blocks
    )
    return replace(step, blocks=blocks)


def _questions(request: Request, desk: VisitContext, form: Sent) -> Response:
    name, more = first(form, "q"), first(form, "more")
    if name not in desk.knowledge.findings.findings:
        raise HTTPException(404)
    step = _shown(desk.interview.question(name), form)

    def change(case: Data) -> Data:
        return apply(case, step, form, desk.knowledge)

    onward = f"{desk.base}/questions?after={name}{'&more=1' if more else ''}"
    return _keep(
        request, desk, form, change, "questions", onward, what=f"question: {name}", q=name, more=more,
        after=first(form, "after"),
    )  # fmt: skip


def _tests(request: Request, desk: VisitContext, form: Sent) -> Response:
    who = first(form, "who") if first(form, "who") in WHO[1:] else "physiotherapist"
    shown = set(form.get("shown", ()))
    looked_up = next((name for name in form.get("looked_up", ()) if name in shown), "")
    parts = [part for part in tests_for(desk, who, looked_up).shown if part.id in shown]

    def change(case: Data) -> Data:
        return apply_answers(case, parts, form, desk.knowledge)

    onward = f"{desk.base}/angles" if first(form, "go") == "on" else f"{desk.base}/tests?who={who}"
    return _keep(request, desk, form, change, "tests", onward, what="tests", who=who)


def _angles(request: Request, desk: VisitContext, form: Sent) -> Response:
    def change(case: Data) -> Data:
        return apply_measurements(case, form, desk.knowledge)

    if not first(form, "sure"):
        try:
            ask = asked_back(read_case(change(begun(desk.visit.case)), desk.knowledge))
        except CaseError:
            ask = ()
        if ask and is_htmx(request):
            return _saved(request, desk, desk.visit, {f"ask{n}": text for n, text in enumerate(ask)})
        if ask:
            return show(request, desk, "angles", sent=form, ask=ask)
    return _keep(request, desk, form, change, "angles", f"{desk.base}/medicines", what="measurements")


def _since(request: Request, desk: VisitContext, form: Sent) -> Response:
    sheets = since_of(desk).lines

    def change(case: Data) -> Data:
        return apply_since(case, form, sheets, desk.knowledge)

    onward = f"{desk.base}/{'note' if desk.visit.kind == 'treatment' else 'pain'}"
    return _keep(request, desk, form, change, "since", onward, what="since last time")


Taker = Callable[[Request, VisitContext, Sent], Response]


def _whole(step: str, taken: Callable[[Data, Sent, Knowledge], Data], onward: str, what: str) -> Taker:
    """A step whose form is taken as a whole."""

    def take_form(request: Request, desk: VisitContext, form: Sent) -> Response:
        def change(case: Data) -> Data:
            return taken(case, form, desk.knowledge)

        return _keep(request, desk, form, change, step, f"{desk.base}/{onward}", what=what)

    return take_form


_TAKES: dict[str, Taker] = {
    "since": _since,
    "story": take_story,
    "about": _whole("about", apply_person, "pain", "person"),
    "pain": _whole("pain", apply_pain, "danger", "pain"),
    "danger": _danger,
    "questions": _questions,
    "tests": _tests,
    "angles": _angles,
    "medicines": _whole("medicines", apply_medicines, "goals", "medicines and illnesses"),
    "goals": _whole("goals", apply_goals, "review", "goals"),
}
