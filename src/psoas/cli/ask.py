"""An interview at the terminal: danger first, then whatever tells most; every answer is saved at once."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psoas.assessment import read_case
from psoas.assessment.words import Words
from psoas.errors import CaseError
from psoas.knowledge import Knowledge, load, nearest_ids
from psoas.knowledge.rules import ids_in
from psoas.screening import Screen, facts_of, screen

if TYPE_CHECKING:
    from rich.console import Console

    from psoas.knowledge.facts import Facts

ENOUGH_BITS = 0.01  # below this a question is not worth a person's time
KEYS = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "": "unknown", "?": "unknown"}
SIDES = {"l": {"left": "yes"}, "r": {"right": "yes"}, "b": {"left": "yes", "right": "yes"}}


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
        danger = talk.about_danger(who)
        if not danger.at_least("same_day"):
            talk.what_tells_most(who, setting, most)
    except (_Stopped, EOFError, KeyboardInterrupt):
        console.print("\nStopped.")
    talk.finish(setting, who)


def save(path: Path, data: dict[str, Any]) -> None:
    """Write a case file from plain data, whole or not at all."""
    import yaml

    save_text(path, yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100))


def save_text(path: Path, text: str) -> None:
    """Write a case file whole or not at all: a kill at any instant leaves the old one or the new one.

    Raises:
        CaseError: the file cannot be written; the old one stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as err:
        raise CaseError(str(path), f"the file cannot be written: {err.strerror or err}.") from None


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

    def about_danger(self, who: str) -> Screen:
        """The danger signs, as checklists where the screen has them; stops when one asks for a doctor today."""
        self.console.print("\nFirst the danger signs.")
        seen: set[str] = set()
        while group := next((g for g in self._groups(who) if g[0] not in seen), None):
            heading, names = group
            seen.add(heading)
            self._ask_group(heading, names)
            now = screen(read_case(self.data, self.knowledge), self.knowledge)
            if now.at_least("same_day"):
                return now
        return screen(read_case(self.data, self.knowledge), self.knowledge)

    def _groups(self, who: str) -> Iterator[tuple[str, list[str]]]:
        """Open danger questions under their headings: (heading, ids)."""
        facts = self.facts()
        now = screen(facts.case, self.knowledge, facts)
        for name in now.not_asked:
            parts = [name]
            flag = facts.index.acts[name]
            if flag.parts:
                parts = [part for part in ids_in(flag.parts) if part in facts.index.acts]
            asked = [
                part
                for part in parts
                if (act := facts.index.acts.get(part)) is not None
                and act.ask
                and facts.answer(part) is None
                and facts.yes(part) is None
                and (act.ask_who == "self" or who != "self")
                and facts.expression(act.applies_if) is not False
            ]
            if asked:
                yield flag.checklist or self.words.of(name), asked

    def _ask_group(self, heading: str, names: list[str]) -> None:
        index = self.facts().index
        if len(names) == 1:
            self._ask(names[0], index.acts[names[0]].ask or heading)
            return
        self.console.print(f"\n{heading}", markup=False)
        for number, name in enumerate(names, 1):
            self.console.print(f"  {number}. {index.acts[name].ask}", markup=False)
        while True:
            text = self._line("  Numbers of what is true, 0 for none of these, Enter if not known:")
            ticked = re.findall(r"\d+", text)
            if (text and not ticked) or any(int(one) > len(names) for one in ticked):
                self.console.print(f"  numbers from 0 to {len(names)}, please")
                continue
            break
        for number, name in enumerate(names, 1):
            value = "unknown" if not ticked else "yes" if str(number) in ticked else "no"
            self._answer(name, value)

    def _ask(self, name: str, question: str) -> None:
        word = self.facts().index
        sided = (word.findings.get(name) or word.flags[name]).sided
        keys = "y, n or Enter" + ("; l, r, b for left, right, both" if sided else "")
        while True:
            text = self._line(f"{question} ({keys})").lower()
            if text in KEYS:
                self._answer(name, KEYS[text])
                return
            if sided and text in SIDES:
                self._answer(name, SIDES[text])
                return
            self.console.print(f"  please answer {keys}", markup=False)

    def _answer(self, name: str, value: Any) -> None:
        self.data["findings"][name] = value
        save(self.path, self.data)

    def what_tells_most(self, who: str, setting: str, most: int) -> None:
        """The next best question, again and again, until none is worth asking."""
        from psoas.diagnosis import diagnose

        self.console.print("\nNow what tells most.")
        for _ in range(most):
            facts = self.facts()
            now = screen(facts.case, self.knowledge, facts)
            found = diagnose(facts, self.knowledge, now, setting=setting, who=who, with_change=False)
            asked = [one for one in found.next if one.finding not in self.data["findings"]]
            best = max(asked, key=lambda one: one.bits_per_minute, default=None)
            if best is None or best.expected_information_bits < ENOUGH_BITS:
                return
            finding = self.knowledge.findings.findings[best.finding]
            self._ask(best.finding, f"\n{finding.name}\n  {finding.how}\n ")

    def finish(self, setting: str, who: str) -> None:
        """Save, and show the answer."""
        from psoas.assessment import assess
        from psoas.cli.show import show_answer

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
