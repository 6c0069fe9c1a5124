"""A person's whole record, to be handed over: data for programs, and a page that any browser shows."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import select

from psoas import __version__
from psoas.records.clock import day_of
from psoas.records.database.tables import audit
from psoas.records.ids import now
from psoas.records.model import EntryKind, StoredTrial
from psoas.records.parts.entries import KINDS
from psoas.records.parts.part import CLINICAL, Part
from psoas.records.parts.work import Work
from psoas.records.seals.chain import entry_of

FORMAT = 1
OF_THE_PERSON = ("visits", "plans", "check_ins", "responses", "notes", "consents", "trials", "entries", "links")
INLINE = 60
"""Lists of numbers up to so many signs stay on one line of the page: our choice."""


def bundle(work: Work, person_id: str) -> bytes:
    """The ZIP file. That it was made is noted in the audit trail."""
    made = io.BytesIO()
    with _exported(work, person_id) as record, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundled:
        record["trail"] = _trail(work, person_id, record)
        for visit in record["visits"]:
            for file in visit["files"]:
                file["path"] = f"files/{file['id']}-{_safe(file['name'])}"
                bundled.writestr(file["path"], work.files.get(file["id"]).data)
        bundled.writestr("record.json", json.dumps(record, indent=2, ensure_ascii=False))
        bundled.writestr("fhir.json", json.dumps(_as_fhir(record, named=True), indent=2, ensure_ascii=False))
        bundled.writestr("index.html", _page(record))
    return made.getvalue()


def fhir(work: Work, person_id: str, *, named: bool = False) -> dict[str, Any]:
    """The record as a FHIR R4 Bundle, without files. That it was made is noted in the audit trail."""
    with _exported(work, person_id) as record:
        return _as_fhir(record, named=named)


@contextmanager
def _exported(work: Work, person_id: str) -> Iterator[dict[str, Any]]:
    """The record to make something of; once that is made it is noted, so that nobody waits for the making."""
    Part(work)._allow("To export a record", *CLINICAL)
    yield _record(work, person_id)
    work.begin_write()
    work.note("person.export", "person", person_id)


def _as_fhir(record: dict[str, Any], *, named: bool) -> dict[str, Any]:
    from psoas.knowledge import load
    from psoas.report.fhir import fhir_bundle

    return fhir_bundle(record, load(), named=named)


def _record(work: Work, person_id: str) -> dict[str, Any]:
    person = work.people.get(person_id)
    visits = []
    for visit in reversed(work.visits.of(person_id)):
        visits.append(
            _plain(visit)
            | {"results": [_plain(one) for one in reversed(work.results.of(visit.id))]}
            | {"files": [_plain(one) for one in work.files.of(visit.id)]}
        )
    return {
        "format": FORMAT,
        "psoas_version": __version__,
        "made_at": now().isoformat(timespec="seconds"),
        "person": _plain(person),
        "visits": visits,
        "plans": [_plain(one) for one in reversed(work.plans.of_person(person_id))],
        "check_ins": [_plain(one) for one in work.check_ins.of(person_id)],
        "responses": [_plain(one) for one in work.check_ins.responses(person_id)],
        "notes": [_plain(one) for visit in visits for one in reversed(work.notes.of(visit["id"]))],
        "consents": [_plain(one) for one in reversed(work.consents.of(person_id))],
        "entries": [_plain(one) for kind in KINDS for one in work.entries.of(person_id, cast(EntryKind, kind))],
        "trials": [_trial(work, one) for one in reversed(work.trials.of(person_id))],
        "links": [_plain(one) for one in work.links.of(person_id)],
    }


def _trial(work: Work, trial: StoredTrial) -> dict[str, Any]:
    """A trial with everything that was told or done in it."""
    return _plain(trial) | {"entries": [_plain(one) for one in work.trials.entries(trial.id)]}


def _trail(work: Work, person_id: str, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Who did what with this record, and when."""
    ids = {person_id} | {one["id"] for name in OF_THE_PERSON for one in record[name]}
    ids |= {one["id"] for visit in record["visits"] for name in ("results", "files") for one in visit[name]}
    ids |= {one["id"] for trial in record["trials"] for one in trial["entries"]}
    found = select(audit).where(audit.c.practice_id == work.scope.practice_id, audit.c.subject_id.in_(ids))
    return [asdict(entry_of(row)) for row in work.connection.execute(found.order_by(audit.c.seq)).all()]


def _plain(value: Any) -> dict[str, Any]:
    """A record as JSON has it; what belongs to the practice and not to the person stays out."""
    hidden = ("data", "practice_id")
    return {name: _json(one) for name, one in asdict(value).items() if name not in hidden}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _safe(name: str) -> str:
    """A file's name without anything that could lead out of a folder."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).lstrip(".")[:80] or "file"


def _day(moment: str) -> str:
    """The day of an instant, as the practice's calendar has it."""
    return day_of(datetime.fromisoformat(moment)).isoformat()


