"""An interview at the terminal: danger first, then whatever tells most; every answer is saved at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psoas.assessment import read_case
from psoas.cli.files import save
from psoas.errors import CaseError
from psoas.interview import Block, Interview, Part, Step, apply
from psoas.knowledge import Knowledge, load, nearest_ids
from psoas.knowledge.words import Words
from psoas.screening import facts_of

if TYPE_CHECKING:
    from rich.console import Console

    from psoas.knowledge.rules.facts import Facts

KEYS = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "": "unknown", "?": "unknown"}
SIDES = {"l": "left", "r": "right", "b": "both"}
TOLD_HERE = frozenset({"person", "pain"})  # asked field by field at the terminal, not as a step


class _Stopped(Exception):  # noqa: N818 - not an error
    """The person wants to stop; what was said is saved."""


def interview(path: Path, who: str, setting: str, most: int, console: Console) -> None:
    """Ask, save after each answer, and show what follows."""
    knowledge = load()
    talk = _Interview(path, knowledge, console)
    console.print("Psoas asks, danger first. Enter means 'I do not know'; q stops, and the file can be continued.\n")
    try:
        talk.about_the_person()
        talk.about_the_pain()
        talk.the_rest(who, setting, most)
    except (_Stopped, EOFError, KeyboardInterrupt):
        console.print("\nStopped.")
    talk.finish(setting, who)


class _Interview:
    """One interview: the data said so far, and how to ask for more."""

    def __init__(self, path: Path, knowledge: Knowledge, console: Console) -> None:
        self.path, self.knowledge, self.console = path, knowledge, console
        self.words = Words(knowledge)
        self.data: dict[str, Any] = {"psoas_case": 1, "person": {}, "pain": {"regions": {}}, "findings": {}}
        if path.exists():
            self.data |= read_case(path, knowledge).to_data()
            for block in ("person", "pain", "findings"):
                self.data.setdefault(block, {})
            self.data["pain"].setdefault("regions", {})
            console.print(f"Going on with {path}.")

    def facts(self) -> Facts:
        """The facts of what was said so far."""
        return facts_of(read_case(self.data, self.knowledge), self.knowledge)

    def _line(self, prompt: str) -> str:
        text = self.console.input(f"{prompt} ").strip()
        if text.lower() in ("q", "quit"):
            raise _Stopped
        return text

    def _field(self, block: str, name: str, prompt: str, read: Callable[[str], Any]) -> None:
        """Ask for one field until it can be taken; Enter leaves it unknown."""
        if name in self.data[block]:
            return
        while text := self._line(prompt):
            before = dict(self.data[block])
            try:
                self.data[block][name] = read(text)
                read_case(self.data, self.knowledge)
            except (CaseError, ValueError) as err:
                self.data[block] = before
                problems = err.problems if isinstance(err, CaseError) else ((name, f"{err}."),)
                self.console.print(f"  {problems[0][0]}: {problems[0][1]}", markup=False)
                continue
            save(self.path, self.data)
            return

    def about_the_person(self) -> None:
        """Age, sex and, where it could be, pregnancy."""
        self._field("person", "age_years", "Age in years:", _number)
        self._field("person", "sex", "Sex (male, female, unspecified):", _choice("male", "female", "unspecified"))
        facts = self.facts()
        if facts.field("person", "sex") != "male" and (facts.field("person", "age_years") or 30) < 56:
            self._field("person", "pregnant", "Pregnant (yes, no):", _choice("yes", "no"))

    def about_the_pain(self) -> None:
        """Where, how strong, how long, how it began and how it goes."""
        if not self.data["pain"]["regions"]:
            self.console.print(
                "\nWhere does it hurt? For example: left buttock, lumbar right. Enter when done; ? lists."
            )
            while text := self._line("  place:"):
                self._place(text)
        self._field("pain", "worst_overall_0_10", "Worst pain of the last week, 0 to 10:", _number)
        self._field("pain", "duration_weeks", "For how many weeks has this gone on?", _number)
        onsets = ("sudden", "gradual", "after_injury")
        self._field("pain", "onset", f"How did it begin ({', '.join(onsets)})?", _choice(*onsets))
        courses = ("improving", "stable", "worsening", "episodic")
        self._field("pain", "course", f"How does it go ({', '.join(courses)})?", _choice(*courses))

    def _place(self, text: str) -> None:
        regions = self.knowledge.terminology.pain_drawing_regions
        known = {
            f"{name}_{side}": self.words.region(f"{name}_{side}") for name, r in regions.items() for side in r.sides
        }
        if text == "?":
            self.console.print("  " + ", ".join(sorted(known.values())), markup=False)
            return
        wanted = set(re.findall(r"[a-z]+", text.lower().replace("middle", "centre")))
        exact = [key for key, label in known.items() if text.lower() in (key, label)]
        close = exact or [
            key for key, label in known.items() if set(re.findall(r"[a-z]+", key.replace("_", " "))) <= wanted
        ]
        close = close or [
            key
            for key in known
            if set(key.removesuffix("_unspecified").split("_")) <= wanted and key.endswith("_unspecified")
        ]
        if not close:
            labels = {label: key for key, label in known.items()}
            near = nearest_ids(text.lower(), sorted(labels))
            self.console.print(f"  no such place{'; near it: ' + ', '.join(near) if near else ''}.", markup=False)
            return
        key = max(close, key=len)
        self.data["pain"]["regions"][key] = None
        save(self.path, self.data)
        self.console.print(f"  noted: {known[key]}", markup=False)

    def the_rest(self, who: str, setting: str, most: int) -> None:
        """Danger signs, then what tells most, until a danger stops it, nothing is left or enough was asked."""
        self.console.print("\nFirst the danger signs.")
        questions = 0
        while True:
            now = Interview(self.data, who=who, setting=setting, knowledge=self.knowledge, passed=TOLD_HERE)
            step = now.next()
            if step.kind == "stop":
                self._before_you_go(who, setting)
                return
            if step.kind == "done":
                return
            if step.bits is not None:
                if questions == 0:
                    self.console.print("\nNow what tells most.")
                if questions >= most:
                    return
                questions += 1
            self._ask(step, with_how=who != "self")

    def _before_you_go(self, who: str, setting: str) -> None:
        """At a danger, what could make it graver: an emergency may hide behind sheets that were not asked."""
        said = False
        while True:
            now = Interview(self.data, who=who, setting=setting, knowledge=self.knowledge, passed=TOLD_HERE)
            if (step := now.graver) is None:
                return
            if not said:
                self.console.print("\nThis needs a doctor. Before you go: is any of this true as well?")
                said = True
            self._ask_sheet(step)

    def _ask(self, step: Step, *, with_how: bool) -> None:
        """One step; `with_how`: with what counts, which is written for an examiner."""
        if step.kind == "checklist" and len(step.parts) > 1:
            self._ask_sheet(step)
            return
        if step.kind == "signs":
            self.console.print(f"\n{step.heading}", markup=False)
        for part in step.parts:
            single = Step("question", part.id, blocks=(Block(None, (part,)),))
            self._save(apply(self.data, single, {"answer": [self._one(part, with_how)]}, self.knowledge))

    def _ask_sheet(self, step: Step) -> None:
        self.console.print(f"\n{step.heading}", markup=False)
        number = 0
        for block in step.blocks:
            if block.heading:
                self.console.print(f"  {block.heading}", markup=False)
            for part in block.parts:
                number += 1
                self.console.print(f"  {number}. {part.ask}", markup=False)
        while True:
            text = self._line("  Numbers of what is true, 0 for none of these, Enter if not known:")
            ticked = [int(one) for one in re.findall(r"\d+", text)]
            if (text and not ticked) or any(one > number for one in ticked):
                self.console.print(f"  numbers from 0 to {number}, please")
                continue
            break
        names = [step.parts[one - 1].id for one in ticked if one]
        form = {"tick": names} if names else {"none": ["yes"]} if ticked else {"skip": ["yes"]}
        self._save(apply(self.data, step, form, self.knowledge))

    def _save(self, data: dict[str, Any]) -> None:
        self.data = data
        save(self.path, data)

    def _one(self, part: Part, with_how: bool) -> str:
        """One answer, in the words of a form."""
        keys = "y, n or Enter" + ("; l, r, b for left, right, both" if part.sided else "")
        how = f"\n  {part.how}" if part.how and with_how else ""
        while True:
            text = self._line(f"\n{part.ask}{how}\n  ({keys})").lower()
            if text in KEYS:
                return KEYS[text]
            if part.sided and text in SIDES:
                return SIDES[text]
            if text in {place.lower() for place in part.places}:
                return next(place for place in part.places if place.lower() == text)
            self.console.print(f"  please answer {keys}", markup=False)

    def finish(self, setting: str, who: str) -> None:
        """Save, and show the answer."""
        from psoas.assessment import assess
        from psoas.cli.show.assessment import show_answer

        save(self.path, self.data)
        self.console.print(f"\nSaved in {self.path}.\n", markup=False)
        show_answer(self.console, assess(self.path, setting=setting, who=who), self.words)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = [word for word in allowed if word.startswith(text.lower().replace(" ", "_"))]
        if len(found) != 1:
            raise ValueError(f"{text!r} is none of {', '.join(allowed)}")
        return found[0]

    return read
