"""Scores the danger screen on first contacts: `validation/first_contacts`, half of them set aside until the end.

    python -m validation.screening [--half worked | set_aside] [--detail]

How each figure is counted
  urgent enough    serious contacts within reach: the urgency is at least the least that is safe
  same day         harmless contacts that could wait, sent the same day or faster
  two weeks        harmless contacts that could wait, sent within two weeks or faster
  area             area under the curve of the urgency against serious (ties count half)
  deep pressure    forbidden where it must be; forbidden although it was allowed
A contact says only what its report states, so a screen that asks would learn more than these figures show.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from psoas.case import Case
from psoas.knowledge import load
from psoas.knowledge.index import vocabulary
from psoas.screening import STEP, Screen, screen

FOLDER = Path(__file__).parent / "first_contacts"
TECHNIQUE = "deep_psoas_pressure"
HALVES = ("worked", "set_aside")
CAN_WAIT = ("self_care", "watch", "routine_referral")


@dataclass(frozen=True)
class Contact:
    """One first contact. `deep`: whether deep pressure must be forbidden; None where that is not judged."""

    id: str
    kind: str
    serious: bool
    least: str
    deep: bool | None
    reachable: bool
    reference: str
    raw: Mapping[str, Any]

    @property
    def half(self) -> str:
        """Which half it belongs to: by a hash of its id, so that nobody chose."""
        return HALVES[hashlib.sha256(self.id.encode()).digest()[0] % 2]


@dataclass(frozen=True)
class Judged:
    """A contact and what the screen said."""

    contact: Contact
    found: Screen

    @property
    def enough(self) -> bool:
        """Whether it is at least as urgent as is safe."""
        return STEP[self.found.urgency] >= STEP[self.contact.least]

    @property
    def forbids(self) -> bool:
        """Whether deep pressure is forbidden, for a reason in the case."""
        return any(ban.technique == TECHNIQUE for ban in self.found.forbidden)


def contacts(folder: Path = FOLDER) -> tuple[Contact, ...]:
    """Every first contact, in the order of the files."""
    return tuple(one for path in sorted(folder.glob("*.yaml")) for one in _of_file(path))


def references(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Every reference by its id."""
    return {
        one["id"]: one
        for path in sorted(folder.glob("*.yaml"))
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))["references"]
    }


def _of_file(path: Path) -> Iterator[Contact]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    for row in data["contacts"]:
        deep = None if row.get("skip_deep") else row["deep"] == "forbidden"
        yield Contact(
            row["id"], path.stem, row["serious"], row["least"], deep, row.get("catchable", True), row["ref"],
            raw_case(row["case"]),
        )  # fmt: skip


def raw_case(short: Mapping[Any, Any]) -> dict[str, Any]:
    """The case file that the short form stands for."""
    person: dict[str, Any] = {
        "age_years": short.get("age"),
        "sex": {"m": "male", "f": "female"}.get(short.get("sex", "")),
    }
    if short.get("pregnant"):
        person["pregnant"] = "yes"
    if short.get("sport"):
        person["activities"] = [
            {"id": name, "change_percent_last_8_weeks": short.get("load")} for name in short["sport"]
        ]  # fmt: skip
    pain = {
        "regions": dict(short.get("marks", {})), "duration_weeks": short.get("weeks"), "onset": short.get("onset"),
        "course": short.get("course"), "worst_overall_0_10": short.get("worst"),
    }  # fmt: skip
    tried = [one if isinstance(one, list) else [one, None] for one in short.get("tried", ())]
    raw: dict[str, Any] = {
        "psoas_case": 1,
        "person": {key: value for key, value in person.items() if value is not None},
        "pain": {key: value for key, value in pain.items() if value is not None},
        # YAML 1.1 reads a bare yes and no as truth values, as keys too.
        "findings": {**dict.fromkeys(short.get(True, ()), "yes"), **dict.fromkeys(short.get(False, ()), "no")},
        "tried": [{"what": "care", "effect": effect, "weeks": weeks} for effect, weeks in tried],
    }
    if "ill" in short:
        raw["conditions"] = list(short["ill"])
    if "takes" in short:
        raw["medicines"] = list(short["takes"])
    raw |= {name: dict(short[key]) for name, key in (("laboratory", "lab"), ("vitals", "vital")) if key in short}
    if "power" in short:
        raw["measurements"] = [
            {"id": f"power.{group}", "side": "left", "value_grade": grade} for group, grade in short["power"].items()
        ]
    return raw


