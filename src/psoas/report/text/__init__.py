"""An answer as a page shows it: plain data in words, the answer first, ready to be stored and read without recomputing.

`report_of(answer)` is JSON-able: mappings, lists, text and numbers. Percentages are whole or carry their unit in the
key; every figure that moves the result carries its citations in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psoas.knowledge.words import Words
from psoas.report.differences import difference_sentences
from psoas.report.phrases import headlines, in_short
from psoas.report.text.body import body_report
from psoas.report.text.citing import Citing
from psoas.report.text.danger import danger_report
from psoas.report.text.plan import plan_report
from psoas.report.text.ranking import ranking_report
from psoas.report.top_words import top_report

if TYPE_CHECKING:
    from psoas.assessment import Assessment
    from psoas.knowledge import Knowledge

REPORT_FORMAT = 1
"""Raised when a key changes its meaning; a stored report is shown by the format it was made in."""

SUPPORT = "It supports a decision; a person makes it. Not a medical device."


def report_of(answer: Assessment, knowledge: Knowledge) -> dict[str, Any]:
    """The whole page of an answer; `flexors` and `levels` are None without hip angles or the body model."""
    words = Words(knowledge)
    citing = Citing(knowledge)
    return {
        "format": REPORT_FORMAT,
        "psoas_version": answer.psoas_version,
        "knowledge_sha256": answer.knowledge_sha256,
        "sentence": in_short(answer, words),
        "top": top_report(answer, words),
        "beside": _beside(answer),
        "differ": list(difference_sentences(answer.case, answer.facts, words)),
        "waits": answer.screen.at_least("same_day"),
        "danger": danger_report(answer.screen, words, citing),
        **ranking_report(answer, words, citing),
        **body_report(answer.body, answer.screen),
        "plan": plan_report(answer.plan, citing, answer.computed),
        "support": SUPPORT,
    }


def _beside(answer: Assessment) -> str:
    """What a reader should know at once of the sentence."""
    if answer.screen.at_least("same_day"):
        return headlines()[answer.screen.urgency].capitalize() + ". Nothing else is done before."
    chances = answer.diagnosis.chances
    first = next(one for one in answer.diagnosis.differential if one.source == chances.leader)
    low, high = first.interval_90
    if chances.none_leads:
        return (
            "That is a normal answer: in most people with back pain no single part can be named, and care does not "
            "depend on it."
        )
    return (
        f"The figure is uncertain: {low:.0%} to {high:.0%}. If this source alone were cured, about "
        f"{first.responsibility:.0%} of the complaint would be expected to go."
    )
