"""What does not go together: what is taken, what is offered, and the person's illnesses.

The tables are interactions.yaml. A rule for a class holds for its members; the worst severity of a pair is the one that
counts. What the tables do not know is named and sent to a pharmacist: no answer is not a safe answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType

from psoas.care._sources import cite
from psoas.care.safety.flags import has_illness
from psoas.care.types import Clash
from psoas.knowledge import Interaction, Knowledge
from psoas.knowledge.readers.medicine_reader import reader_of
from psoas.knowledge.rules.facts import Facts

SEVERITIES = ("avoid", "caution", "minor")
_RANK = {name: step for step, name in enumerate(SEVERITIES)}

OTHER_NAMES = MappingProxyType({
    "curcumin": ("turmeric",),
    "curcuma": ("turmeric",),
    "cannabidiol": ("cbd",),
    "cbd_oil": ("cbd",),
    "harpagophytum": ("devils_claw",),
    "devil's_claw": ("devils_claw",),
    "white_willow": ("willow_bark",),
    "white_willow_bark": ("willow_bark",),
    "salicin": ("willow_bark",),
    "frankincense": ("boswellia",),
    "chondroitin": ("glucosamine",),
    "omega_3": ("fish_oil",),
    "omega3": ("fish_oil",),
    "vitamin_d3": ("vitamin_d",),
    "cholecalciferol": ("vitamin_d",),
    "capsaicin": ("capsaicin_topical",),
    "capsicum": ("capsaicin_topical",),
    "acetaminophen": ("paracetamol",),
    "arnica": ("arnica_topical", "arnica_oral"),  # which one was not said: both are checked
    "aspirin": ("aspirin", "salicylate"),
    "acetylsalicylic_acid": ("acetylsalicylic_acid", "salicylate"),
    "ciclosporin": ("ciclosporin", "tacrolimus"),
    "orlistat": ("orlistat_cholestyramine",),
    "cholestyramine": ("orlistat_cholestyramine",),
})  # fmt: skip
"""Other names that the tables themselves give, in `name` of a product or `plain` of a partner."""

CLASS_IS_PRODUCT = MappingProxyType({"nsaid": "nsaid_otc"})
"""Every anti-inflammatory is checked by the rules that the tables give for one from the counter."""

NARROW_WINDOW = frozenset({
    "anticoagulant", "tacrolimus", "clobazam", "valproate", "lithium", "digoxin", "methotrexate",
})  # fmt: skip
"""Medicines of `fallback_rule` that the tables have a word for: beside them any product is a pharmacist's matter."""

