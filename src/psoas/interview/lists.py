"""Medicines, supplements, illnesses and goals as a form. 'None' is an answer; what was not asked stays unknown.

`takes` is `these`, `none` or empty; `has` likewise for illnesses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from psoas.assessment import read_case
from psoas.errors import CaseError
from psoas.interview.fields import Data, Form, word_of
from psoas.knowledge import Knowledge, load
from psoas.knowledge.index import index_of, vocabulary_of


@dataclass(frozen=True, slots=True)
class IllnessGroup:
    """Illnesses that stand under one heading: (id, plain words)."""

    heading: str
    illnesses: tuple[tuple[str, str], ...]


@lru_cache(maxsize=2)
def illness_groups(knowledge: Knowledge) -> tuple[IllnessGroup, ...]:
    """The known illnesses of the screen under headings; an artificial hip is named by its side."""
    import yaml

    text = resources.files("psoas.interview").joinpath("data/illness_groups.yaml").read_text(encoding="utf-8")
    known = knowledge.red_flags.known_conditions

    def named(name: str) -> tuple[tuple[str, str], ...]:
        plain = known[name].plain
        if name == "hip_replacement":
            return tuple((f"{name}_{side}", f"{plain}, {side}") for side in ("left", "right"))
        return ((name, plain),)

    return tuple(
        IllnessGroup(raw["heading"], tuple(one for name in raw["illnesses"] for one in named(name)))
        for raw in yaml.safe_load(text)["groups"]
    )


def flags_of_medicines(knowledge: Knowledge) -> tuple[str, ...]:
    """Questions of the screen that a list of medicines answers: who takes none, takes none of these."""
    return tuple(
        name
        for name, flag in index_of(knowledge).acts.items()
        if flag.ask and flag.derived_from and flag.derived_from.startswith("takes")
    )


def apply_medicines(case: Mapping[str, Any], form: Form, knowledge: Knowledge | None = None) -> Data:
    """The case with medicines, supplements and illnesses. Who takes no medicine answers the questions about them.

    Raises:
        CaseError: a contradiction, or an illness that is not known.
    """
    held = knowledge or load()
    medicines, supplements = _explained(_words(form, "medicine"), form), _words(form, "supplement")
    illnesses = [name for name in dict.fromkeys(form.get("illness", ())) if name]
    read_illness = vocabulary_of(held).read_illness
    for written in _words(form, "other_illness"):
        # What is understood is ticked at once; what is not is refused below, with the nearest ids.
        illnesses += [name for name in read_illness(written) or (written,) if name not in illnesses]
    if word_of(form, "takes") == "none" and medicines:
        raise CaseError("takes", f"none is chosen and {', '.join(medicines)} named; keep one of them.")
    if word_of(form, "has") == "none" and illnesses:
        raise CaseError("has", f"none is chosen and {', '.join(illnesses)} named; keep one of them.")
    found = {key: value for key, value in case.items() if key not in ("medicines", "supplements", "conditions")}
    if medicines:
        found["medicines"] = medicines
    if supplements:
        found["supplements"] = supplements
    if illnesses or word_of(form, "has") == "none":
        found["conditions"] = illnesses
    findings = dict(case.get("findings", {}))
    flags = flags_of_medicines(held)
    if word_of(form, "takes") == "none":
        findings |= {name: "no" for name in flags if findings.get(name, "unknown") == "unknown"}
    found["findings"] = findings
    read_case(found, held)
    return found


def _explained(medicines: list[str], form: Form) -> list[str]:
    """Medicines that somebody said more about: `what` holds `Foobar = blood thinner` for the entry `Foobar`."""
    said = {text.partition("=")[0].strip(): text.strip() for text in form.get("what", ()) if "=" in text}
    return [said.get(name, name) for name in medicines]


@dataclass(frozen=True, slots=True)
class Understood:
    """One medicine as it was understood, for a form that shows it in place.

    Attributes:
        written: the entry.
        says: what was understood, or what is asked back.
        asks: whether it is asked back.
        may_be: answers to choose from, each with the words that keep it (`Foobar = blood thinner`).
    """

    written: str
    says: str
    asks: bool
    may_be: tuple[tuple[str, str], ...]


def understood(case: Mapping[str, Any], knowledge: Knowledge) -> tuple[Understood, ...]:
    """What was understood of each medicine of the case."""
    pack, reader = knowledge.medicines, index_of(knowledge).reader
    found = []
    for written in case.get("medicines", ()):
        read = reader.read(written)
        plain = written.partition("=")[0].strip()
        classes = [pack.classes[name] for name in _feared(knowledge)]
        answers = [(f"{plain} = {kind.id.replace('_', ' ')}", kind.plain) for kind in classes]
        none = (f"{plain} = {pack.none_of_these[0]}", "none of these (looked up)")
        may_be = () if read.understood else (*answers, none)
        found.append(Understood(written, read.says, not read.understood, may_be))
    return tuple(found)


def _feared(knowledge: Knowledge) -> tuple[str, ...]:
    """Classes of medicines that the danger screen asks about."""
    return tuple(name for name, held in knowledge.medicines.classes.items() if held.danger)


def takes_none(case: Mapping[str, Any], knowledge: Knowledge) -> bool:
    """Whether the case says that no medicine is taken."""
    findings = case.get("findings", {})
    return not case.get("medicines") and all(findings.get(name) == "no" for name in flags_of_medicines(knowledge))


def apply_goals(case: Mapping[str, Any], form: Form, knowledge: Knowledge | None = None) -> Data:
    """The case with goals and notes."""
    goals, notes = _words(form, "goal"), word_of(form, "notes")
    found = {key: value for key, value in case.items() if key not in ("goals", "notes")}
    found |= ({"goals": goals} if goals else {}) | ({"notes": notes} if notes else {})
    read_case(found, knowledge)
    return found


def _words(form: Form, name: str) -> list[str]:
    """What was written, without spaces around it, each once; commas and lines part several in one field."""
    lines = (line for text in form.get(name, ()) for line in text.splitlines())
    # A comma between figures (2,5 mg) or inside brackets parts nothing.
    parts = (part.strip() for line in lines for part in re.split(r",(?!\d)(?![^()]*\))", line))
    if name == "goal":
        parts = (text.strip() for text in form.get(name, ()))
    return [part for part in dict.fromkeys(parts) if part]
