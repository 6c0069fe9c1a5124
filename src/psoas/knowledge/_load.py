"""The evidence as one object, each pack read when it is first asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from psoas import __version__
from psoas.knowledge import _cache
from psoas.knowledge.problems import EvidenceError, Problem

if TYPE_CHECKING:
    from psoas.knowledge.packs.anatomy import PsoasAnatomyPack
    from psoas.knowledge.packs.angle_readings import AngleReadingPack
    from psoas.knowledge.packs.care import InterventionPack
    from psoas.knowledge.packs.choices import DiagnosisChoicesPack
    from psoas.knowledge.packs.claims import ClaimPack
    from psoas.knowledge.packs.danger_scripts import DangerScriptPack
    from psoas.knowledge.packs.entry import Entry
    from psoas.knowledge.packs.exercises import ExercisePack
    from psoas.knowledge.packs.findings import FindingPack
    from psoas.knowledge.packs.frequencies import FrequencyPack, PublishedFrequencyPack
    from psoas.knowledge.packs.hip_flexor_tests import HipFlexorTestPack
    from psoas.knowledge.packs.illnesses import IllnessPack
    from psoas.knowledge.packs.interactions import InteractionPack
    from psoas.knowledge.packs.loads import SpineLoadPack
    from psoas.knowledge.packs.medicines import MedicinePack
    from psoas.knowledge.packs.outcomes import OutcomePack
    from psoas.knowledge.packs.pathways import CarePathwayPack
    from psoas.knowledge.packs.plan_choices import PlanChoicesPack
    from psoas.knowledge.packs.prognosis import PrognosisPack
    from psoas.knowledge.packs.red_flags import RedFlagPack
    from psoas.knowledge.packs.sources import SourcesOfPainPack
    from psoas.knowledge.packs.terminology import TerminologyPack
    from psoas.knowledge.packs.urgency import UrgencyPack

DATA = Path(__file__).parent / "data"
"""Where the packs lie in the installed package."""

P = TypeVar("P", bound="Entry")


class _Pack(Generic[P]):
    """A pack as an attribute of `Knowledge`: read when first asked for, then kept."""

    def __init__(self, module: str, record: str) -> None:
        self.module, self.record = module, record

    def __set_name__(self, owner: type[Knowledge], name: str) -> None:
        self.name = name

    def __get__(self, knowledge: Knowledge, owner: type[Knowledge]) -> P:
        found: P = knowledge._pack(self.name)
        knowledge.__dict__[self.name] = found
        return found

    def kind(self) -> type[Entry]:
        """The class of the pack's record."""
        found: type[Entry] = getattr(import_module(f"psoas.knowledge.packs.{self.module}"), self.record)
        return found