ILLNESS_WORDS = MappingProxyType(
    {
        "hypercalcaemia_or_stones": ("kidney_stones",),
        "bleeding_disorder": ("haemophilia", "low_platelets"),
        "kidney_disease": ("dialysis", "single_kidney"),
    }
)
"""Illnesses of the screen that a partner's plain words include."""


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is taken, or an illness: its name in the case and every word of the tables that it counts as."""

    name: str
    words: frozenset[str]
    illness: bool = False

    @property
    def known(self) -> bool:
        """Whether the tables have a word for it."""
        return bool(self.words)


@lru_cache(maxsize=2)
def _members(knowledge: Knowledge) -> MappingProxyType[str, frozenset[str]]:
    """word -> every class above it, itself included."""
    pack = knowledge.interactions
    above: dict[str, set[str]] = {name: {name} for name in (*pack.partners, *pack.products)}
    for name, partner in pack.partners.items():
        above[name].update(partner.member_of)
    for name, product in pack.products.items():
        above[name].update({product.also_partner} if product.also_partner else ())
    for family, names in pack.medicine_names.items():
        above.setdefault(family, {family})
        for name in names:
            above.setdefault(name, {name}).add(family)
    for family, name in CLASS_IS_PRODUCT.items():
        above.setdefault(family, {family}).add(name)
    grown = True
    while grown:  # to the top: warfarin is an anticoagulant, and what holds for those holds for it
        grown = False
        for words in above.values():
            more = set().union(*(above.get(word, set()) for word in words)) - words
            words |= more
            grown = grown or bool(more)
    return MappingProxyType({name: frozenset(words) for name, words in above.items()})


def words_of(name: str, knowledge: Knowledge) -> frozenset[str]:
    """Every word of the tables that a medicine or supplement counts as; empty when they do not know it.

    A medicine is read as a person writes it, so a brand, a dose or a slip of the pen makes no difference.
    """
    members = _members(knowledge)
    read = reader_of(knowledge).read(name)
    names = dict.fromkeys(other for one in (name, *read.names) for other in OTHER_NAMES.get(one, (one,)))
    return frozenset().union(*(members.get(one, frozenset()) for one in (*names, *read.classes)))


def taken(facts: Facts, knowledge: Knowledge) -> tuple[Held, ...]:
    """What the person takes: named medicines and supplements, and classes that an answer tells of."""
    case = facts.case
    held = {name: Held(name, words_of(name, knowledge)) for name in (*case.medicines, *case.supplements)}
    told = {
        "takes_anticoagulant": "anticoagulant",
        "one_antiplatelet": "antiplatelet",
        "on_steroid_tablets": "corticosteroid",
        "takes_nsaid": "nsaid",
    }
    for answer, family in told.items():
        if facts.yes(answer) and not any(family in one.words for one in held.values()):
            held[family] = Held(family, words_of(family, knowledge))
    for name, kinds in knowledge.medicines.together.items():
        if all(any(facts.takes(family) for family in kind) for kind in kinds):
            held[name] = Held(name, words_of(name, knowledge))
    return tuple(held.values())


def illnesses(facts: Facts, knowledge: Knowledge, flags: Iterable[str]) -> tuple[Held, ...]:
    """Illnesses and states of the person that the tables know as partners."""
    held = []
    for name, partner in knowledge.interactions.partners.items():
        if partner.kind != "condition":
            continue
        age = facts.case.person.age_years
        if (
            name in flags
            or any(has_illness(one, facts) for one in (name, *ILLNESS_WORDS.get(name, ())))
            or (name == "child_under_16" and age is not None and age < 16)
            or (name == "alcohol_heavy" and facts.yes("drinks_heavily"))
        ):
            held.append(Held(name, frozenset({name}), illness=True))
    return tuple(held)


def clashes_between(first: Held, second: Held, knowledge: Knowledge) -> Iterator[Interaction]:
    """The rules that hold between two things, in the order of the tables."""
    for rule in knowledge.interactions.interactions:
        if (rule.a in first.words and rule.b in second.words) or (rule.a in second.words and rule.b in first.words):
            yield rule


def worst(first: Held, second: Held, knowledge: Knowledge) -> Interaction | None:
    """The most severe rule between two things; of equals the first, which the tables list from the particular down."""
    return min(clashes_between(first, second, knowledge), key=lambda rule: _RANK[rule.severity], default=None)


def clashes_of(held: tuple[Held, ...], knowledge: Knowledge) -> tuple[Clash, ...]:
    """What does not go together among what the person takes and has, worst first."""
    found = []
    for first, second in combinations(held, 2):
        if (first.illness and second.illness) or first.words == second.words:
            continue
        if rule := worst(first, second, knowledge):
            found.append(_clash(first, second, rule, knowledge))
    return tuple(sorted(found, key=lambda one: _RANK[one.severity]))


def _clash(first: Held, second: Held, rule: Interaction, knowledge: Knowledge) -> Clash:
    names = f"{_plain(first.name)} together with {_plain(second.name)}"
    do = {
        "avoid": "Speak to a pharmacist or doctor today, and do not stop a prescribed medicine on your own.",
        "caution": "Ask a pharmacist or doctor, and watch for this.",
        "minor": "Good to know; nothing needs to change at once.",
    }[rule.severity]
    words = f"{names[:1].upper()}{names[1:]}: {rule.effect}. {do}"
    sources = cite("interactions", rule.source, knowledge, rule.read_in)
    return Clash(first.name, second.name, rule.severity, words, rule.evidence, sources)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def not_known(facts: Facts, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """Names that the tables do not know, with what to do."""
    return tuple(
        (name, f"{_plain(name)} is not known to the tables: ask a pharmacist before anything is added to it.")
        for name in dict.fromkeys((*facts.case.medicines, *facts.case.supplements))
        if not words_of(name, knowledge)
    )
