"""Photos and documents of a visit: sent, looked at, taken away; and an angle placed by taps on a photo."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from psoas.errors import PsoasError
from psoas.records import Conflict, File
from psoas.web.access import Practitioner, Visitor, address_of, records_of
from psoas.web.computed.workers import WORKER_POOL
from psoas.web.render import page, see_other
from psoas.web.uploads import MOST_BYTES, TAKEN, UploadError, take_in
from psoas.web.uploads.taps import TAPS, Placed, angle_of, placed_by, shown_size

router = APIRouter()

MOST_FILES = 40
"""Of one visit. Our choice."""
KEEPING = "sandbox; default-src 'none'; img-src 'self'; style-src 'none'; frame-ancestors 'none'"
"""Policy of a file: whatever a browser makes of it, it may do nothing."""


async def sent_file(request: Request) -> tuple[str, bytes]:
    """Name and bytes of the one file that was sent; empty when none was.

    Raises:
        HTTPException: 413, too large.
    """
    form = await request.form(max_files=1, max_fields=10)
    given = form.get("file")
    if not isinstance(given, UploadFile):
        return "", b""
    data = await given.read(MOST_BYTES + 1)
    await form.close()
    return given.filename or "", data


async def sent_taps(request: Request) -> FormData:
    """The fields of the tap form."""
    return await request.form(max_files=0, max_fields=40)


Sent = Annotated[tuple[str, bytes], Depends(sent_file)]
SentTaps = Annotated[FormData, Depends(sent_taps)]


@router.get("/visits/{visit_id}/files")
def show_all(request: Request, visitor: Practitioner, visit_id: str) -> Response:
    """The files of a visit, and a form for another."""
    return _files(request, visitor, visit_id, "")


@router.post("/visits/{visit_id}/files", max_body_size=MOST_BYTES + 64 * 1024)
def add(request: Request, visitor: Practitioner, visit_id: str, sent: Sent) -> Response:
    """Keep a file, made harmless."""
    request.app.state.limits.upload.take(address_of(request))
    name, data = sent
    try:
        with records_of(request).work(visitor.scope) as work:
            if len(work.files.of(visit_id)) >= MOST_FILES:
                raise UploadError(f"This visit holds {MOST_FILES} files already; no more are taken.")
        if not name:
            raise UploadError("No file was chosen.")
        taken = WORKER_POOL.run(take_in, name, data)
    except UploadError as err:
        return _files(request, visitor, visit_id, str(err))
    with records_of(request).work(visitor.scope) as work:
        work.files.add(visit_id, name=taken.name, media_type=taken.media_type, data=taken.data)
    return see_other(f"/visits/{visit_id}/files?said=added")


@router.get("/files/{file_id}")
def take_away(request: Request, visitor: Practitioner, file_id: str) -> Response:
    """A photo to look at; everything else only as something to take away."""
    file = _file(request, visitor, file_id)
    shown = "inline" if file.media_type == "image/jpeg" else "attachment"
    return Response(
        file.data,
        media_type=file.media_type,
        headers={
            "content-disposition": f"{shown}; filename*=UTF-8''{quote(file.name)}",
            "content-security-policy": KEEPING,
        },
    )


@router.get("/files/{file_id}/angle")
def show_angle(request: Request, visitor: Practitioner, file_id: str) -> Response:
    """The photo, and the first point to tap."""
    return _angle(request, visitor, _photo(request, visitor, file_id), Placed())


@router.post("/files/{file_id}/angle")
def place(request: Request, visitor: Practitioner, file_id: str, form: SentTaps) -> Response:
    """One tap more, or the angle that they show, or keep it."""
    file = _photo(request, visitor, file_id)
    try:
        placed = placed_by(form)
        if form.get("do") != "keep":
            return _angle(request, visitor, file, placed)
        measured = angle_of(placed, file.data)
    except PsoasError as err:
        return _angle(request, visitor, file, Placed(), str(err))
    with records_of(request).work(visitor.scope) as work:
        visit = work.visits.get(file.visit_id)
        case = dict(visit.case)
        case["measurements"] = [*case.get("measurements", ()), *measured.to_measurements()]
        try:
            work.visits.save(visit.id, case, version=visit.version, what="angle from a photo")
        except Conflict as err:
            return _angle(request, visitor, file, placed, str(err))
    return see_other(f"/visits/{file.visit_id}/files?said=measured")


def _file(request: Request, visitor: Visitor, file_id: str) -> File:
    with records_of(request).work(visitor.scope) as work:
        return work.files.get(file_id)


def _photo(request: Request, visitor: Visitor, file_id: str) -> File:
    file = _file(request, visitor, file_id)
    if file.media_type != "image/jpeg" or not can_measure():
        raise HTTPException(409, "An angle can be placed on a photo only.")
    return file


def can_measure() -> bool:
    """Whether this version can read an angle from taps."""
    return find_spec("psoas.measure") is not None


def _files(request: Request, visitor: Visitor, visit_id: str, problem: str) -> Response:
    with records_of(request).work(visitor.scope) as work:
        visit = work.visits.get(visit_id)
        person = work.people.get(visit.person_id)
        files = work.files.of(visit_id)
    return page(
        request, "files/list.html", visitor, status=422 if problem else 200, visit=visit, person=person, files=files,
        problem=problem, taken=TAKEN, most_mb=MOST_BYTES // 2**20, can_measure=can_measure(),
    )  # fmt: skip


def _angle(request: Request, visitor: Visitor, file: File, placed: Placed, problem: str = "") -> Response:
    found: Any = None
    if placed.is_enough and not problem:
        try:
            found = angle_of(placed, file.data)
        except PsoasError as err:
            problem = str(err)
    width, height = shown_size(file.data)
    return page(
        request, "files/angle.html", visitor, status=422 if problem else 200, file=file, placed=placed, taps=TAPS,
        angle=found, problem=problem, width=width, height=height,
    )  # fmt: skip
