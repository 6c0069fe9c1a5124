"""One case, all the way: screened for danger, ranked, planned.

>>> import psoas
>>> answer = psoas.assess("examples/desk_worker.yaml")   # doctest: +SKIP
>>> answer.screen.urgency, answer.diagnosis.differential[0].source   # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psoas import __version__
from psoas.case import Case, parse_case_text, read_case_text
from psoas.diagnosis import Diagnosis, diagnose
from psoas.knowledge import Knowledge, load
from psoas.knowledge.index import vocabulary_of
from psoas.screening import Screen, facts_of, screen

if TYPE_CHECKING:
    from psoas.assessment.body_findings import BodyFindings
    from psoas.care import Plan
    from psoas.knowledge.rules.facts import Facts


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything Psoas has to say of one case.

    Attributes:
        name: what the case is called: the name of its file.
        knowledge_sha256: hash of the evidence the answer rests on.
    """

    name: str
    case: Case
    facts: Facts
    screen: Screen
    diagnosis: Diagnosis
    plan: Plan
    psoas_version: str
    knowledge_sha256: str

    @property
    def body(self) -> BodyFindings | None:
        """What the body model makes of the hip's angles, computed when first asked for; None when none was measured."""
        from psoas.body.flexibility.flexor_ids import reads_a_flexor

        if not reads_a_flexor(self.case):
            return None
        from psoas.assessment.body_findings import body_findings

        return body_findings(self.case)

    @property
    def computed(self) -> Mapping[str, str]:
        """What the body model adds to the plan's exercises, by id, when asked for; the plan never hangs on it."""
        from psoas.assessment.computed_plan import computed_for_plan

        return computed_for_plan(self)

    def to_json(self) -> dict[str, Any]:
        """The answer in the shape of CASE_FORMAT; sections that this version cannot fill are absent."""
        from psoas.assessment.as_json import to_json

        return to_json(self)


def read_case(source: str | Path | Mapping[str, Any], knowledge: Knowledge | None = None) -> Case:
    """A case from a file, from standard input (`-`) or from plain data.

    Args:
        source: the path of a case file, `-` for standard input, or plain data as YAML and JSON have them.
        knowledge: the evidence whose words may be used; None takes that of this version.

    Returns:
        The checked case; angles in degrees and lengths in the unit that each name ends in.

    Raises:
        CaseError: with a sentence for each problem.
    """
    words = vocabulary_of(knowledge or load())
    data = source if isinstance(source, Mapping) else parse_case_text(read_case_text(source))
    return Case.of(data, words)


def assess(
    source: str | Path | Mapping[str, Any] | Case,
    *,
    setting: str = "studio",
    who: str = "physiotherapist",
    knowledge: Knowledge | None = None,
) -> Assessment:
    """Screen, rank and plan one case. The screen always runs, first and on its own.

    Args:
        source: a case, the path of a case file, `-` for standard input, or plain data.
        setting: whose starting shares hold: `studio`, `primary_care`, `pain_clinic` or `referred`.
        who: who would ask or test next: `self`, `bodyworker` or `physiotherapist`.
        knowledge: the evidence to use; None takes that of this version.

    Returns:
        The danger screen, the ranked sources (probabilities 0 to 1), the plan, and what the body model adds when asked.

    Raises:
        CaseError: a case that cannot be taken as it stands.
        ValueError: an unknown setting or asker.
    """
    from psoas.care import plan_for

    held = knowledge or load()
    case = source if isinstance(source, Case) else read_case(source, held)
    name = "case" if isinstance(source, (Case, Mapping)) else Path(source).stem if str(source) != "-" else "-"
    facts = facts_of(case, held)
    screened = screen(case, held, facts)
    diagnosis = diagnose(facts, held, screened, setting=setting, who=who)
    return Assessment(
        name=name,
        case=case,
        facts=facts,
        screen=screened,
        diagnosis=diagnosis,
        plan=plan_for(case, facts, held, screened, diagnosis),
        psoas_version=__version__,
        knowledge_sha256=held.sha256,
    )
