"""The published cases told as stories: what the answer is from the words alone, and from the full file.

    python -m validation.stories --cases FOLDER --truth FILE

A proposal counts only where it is confirmed, and it is confirmed as the full file answers it: what the file says of an
id, said or derived, is the person's answer; what the file leaves open stays open ('not sure'). Places, times and other
facts count as they were read, where the file has them too. The truth is opened for counting only.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numbers are first computed: sentences are short

from psoas.assessment import Assessment, assess, read_case
from psoas.knowledge import load
from psoas.knowledge.index import URGENCIES, index_of
from psoas.knowledge.rules.conditions import ids_in
from psoas.own_words import Heard, tell
from psoas.screening import facts_of

STORIES = Path(__file__).parent / "data" / "stories.yaml"
STEP = {name: step for step, name in enumerate(URGENCIES)}


def stories() -> dict[str, str]:
    """Each case as a story."""
    read: dict[str, str] = yaml.safe_load(STORIES.read_text(encoding="utf-8"))["stories"]
    return read


def confirmed(heard: Heard, full: Mapping[str, Any]) -> tuple[dict[str, Any], int, int]:
    """A case of the story, with the questions that it raised and how many of them the file says yes or no to."""
    knowledge = load()
    facts = facts_of(read_case(full, knowledge), knowledge)
    said = full.get("findings") or {}
    findings: dict[str, Any] = {}
    for row in (*heard.dangers, *heard.proposals):
        if row.id in said:
            findings[row.id] = said[row.id]
        elif (answer := facts.answer(row.id)) in ("yes", "no"):
            findings[row.id] = answer
    index, raised = index_of(knowledge), {row.id for row in (*heard.dangers, *heard.proposals)}
    for name, answer in said.items():  # a group that the file answers as a whole, where the story raised a part of it
        parts = index.flags[name].parts if name in index.flags else None
        if parts and raised & set(ids_in(parts)):
            findings[name] = answer
    told, pain = heard.facts, full.get("pain") or {}
    person = {name: value for name, value in (("age_years", told.age_years), ("sex", told.sex)) if value is not None}
    regions = {key: None for key in told.regions if _same_place(key, pain.get("regions") or {})}
    made: dict[str, Any] = {
        "psoas_case": 1, "person": person, "pain": {"regions": regions}, "findings": findings,
        "medicines": [name for name in told.medicines if _names(name, full.get("medicines") or ())],
        "conditions": [name for name in told.conditions if name in (full.get("conditions") or ())],
    }  # fmt: skip
    for name, value in (("duration_weeks", told.duration_weeks), ("onset", told.onset), ("course", told.course)):
        if value is not None and name in pain:
            made["pain"][name] = value
    if "worst_overall_0_10" in pain and (told.worst_0_10 or told.worst_word):
        made["pain"]["worst_overall_0_10"] = pain["worst_overall_0_10"]
    if told.temperature_c is not None and "temperature_c" in (full.get("vitals") or {}):
        made["vitals"] = {"temperature_c": full["vitals"]["temperature_c"]}
    effects = {row["effect"] for row in told.tried}
    made["tried"] = [row for row in full.get("tried") or () if row.get("effect") in effects]
    return made, len(heard.dangers) + len(heard.proposals), len(findings)


def _same_place(key: str, places: Mapping[str, Any]) -> bool:
    """Whether the file has the place; a story without a side may leave the side open."""
    name = key.rpartition("_")[0]
    return key in places or any(place.startswith(f"{name}_") for place in places if key.endswith("_unspecified"))


def _names(said: str, medicines: Any) -> bool:
    return any(said.lower() in str(name).lower() or str(name).lower() in said.lower() for name in medicines)


def place_of(answer: Assessment, accepted: set[str]) -> int | None:
    """The place of the first accepted source, from 1."""
    ids = [row.source for row in answer.diagnosis.differential]
    return next((place for place, name in enumerate(ids, 1) if name in accepted), None)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    asked = parser.parse_args()
    truth = yaml.safe_load(asked.truth.read_text(encoding="utf-8"))
    ways: dict[str, list[tuple[int | None, str]]] = {"story alone": [], "full file": []}
    names, questions, answered = [], 0, 0
    for name, story in stories().items():
        full = yaml.safe_load((asked.cases / f"{name}.yaml").read_text(encoding="utf-8"))
        case, raised, took = confirmed(tell(story), full)
        questions, answered = questions + raised, answered + took
        accepted = set(truth[name]["accepted_sources"])
        names.append(name)
        for way, of in (("story alone", case), ("full file", full)):
            answer = assess(of)
            ways[way].append((place_of(answer, accepted), answer.screen.urgency))
    print(f"{len(names)} stories, {questions} proposals, {answered} of them answered by the full file")
    ordinary = [at for at, name in enumerate(names) if not truth[name]["serious"] and truth[name]["accepted_sources"]]
    serious = [at for at, name in enumerate(names) if truth[name]["serious"]]
    for way, rows in ways.items():
        first = sum(rows[at][0] == 1 for at in ordinary)
        three = sum((rows[at][0] or 99) <= 3 for at in ordinary)
        safe = sum(STEP[rows[at][1]] >= STEP[truth[names[at]]["least_urgency"]] for at in serious)
        print(f"{way}: first {first}/{len(ordinary)}, first three {three}/{len(ordinary)}, "
              f"urgent enough {safe}/{len(serious)} serious")  # fmt: skip
    same = sum(a[1] == b[1] for a, b in zip(*ways.values(), strict=True))
    print(f"the same urgency by both: {same}/{len(names)}")
    for at, name in enumerate(names):
        story, file = ways["story alone"][at], ways["full file"][at]
        if STEP[story[1]] < STEP[file[1]]:
            print(f"  less urgent from the story: {name}, {story[1]} for {file[1]}")


if __name__ == "__main__":
    main()
