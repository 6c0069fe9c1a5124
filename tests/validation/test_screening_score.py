"""The first contacts hold together, and the screen does on them at least what docs/screening.md says."""

from __future__ import annotations

from collections import Counter

from validation.screening import Contact, Judged, area, contacts, figures, judge, main, raw_case, references

from psoas.case import Case
from psoas.knowledge.index import vocabulary
from psoas.screening import STEP


def test_every_contact_can_be_read_and_names_a_reference_that_says_how_it_was_read() -> None:
    cited, several = references(), contacts()
    assert len({one.id for one in several}) == len(several) > 150
    for one in several:
        Case.of(one.raw, vocabulary())
        assert one.least in STEP
        reference = cited[one.reference]
        assert reference["read_in"] in ("fulltext", "abstract", "secondary", "recalled")
        assert reference["read_in"] == "recalled" or reference.get("doi") or reference.get("url")


def test_a_third_is_harmless_and_half_is_set_aside_by_a_hash() -> None:
    kinds = Counter((one.half, one.serious) for one in contacts())
    harmless = kinds["worked", False] + kinds["set_aside", False]
    assert harmless > len(contacts()) / 3
    assert abs(sum(kinds[half, True] for half in ("worked",)) - kinds["set_aside", True]) < 20


def test_the_worked_half_is_seen() -> None:
    found = figures(judge(one for one in contacts() if one.half == "worked"))
    assert found["urgent enough"][0] >= 51
    assert found["harmless sent the same day"][0] <= 1
    assert found["deep pressure forbidden where it must be"][0] >= 53
    assert found["deep pressure forbidden where it was allowed"][0] <= 2


def made(serious: bool, **short: object) -> Contact:
    return Contact("x", "made", serious, "same_day", serious, True, "none", raw_case(short))


def test_the_figures_count_what_they_say() -> None:
    ill, calm = made(True, vital={"temperature_c": 39.2}), made(False, marks={"lumbar_left": 3}, age=40)
    judged: tuple[Judged, ...] = judge((ill, calm))
    assert area(judged) == 1.0
    assert figures(judged)["urgent enough"] == (1, 1)
    assert area(judged[:1]) is None


def test_both_halves_are_printed(capsys) -> None:  # type: ignore[no-untyped-def]
    assert main([]) == 0
    said = capsys.readouterr().out
    assert "worked: 94" in said and "set aside: 97" in said