class Knowledge:
    """What is known, with where each figure comes from. The same object is shared by all who `load()` it."""

    red_flags: _Pack[RedFlagPack] = _Pack("red_flags", "RedFlagPack")
    danger_scripts: _Pack[DangerScriptPack] = _Pack("danger_scripts", "DangerScriptPack")
    findings: _Pack[FindingPack] = _Pack("findings", "FindingPack")
    sources_of_pain: _Pack[SourcesOfPainPack] = _Pack("sources", "SourcesOfPainPack")
    terminology: _Pack[TerminologyPack] = _Pack("terminology", "TerminologyPack")
    interventions: _Pack[InterventionPack] = _Pack("care", "InterventionPack")
    exercises: _Pack[ExercisePack] = _Pack("exercises", "ExercisePack")
    interactions: _Pack[InteractionPack] = _Pack("interactions", "InteractionPack")
    medicines: _Pack[MedicinePack] = _Pack("medicines", "MedicinePack")
    illnesses: _Pack[IllnessPack] = _Pack("illnesses", "IllnessPack")
    urgency: _Pack[UrgencyPack] = _Pack("urgency", "UrgencyPack")
    outcomes: _Pack[OutcomePack] = _Pack("outcomes", "OutcomePack")
    prognosis: _Pack[PrognosisPack] = _Pack("prognosis", "PrognosisPack")
    claims: _Pack[ClaimPack] = _Pack("claims", "ClaimPack")
    hip_flexor_tests: _Pack[HipFlexorTestPack] = _Pack("hip_flexor_tests", "HipFlexorTestPack")
    angle_readings: _Pack[AngleReadingPack] = _Pack("angle_readings", "AngleReadingPack")
    psoas_anatomy: _Pack[PsoasAnatomyPack] = _Pack("anatomy", "PsoasAnatomyPack")
    spine_loads: _Pack[SpineLoadPack] = _Pack("loads", "SpineLoadPack")
    diagnosis_choices: _Pack[DiagnosisChoicesPack] = _Pack("choices", "DiagnosisChoicesPack")
    finding_frequencies: _Pack[FrequencyPack] = _Pack("frequencies", "FrequencyPack")
    vocabulary_frequencies: _Pack[FrequencyPack] = _Pack("frequencies", "FrequencyPack")
    care_by_source: _Pack[CarePathwayPack] = _Pack("pathways", "CarePathwayPack")
    plan_choices: _Pack[PlanChoicesPack] = _Pack("plan_choices", "PlanChoicesPack")
    published_frequencies: _Pack[PublishedFrequencyPack] = _Pack("frequencies", "PublishedFrequencyPack")

    def __init__(self, data: Path = DATA) -> None:
        self._raw = {name: (data / f"{name}.yaml").read_bytes() for name in PACKS}
        self._compiled: dict[str, Entry] = {}

    @classmethod
    def of(cls, packs: Mapping[str, Entry]) -> Knowledge:
        """Knowledge that consists of these packs, all of them, as they are: for checks, which look across packs."""
        made = cls.__new__(cls)
        made._raw, made._compiled = {}, dict(packs)
        return made

    @cached_property
    def sha256(self) -> str:
        """Hash over the names and bytes of all packs: which evidence an answer rests on."""
        digest = hashlib.sha256()
        for name, raw in self._raw.items():
            digest.update(f"{name}.yaml {len(raw)}\n".encode())
            digest.update(raw)
        return digest.hexdigest()

    def packs(self) -> dict[str, Entry]:
        """Every pack by the name of its file."""
        return {name: getattr(self, name) for name in PACKS}

    def check(self) -> tuple[Problem, ...]:
        """Read every pack anew and run every check; empty when the evidence holds together."""
        try:
            self._compile()
        except EvidenceError as error:
            return error.problems
        return ()

    def _pack(self, name: str) -> Any:
        """A pack from memory or from the cache; else all of them compiled and checked, together, once."""
        if name not in self._compiled:
            stored = _cache.read(name, self._key)
            if stored is not None:
                self._compiled[name] = stored  # type: ignore[assignment]
            else:
                self._compiled = self._compile()
                for made, record in self._compiled.items():
                    _cache.write(made, self._key, record)
        return self._compiled[name]

    @cached_property
    def _key(self) -> str:
        """What a compiled pack depends on: the packs, the version, and the code that shaped it."""
        digest = hashlib.sha256(f"{__version__} {self.sha256}".encode())
        here = Path(__file__).parent
        for module in sorted([*here.glob("_*.py"), *here.glob("packs/*.py"), *here.glob("checks/*.py")]):
            digest.update(module.read_bytes())
        return digest.hexdigest()

    def _compile(self) -> dict[str, Entry]:
        """Every pack compiled from its bytes, and checked together."""
        from psoas.knowledge._compile import compile_pack
        from psoas.knowledge.integrity import check

        made: dict[str, Entry] = {}
        problems: list[Problem] = []
        for name, pack in PACKS.items():
            try:
                made[name] = compile_pack(name, self._raw[name], pack.kind())
            except EvidenceError as error:
                problems.extend(error.problems)
        if not problems:
            problems = check(Knowledge.of(made))
        if problems:
            raise EvidenceError(problems)
        return made


PACKS: dict[str, _Pack[Any]] = {name: part for name, part in vars(Knowledge).items() if isinstance(part, _Pack)}
"""Every pack by the name of its file."""


@cache
def load(data: Path = DATA) -> Knowledge:
    """The evidence. The first use on a machine compiles and checks it (a second or so); later ones read the result.

    Args:
        data: the folder of the packs; the one that comes with Psoas when left out.

    Returns:
        The evidence; each pack is read when it is first named.

    Raises:
        EvidenceError: when a pack is at fault, at the first use of any pack; it names every place.
    """
    return Knowledge(data)