def judge(several: Iterable[Contact]) -> tuple[Judged, ...]:
    """What the screen says of each."""
    knowledge, words = load(), vocabulary()
    return tuple(Judged(one, screen(Case.of(one.raw, words), knowledge)) for one in several)


def area(judged: Sequence[Judged]) -> float | None:
    """Area under the curve of the urgency against serious; ties count half."""
    bad = [STEP[one.found.urgency] for one in judged if one.contact.serious and one.contact.reachable]
    calm = [STEP[one.found.urgency] for one in judged if not one.contact.serious]
    if not bad or not calm:
        return None
    wins = sum((high > low) + 0.5 * (high == low) for high in bad for low in calm)
    return wins / (len(bad) * len(calm))


def figures(judged: Sequence[Judged]) -> dict[str, tuple[int, int]]:
    """Each share as (how many, of how many)."""
    reach = [one for one in judged if one.contact.serious and one.contact.reachable]
    calm = [one for one in judged if not one.contact.serious and one.contact.least in CAN_WAIT]
    must = [one for one in judged if one.contact.deep and (one.contact.reachable or not one.contact.serious)]
    may = [one for one in judged if one.contact.deep is False]
    return {
        "urgent enough": (sum(one.enough for one in reach), len(reach)),
        "harmless sent the same day": (sum(one.found.at_least("same_day") for one in calm), len(calm)),
        "harmless sent within two weeks": (sum(one.found.at_least("urgent_referral") for one in calm), len(calm)),
        "deep pressure forbidden where it must be": (sum(one.forbids for one in must), len(must)),
        "deep pressure forbidden where it was allowed": (sum(one.forbids for one in may), len(may)),
    }


def report(judged: Sequence[Judged], title: str, *, detail: bool = False) -> Iterator[str]:
    """The figures of one half as lines."""
    yield f"{title}: {len(judged)} first contacts, {sum(one.contact.serious for one in judged)} serious"
    for name, (count, of) in figures(judged).items():
        yield f"  {name:<46} {count}/{of}" + (f" = {count / of:.3f}" if of else "")
    found = area(judged)
    yield f"  {'area under the curve, urgency against serious':<46} {'none' if found is None else f'{found:.3f}'}"
    for one in judged if detail else ():
        yield from _fault(one)


def _fault(one: Judged) -> Iterator[str]:
    contact, urgency = one.contact, one.found.urgency
    top = [alarm.rule for alarm in one.found.alarms if alarm.urgency == urgency and not alarm.suggested]
    if contact.serious and not one.enough:
        yield f"  {contact.id} missed{'' if contact.reachable else ' (out of reach)'}: {urgency}, needs {contact.least}"
    if not contact.serious and STEP[urgency] > max(STEP[contact.least], STEP["routine_referral"]):
        yield f"  {contact.id} sent too fast: {urgency}, {contact.least} is enough; {', '.join(top)}"
    if contact.deep is not None and contact.deep is not one.forbids:
        bans = [ban.contraindication for ban in one.found.forbidden if ban.technique == TECHNIQUE]
        yield f"  {contact.id} deep pressure {'not forbidden' if contact.deep else 'forbidden by ' + ', '.join(bans)}"


def main(argv: Sequence[str] | None = None) -> int:
    """Print both halves, or one."""
    ask = argparse.ArgumentParser(prog="python -m validation.screening", description=(__doc__ or "").split("\n")[0])
    ask.add_argument("--half", choices=HALVES, help="only this half")
    ask.add_argument("--detail", action="store_true", help="name each contact that is missed or sent too fast")
    args = ask.parse_args(argv)
    every = contacts()
    for half in HALVES if args.half is None else (args.half,):
        judged = judge(one for one in every if one.half == half)
        print("\n".join(report(judged, half.replace("_", " "), detail=args.detail)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
