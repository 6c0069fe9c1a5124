"""The practice as its owner sees it: where the records lie, whether they are whole, who did what."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from psoas import __version__
from psoas.records import AuditEntry
from psoas.web.access import Owner, Visitor, records_of
from psoas.web.render import page
from psoas.web.words import done

router = APIRouter()

ENTRIES = 50


@router.get("/practice")
def show(request: Request, visitor: Owner) -> Response:
    """The page."""
    return _practice(request, visitor, None)


@router.post("/practice/check")
def check(request: Request, visitor: Owner) -> Response:
    """Read everything and follow the audit trail from its first entry."""
    return _practice(request, visitor, records_of(request).verify())


@router.get("/practice/learned")
def learned(request: Request, visitor: Owner) -> Response:
    """What the practice's own finished trials say. It changes no answer."""
    from psoas.records.learned import settled_questions, words_of_trials
    from psoas.trial.choices import table
    from psoas.trial.practice import helped, reliability

    with records_of(request).work(visitor.scope) as work:
        settled, trials = settled_questions(work), words_of_trials(work)
    return page(
        request, "trial/learned.html", visitor, rows=reliability(settled), things=helped(trials),
        least=int(table()["practice"]["least_settled"]),
    )  # fmt: skip


def _practice(request: Request, visitor: Visitor, found: list[str] | None) -> Response:
    store = records_of(request)
    with store.work(visitor.scope) as work:
        entries = work.audit.entries(limit=ENTRIES)
        names = {account.id: account.name for account in work.accounts.list()}
    rows = [
        (entry.seq, datetime.fromisoformat(entry.at), names.get(entry.by or "", _unnamed(entry)), done(entry.action))
        for entry in entries
    ]
    return page(
        request, "accounts/practice.html", visitor, rows=rows, found=found, where=store.where, version=__version__
    )


def _unnamed(entry: AuditEntry) -> str:
    """Who did it, where it was no account of today."""
    return "a client" if entry.role == "client" else "Psoas"
