"""What does not go together: supplements, herbs and medicines, with each other and with illnesses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from psoas.knowledge.packs.entry import Cited, Entry, Source, entry

Severity = Literal["avoid", "caution", "minor"]
InteractionEvidence = Literal["trial", "case", "label", "lab", "theory"]


@entry
class Product(Entry):
    """Something a client buys. `class_` is `class` in the pack; `also_partner`: it counts as that partner too."""

    id: str
    name: str
    class_: str
    also_partner: str | None = None


@entry
class Partner(Entry):
    """A medicine, class of medicines, vaccine, treatment or illness that products can clash with."""

    id: str
    kind: Literal["drug_class", "drug", "vaccine", "treatment", "condition"]
    plain: str
    member_of: tuple[str, ...] = ()


@entry
class Interaction(Cited):
    """What happens when product `a` meets product or partner `b`."""

    a: str
    b: str
    severity: Severity
    effect: str
    mechanism: str
    evidence: InteractionEvidence


@entry
class ProductWarning(Cited):
    """A warning that goes with a product whatever else is taken; `stop_sign`: it says when to stop."""

    product: str
    warning: str
    stop_sign: bool = False


@entry
class PerioperativeRule(Cited):
    """What to stop before an operation."""

    rule: str


@entry
class InteractionPack(Entry):
    """`interactions.yaml`. `medicine_names`: generic names for each class."""

    meta: Mapping[str, Any]
    products: Mapping[str, Product]
    partners: Mapping[str, Partner]
    medicine_names: Mapping[str, tuple[str, ...]]
    interactions: tuple[Interaction, ...]
    product_warnings: tuple[ProductWarning, ...]
    perioperative_rule: tuple[PerioperativeRule, ...]
    sources: Mapping[str, Source]