def _page(record: dict[str, Any]) -> str:
    person = record["person"]
    title = html.escape(f"{person['given_name']} {person['family_name']}".strip())
    sections = [("About the person", person)]
    sections += [(f"Visit of {_day(visit['started_at'])}", _visit(visit)) for visit in record["visits"]]
    sections += [
        (f"Plan of {_day(plan['made_at'])}, version {plan['number']}", _plan(plan)) for plan in record["plans"]
    ]
    sections += [(f"Check-in of {_day(one['made_at'])}", one) for one in record["check_ins"]]
    sections += [(f"Done about a check-in, {_day(one['made_at'])}", one) for one in record["responses"]]
    sections += [(f"Note of {_day(one['made_at'])}, version {one['number']}", one) for one in record["notes"]]
    sections += [(f"Consent of {_day(one['made_at'])}", one) for one in record["consents"]]
    sections += [("Told day by day, and scores", record["entries"])]
    sections += [(f"Trial of {_day(one['made_at'])}, {one['kind']}", one) for one in record["trials"]]
    sections += [("Private links", record["links"])]
    body = "\n".join(f"<h2>{html.escape(name)}</h2>\n{_shown(value)}" for name, value in sections if value)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Record of {title}</title>\n'
        '<meta name="viewport" content="width=device-width"><style>body{font:1rem/1.5 system-ui,sans-serif;'
        "max-width:48rem;margin:2rem auto;padding:0 1rem}dt{font-weight:600}dd{margin:0 0 .3rem 1.2rem}"
        "dd,li{overflow-wrap:anywhere}td{padding:0 .8rem .1rem 0;vertical-align:top}tr,dt{break-inside:avoid}"
        "dl dl,dl ol{margin:0}@media print{body{font-size:9pt;max-width:none}}"
        "h2{border-top:1px solid #ccc;padding-top:1rem}</style></head>\n<body>"
        f"<h1>Record of {title}</h1>\n<p>Everything kept, as of {record['made_at'][:10]}, from Psoas "
        f"{record['psoas_version']}. The same data for programs: record.json, "
        f"and fhir.json (FHIR R4).</p>\n{body}\n{_trail_table(record['trail'])}</body></html>\n"
    )


def _visit(visit: dict[str, Any]) -> dict[str, Any]:
    """A visit to read: its answers whole, each result by what it said first; record.json holds the rest."""
    return {**visit, "results": [_result(one) for one in visit["results"]]}


def _result(result: dict[str, Any]) -> dict[str, Any]:
    """A result to read: when, by which version, and its three lines."""
    page = result["page"]
    top = page.get("top") or {"in short": page.get("sentence", "")}
    lines = {name: said for name, said in top.items() if isinstance(said, str) and said and name != "hands_on"}
    return {"made_at": result["made_at"], "psoas_version": result["psoas_version"], **lines}


def _plan(plan: dict[str, Any]) -> dict[str, Any]:
    """A plan to read: what was chosen, and how much of it."""
    chosen = plan["content"].get("plan", {}).get("chosen")
    if chosen is None:
        return plan
    items = [f"{one['name']}. {one.get('dose_words', '')}".strip() for one in chosen]
    return {"made_at": plan["made_at"], "number": plan["number"], "chosen": items}


def _trail_table(trail: list[dict[str, Any]]) -> str:
    """Who did what, one line each."""
    rows = "".join(
        f"<tr><td>{html.escape(one['at'][:16].replace('T', ' '))}</td><td>{html.escape(one['action'])}</td>"
        f"<td>{html.escape(one['role'])}</td></tr>"
        for one in trail
    )
    return f"<h2>Who did what</h2>\n<table>{rows}</table>\n"


def _shown(value: Any) -> str:
    """Nested lists of names and values."""
    if isinstance(value, dict):
        rows = (f"<dt>{html.escape(_name(name))}</dt><dd>{_shown(one)}</dd>" for name, one in value.items())
        return f"<dl>{''.join(rows)}</dl>" if value else "-"
    if isinstance(value, list):
        if all(not isinstance(one, (dict, list)) for one in value) and len(str(value)) <= INLINE:
            return html.escape(", ".join(str(one) for one in value)) or "-"
        return f"<ol>{''.join(f'<li>{_shown(one)}</li>' for one in value)}</ol>" if value else "-"
    if value is None or value == "":
        return "-"
    return html.escape({True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value))


def _name(name: Any) -> str:
    return str(name).replace("_", " ")
