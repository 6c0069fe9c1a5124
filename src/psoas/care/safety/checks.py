"""What stands against a candidate: the person, the screen, what is taken, what was tried; and the evidence itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from psoas.care import _catalogue as catalogue
from psoas.care import weights
from psoas.care._candidates import Candidate
from psoas.care._settled import settled_no
from psoas.care.pathway.loads import in_words
from psoas.care.safety.flags import FLAG_RULES
from psoas.care.safety.interactions import NARROW_WINDOW, Held, words_of, worst
from psoas.care.types import Reason
from psoas.case import Case
from psoas.case.types import Tried
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.treatment.plan_choices import TriedCare
from psoas.screening import Ban, Screen
from psoas.screening.medicines import keeps_off

REGIONS_OF_THE_BACK = ("lumbar", "thoracic", "sacroiliac", "sacrum_coccyx", "flank", "buttock")
FLAGS_OF_A_MEDICINE = frozenset(name for name, rule in FLAG_RULES.items() if rule.medicines)
BENT_SPINE_DEG = 20.0
"""Lumbar bend of an exercise from which it counts as end-range bending for thin bones; our choice, half of child's
pose (40 degrees in the pack)."""


@dataclass(frozen=True, slots=True)
class Against:
    """Everything about the case that can stand against a candidate, gathered once."""

    case: Case
    screen: Screen
    knowledge: Knowledge
    flags: Mapping[str, tuple[str, ...]]
    held: tuple[Held, ...]
    unknown: tuple[str, ...]
    in_the_back: bool
    hurts: Mapping[str, tuple[str, ...]]
    leg_hurts: bool
    unexamined: tuple[str, ...]
    nerve_signs: tuple[str, ...]
    injuries: tuple[str, ...] = ()

    def reasons(self, one: Candidate, *, graded: Collection[str] = ()) -> tuple[Reason, ...]:
        """Why this case holds the candidate back; empty when nothing does.

        `graded`: loads that hurt and that a pathway brings back in measured steps by this very exercise.
        """
        return (
            *self._provokes(one, graded),
            *self._examination(one),
            *self._referred(one),
            *self._techniques(one),
            *self._gate(one),
            *self._contraindications(one),
            *self._unread(one),
            *self._interactions(one),
            *self._person(one),
            *self._tried_before(one),
            *self._settled(one),
            *self._our_rules(one),
        )

    def _provokes(self, one: Candidate, graded: Collection[str]) -> Iterator[Reason]:
        """An exercise that asks for what this person says hurts."""
        choices = self.knowledge.plan_choices
        for load in choices.exercise_loads.get(one.id, ()) if one.exercise else ():
            if load in self.hurts and load not in graded:
                said = in_words(self.hurts[load][0], self.knowledge)
                yield Reason("provokes", self.hurts[load][0], f"Asks for {choices.loads[load].name}: {said}.")

    def _examination(self, one: Candidate) -> Iterator[Reason]:
        """No thrust and no pull on a nerve while a leg hurts and its nerves were not examined, or do not work."""
        nerve = one.id in self.knowledge.plan_choices.nerve_exercises
        if not self.leg_hurts or not (nerve or "spinal_manipulation" in one.technique):
            return
        if self.nerve_signs:
            said = in_words(self.nerve_signs[0], self.knowledge)
            yield Reason("examination", self.nerve_signs[0], f"Not with a sign of a nerve: {said}.")
        elif self.unexamined:
            words = f"The leg hurts: first examine {', '.join(self.unexamined)}."
            yield Reason("examination", "nerve_examination", words)

    def _tried_before(self, one: Candidate) -> Iterator[Reason]:
        """What failed or made it worse, by the words of `tried` in plan_choices.yaml."""
        for care, row in tried_rows(self.case, self.knowledge):
            if care.effect in ("none", "worse") and one.id in row.exercises:
                yield Reason("tried", row.id, f"Was tried ({care.what}), with this effect: {care.effect}.")

    def _settled(self, one: Candidate) -> Iterator[Reason]:
        """What a trial on this person alone showed not to help is not offered again."""
        if (reason := settled_no(self.case).get(one.id)) is not None:
            yield reason

    def _referred(self, one: Candidate) -> Iterator[Reason]:
        urgency = self.screen.urgency
        if self.screen.at_least("urgent_referral"):
            gentle = one.exercise is not None and one.group in catalogue.GENTLE_GROUPS
            if not gentle and one.id not in catalogue.GENTLE_INTERVENTIONS:
                yield Reason("referred", urgency, "Waits until a doctor has looked.")
        elif self.screen.at_least("routine_referral") and not _gentle_enough(one):
            yield Reason("referred", urgency, "Only gentle self-care goes on until a doctor has looked.")

    def _techniques(self, one: Candidate) -> Iterator[Reason]:
        plain = self.knowledge.red_flags.techniques
        said: set[str] = set()
        for technique in one.technique:
            for ban in self.screen.forbidden:
                if ban.technique == technique and ban.contraindication not in said and _meant(ban, one):
                    said.add(ban.contraindication)
                    words = f"{plain[technique].plain} is off. {ban.why} Instead: {ban.do_instead}."
                    yield Reason("technique", ban.contraindication, words, ban.source)
            for open_ in self.screen.not_cleared:
                if open_.technique == technique:
                    asked = ", ".join(_asked(name) for name in open_.ask)
                    yield Reason("technique", technique, f"{plain[technique].plain} waits for answers: {asked}.")

    def _gate(self, one: Candidate) -> Iterator[Reason]:
        if one.hip_flexor and not self.screen.gate.open:
            causes = self.knowledge.red_flags.conditions
            for name in self.screen.gate.closed_by:
                words = f"Waits until this is excluded: {causes[name].name}. It can look like a tight hip flexor."
                yield Reason("gate", name, words)

    def _contraindications(self, one: Candidate) -> Iterator[Reason]:
        plain = self.knowledge.interventions.flags
        for flag in one.contraindications:
            if flag in self.flags:
                because = ", ".join(name.replace("_", " ") for name in self.flags[flag])
                note = one.intervention.contraindications_note
                more = f" The evidence adds: {note}." if note and not one.exercise else ""
                yield Reason("contraindication", flag, f"Not with: {plain[flag].plain} (because of: {because}).{more}")

    def _unread(self, one: Candidate) -> Iterator[Reason]:
        """Work by hand or needle that a blood thinner or steroid would forbid waits for a medicine that is not read."""
        feared = set(one.contraindications) & FLAGS_OF_A_MEDICINE
        if one.kind in ("hands_on", "needling") and feared:
            for read in self.screen.medicines:
                if keeps_off(read, self.knowledge):
                    words = f"Waits until it is known what {' '.join(read.written.split())} is."
                    yield Reason("unknown_medicine", read.written, words)

    def _interactions(self, one: Candidate) -> Iterator[Reason]:
        named: set[str] = set()
        for product in one.products:
            offered = Held(product, words_of(product, self.knowledge))
            for thing in self.held:
                rule = worst(offered, thing, self.knowledge)
                if rule and rule.severity in ("avoid", "caution"):
                    named.add(thing.name)
                    name = thing.name.replace("_", " ")
                    yield Reason("interaction", thing.name, f"Does not go with {name}: {rule.effect}.", rule.source)
                elif offered.name in thing.words and not thing.illness:
                    yield Reason("our_rule", thing.name, "Is taken already.")
        if one.kind in ("medicine", "supplement") and one.id not in catalogue.TOPICAL:
            for name in self.unknown:
                words = f"{name.replace('_', ' ')} is not known to the tables: a pharmacist decides first."
                yield Reason("unknown_medicine", name, words)
            for thing in self.held:
                if thing.words & NARROW_WINDOW and thing.name not in named:
                    name = thing.name.replace("_", " ")
                    words = f"{name} leaves little room for other medicines: a pharmacist decides first."
                    yield Reason("interaction", thing.name, words)

    def _person(self, one: Candidate) -> Iterator[Reason]:
        age = self.case.person.age_years
        if age is not None and age < weights.ADULT_YEARS and (one.who != "self" or one.products):
            yield Reason("age", "person.age_years", f"The evidence is of people over {weights.ADULT_YEARS}.")
        if not one.exercise and catalogue.OFFERS[one.id].back_only and not self.in_the_back:
            yield Reason("place", "pain.regions", "Was tried on back pain; none is marked on the drawing.")
        names = {one.id, *one.intervention.tried_as, *one.id.split("_")[:1]}
        for care in self.case.tried:
            said = "_".join(care.what.lower().replace("-", " ").split())
            if said in names and care.effect in ("none", "worse"):
                yield Reason("tried", said, f"Was tried, with this effect: {care.effect}.")

    def _our_rules(self, one: Candidate) -> Iterator[Reason]:
        """Where the packs are silent and silence is no permission."""
        if "pregnancy" in self.flags and one.kind in ("hands_on", "needling", "medicine", "supplement"):
            words = "Nothing in the evidence at hand covers it in pregnancy: someone trained in pregnancy care decides."
            yield Reason("our_rule", "pregnancy", words)
        if "spinal_manipulation" in one.technique and "severe_radicular_pain" in self.flags:
            rule = self.knowledge.red_flags.manual_contraindications["sm_radiculopathy"]
            yield Reason(
                "our_rule", rule.id, f"Not with leg pain from a nerve. Instead: {rule.do_instead}.", rule.source
            )


def _asked(name: str) -> str:
    """A question that waits, in words; `medicines[2]` is the second medicine of the list."""
    if name.startswith("medicines["):
        return f"what medicine {name[10:-1]} is"
    return name.replace("_", " ")


def _gentle_enough(one: Candidate) -> bool:
    """Self-care that may go on beside a routine appointment."""
    return one.id in catalogue.GENTLE_INTERVENTIONS or (one.who == "self" and not one.products)


def _meant(ban: Ban, one: Candidate) -> bool:
    """Whether a ban reaches the candidate: with thin bones it leaves what does not bend the spine."""
    if ban.contraindication != "st_osteoporosis_flexion" or one.exercise is None:
        return True
    pose = one.exercise.pose
    bend = max(pose.start.lumbar_flexion_deg, pose.end.lumbar_flexion_deg) if pose else 0.0
    return one.exercise.directional_bias in ("flexion", "rotation") or bend >= BENT_SPINE_DEG


def tried_rows(case: Case, knowledge: Knowledge) -> tuple[tuple[Tried, TriedCare], ...]:
    """Care so far, with what it consisted of where its words are known."""
    found = []
    for care in case.tried:
        said = "_".join(care.what.lower().replace("-", " ").split())
        row = next((one for one in knowledge.plan_choices.tried.values() if said in one.words), None)
        if row is not None:
            found.append((care, row))
    return tuple(found)


def evidence_against(one: Candidate) -> tuple[Reason, ...]:
    """Why the evidence or the guidelines speak against an intervention, whoever the person is."""
    if one.exercise:
        return ()
    entry, offer = one.intervention, catalogue.OFFERS[one.id]
    stances = {stance.stance for stance in entry.guideline}
    found = []
    if "against" in stances and "for" not in stances:
        bodies = ", ".join(one.body.replace("_", " ") for one in entry.guideline if one.stance == "against")
        sources = tuple(name for one in entry.guideline if one.stance == "against" for name in one.source)
        found.append(
            Reason("guidelines_against", entry.id, f"{bodies} advise against it. {entry.note}".strip(), sources)
        )
    if entry.certainty == "none":
        words = entry.effect_in_words or f"No usable trial in low-back pain was found ({entry.certainty_note})."
        found.append(Reason("no_evidence", entry.id, f"{words} {entry.note}".strip(), entry.effect_in_words_source))
    if entry.certainty == "very_low" and (one.kind in ("medicine", "supplement") or not stances):
        words = f"The evidence is very weak and hardly any guideline supports it. {entry.note}".strip()
        found.append(Reason("weak_evidence", entry.id, words))
    if offer.never:
        found.append(Reason("our_rule", entry.id, f"{offer.never[:1].upper()}{offer.never[1:]}."))
    return tuple(found)
