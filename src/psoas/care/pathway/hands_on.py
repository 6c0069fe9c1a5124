"""Work with hands or needles for the source: gated by the screen, by the contraindications and by the examination."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from psoas.care._sources import cite
from psoas.care.pathway.loads import in_words
from psoas.care.safety.checks import Against, tried_rows
from psoas.care.types import Dropped, HandsOnWork, Reason
from psoas.knowledge import Knowledge
from psoas.knowledge.packs.treatment.pathways import HandsOn, Pathway

TECHNIQUES: Mapping[str, tuple[str, ...]] = {
    "massage": ("deep_massage",),
    "mobilisation": ("spinal_manipulation",),
    "thrust": ("spinal_manipulation",),
    "needling": (),
    "stretching": ("stretching",),
    "deep_psoas": ("deep_psoas_pressure",),
    "coaching": (),
}
"""Techniques of the screen that each kind counts as: light massage as deep, gentle mobilisation as a thrust, so that
doubt forbids."""
FLAGS: Mapping[str, tuple[str, ...]] = {
    "massage": ("dvt_suspected", "skin_lesion_local", "fracture_suspected", "infection_suspected", "cancer_suspected"),
    "mobilisation": (
        "osteoporosis", "spinal_instability", "inflammatory_spondyloarthritis", "fracture_suspected",
        "infection_suspected", "cancer_suspected", "progressive_neuro_deficit", "recent_spine_surgery",
    ),
    "thrust": (
        "osteoporosis", "spinal_instability", "inflammatory_spondyloarthritis", "fracture_suspected", "pregnancy",
        "infection_suspected", "cancer_suspected", "progressive_neuro_deficit", "recent_spine_surgery", "anticoagulant",
        "severe_radicular_pain",
    ),
    "needling": (
        "anticoagulant", "bleeding_disorder", "immunosuppressed", "skin_lesion_local", "pregnancy",
        "infection_suspected",
    ),
    "stretching": ("hip_instability", "hip_replacement", "fracture_suspected"),
    "deep_psoas": (
        "anticoagulant", "bleeding_disorder", "pregnancy", "aortic_aneurysm_suspected",
        "abdominal_mass_or_undiagnosed_abdominal_pain", "recent_abdominal_or_pelvic_surgery",
        "psoas_abscess_or_haematoma_suspected",
    ),
    "coaching": (),
}  # fmt: skip
"""Contraindications of each kind, words of interventions.yaml; our choice, made so that doubt forbids."""
ADULT_YEARS = 18
"""Below this age nobody is treated by hand without a guardian, so a plan does not offer it."""
NERVE_KINDS = frozenset({"mobilisation", "thrust", "stretching"})
"""What waits for the nerves' examination while a leg hurts."""


def hands_on_for(
    pathway: Pathway, against: Against, knowledge: Knowledge
) -> tuple[tuple[HandsOnWork, ...], tuple[Dropped, ...]]:
    """What may be done by hand for the source, and what not, with the reasons; nothing while a doctor comes first."""
    if against.screen.at_least("routine_referral"):
        return (), ()
    free: list[HandsOnWork] = []
    held: list[Dropped] = []
    for place, work in enumerate(pathway.hands_on):
        if reasons := tuple(_reasons(work, against, knowledge)):
            held.append(Dropped(f"{pathway.id}_hands_on_{place + 1}", "hands_on", work.what, reasons))
        else:
            free.append(_work(work, against, knowledge))
    return tuple(free), tuple(held)


def _work(work: HandsOn, against: Against, knowledge: Knowledge) -> HandsOnWork:
    rows = tried_rows(against.case, knowledge)
    again = next((row.again for _, row in rows if set(row.hands_on) & set(work.kinds)), "")
    return HandsOnWork(
        work.what, work.region, work.minutes, work.sessions, work.expect, work.not_if, work.certainty, again,
        cite("care_by_source", work.source, knowledge, work.read_in),
    )  # fmt: skip


def _reasons(work: HandsOn, against: Against, knowledge: Knowledge) -> Iterator[Reason]:
    plain, age = knowledge.interventions.flags, against.case.person.age_years
    techniques = dict.fromkeys(name for kind in work.kinds for name in TECHNIQUES[kind])
    for technique in techniques:
        for ban in against.screen.forbidden:
            if ban.technique == technique:
                yield Reason("technique", ban.contraindication, f"{ban.why} Instead: {ban.do_instead}.", ban.source)
        for open_ in against.screen.not_cleared:
            if open_.technique == technique:
                words = f"{len(open_.ask)} questions of the screen must be answered no first."
                yield Reason("technique", technique, words)
    for flag in dict.fromkeys(name for kind in work.kinds for name in FLAGS[kind]):
        if flag in against.flags:
            yield Reason("contraindication", flag, f"Not with: {plain[flag].plain}.")
    if age is not None and age < ADULT_YEARS and set(work.kinds) != {"coaching"}:
        yield Reason("age", "person.age_years", f"Under {ADULT_YEARS}: only with a guardian, and after a doctor.")
    if against.leg_hurts and set(work.kinds) & NERVE_KINDS:
        if against.nerve_signs:
            said = in_words(against.nerve_signs[0], knowledge)
            yield Reason("examination", against.nerve_signs[0], f"Not with a sign of a nerve: {said}.")
        elif against.unexamined:
            words = f"The leg hurts: first examine {', '.join(against.unexamined)}."
            yield Reason("examination", "nerve_examination", words)
    yield from _after_injury(work, against, knowledge)
    for care, row in tried_rows(against.case, knowledge):
        if care.effect in ("none", "worse") and set(row.hands_on) & set(work.kinds):
            yield Reason("tried", row.id, f"Was tried ({care.what}), with this effect: {care.effect}.")


def _after_injury(work: HandsOn, against: Against, knowledge: Knowledge) -> Iterator[Reason]:
    """No thrust after a fall or blow, and no mobilisation in the first weeks; unknown counts as new."""
    if not against.injuries:
        return
    rule, weeks = knowledge.plan_choices.injuries, against.case.pain.duration_weeks
    fresh = weeks is None or weeks <= rule.mobilise_after_weeks
    if "thrust" in work.kinds or (fresh and "mobilisation" in work.kinds):
        yield Reason("our_rule", against.injuries[0], rule.words)
