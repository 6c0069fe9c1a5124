"""The result and the plan in a real browser: the body drawn, the same as a table, keyboard only, without scripts."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page, expect

from psoas.web import assets
from psoas.web.computed.results import keep_result
from tests.end_to_end.conftest import NARROW
from tests.end_to_end.serving import ROOT, Practice

OpenPage = Callable[..., Page]
Axe = Callable[[Page], None]
BONES = 15  # T12 to L5 and the pelvis, and femur, patella, tibia and foot of both sides
STRANDS = 32


def visit_of(practice: Practice, name: str) -> str:
    """A visit of an example with its result: computing the first one of a process loads the whole body model."""
    case: dict[str, Any] = yaml.safe_load((ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8"))
    with practice.records.work(practice.scope) as work:
        person = work.people.add(given_name="Anna", family_name="Berg")
        visit = work.visits.start(person.id, case=case)
        keep_result(work, visit)
        return visit.id


def drawn(page: Page) -> None:
    expect(page.locator("[data-body-view]")).to_have_attribute("data-ready", "true", timeout=30_000)


def colours(png: bytes) -> set[bytes]:
    """The colours of a screenshot's pixels, coarsely: eight steps a channel."""
    at, raw, size, width, depth = 8, b"", 0, 0, 0
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, _, _, mode = struct.unpack(">IIBB", data[:10])
            depth = {2: 3, 6: 4}[mode]
        raw += data if kind == b"IDAT" else b""
        at += size + 12
    lines, step = zlib.decompress(raw), width * depth + 1
    found: set[bytes] = set()
    before = bytearray(width * depth)
    for start in range(0, len(lines), step):
        line = bytearray(lines[start + 1 : start + step])
        for i in range(len(line)):
            left = line[i - depth] if i >= depth else 0
            corner = before[i - depth] if i >= depth else 0
            line[i] = (line[i] + _predicted(lines[start], left, before[i], corner)) & 255
        before = line
        found |= {bytes(value & 0xE0 for value in line[i : i + 3]) for i in range(0, len(line), depth * 4)}
    return found


def _predicted(filter_: int, left: int, up: int, corner: int) -> int:
    if filter_ == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda one: abs(guess - one))
    return (0, left, up, (left + up) // 2)[filter_]


def test_the_body_is_drawn_and_every_control_works(page: Page, practice: Practice) -> None:
    page.goto(f"/visits/{visit_of(practice, 'short_hip_flexor')}/result")
    drawn(page)
    stage = page.locator("[data-body-stage]")
    expect(stage).to_have_attribute("data-bones", str(BONES))
    expect(stage).to_have_attribute("data-muscles", str(STRANDS))
    expect(stage).to_have_attribute("data-quality", "low")
    assert len(colours(stage.locator("canvas").screenshot())) > 20, "the canvas is not blank"
    expect(page.locator(".body__label", has_text="Right psoas major")).to_contain_text("+14 %")

    measured = page.locator(".body__label", has_text="L5/S1").inner_text()
    page.get_by_label("Average flexors").check()
    expect(stage).to_have_attribute("data-state", "normal")
    assert page.locator(".body__label", has_text="L5/S1").inner_text() != measured

    page.get_by_role("button", name="Only the psoas").click()
    expect(page.get_by_label("sartorius")).not_to_be_checked()
    expect(page.get_by_label("psoas major")).to_be_checked()

    page.get_by_label("Walking, one stride").check()
    expect(stage).to_have_attribute("data-activity", "walking")
    caption = page.locator("[data-body-table] caption")
    expect(caption).to_have_text("Walking, one stride: highest compression, newtons")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Pause").click()


def test_comparing_with_least_effort_moves_the_pelvis_of_each_state(page: Page, practice: Practice) -> None:
    page.goto(f"/visits/{visit_of(practice, 'short_hip_flexor')}/result")
    drawn(page)
    expect(page.get_by_text("Left to choose the posture of least effort")).to_be_visible()
    page.get_by_label("Standing with least effort").check()
    expect(page.locator("[data-body-stage]")).to_have_attribute("data-activity", "at_ease")
    levels, line = page.locator(".body__label", has_text="L5/S1"), page.locator(".body__labels line").first
    table = page.locator("[data-body-table] tbody tr").last.locator("td")
    expect(levels).to_contain_text(f"{table.nth(1).inner_text()} N")
    before = line.get_attribute("x2")
    page.get_by_label("Average flexors").check()
    expect(levels).to_contain_text(f"{table.nth(0).inner_text()} N")
    expect(line).not_to_have_attribute("x2", before or "")


def test_keys_alone_turn_and_play_the_body(page: Page, practice: Practice) -> None:
    page.goto(f"/visits/{visit_of(practice, 'short_hip_flexor')}/result")
    drawn(page)
    stage = page.locator("[data-body-stage]")
    stage.focus()
    disc = page.locator(".body__labels line").nth(5)
    place = disc.get_attribute("y2"), disc.get_attribute("x2")
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "+"):
        page.keyboard.press(key)
    expect(disc).not_to_have_attribute("y2", place[0] or "")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.name")
    assert focused == "body-state", "the controls follow the stage"
    page.keyboard.press("ArrowDown")
    expect(stage).to_have_attribute("data-state", "normal")


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, NARROW, {"width": 320, "height": 700}])
@pytest.mark.parametrize("example", ["short_hip_flexor", "looks_like_a_tight_psoas"])
def test_nothing_is_wrong_with_either_page(
    open_page: OpenPage, practice: Practice, axe: Axe, size: dict[str, int], example: str
) -> None:
    page = open_page(practice.url, token=practice.token(), viewport=size)
    visit = visit_of(practice, example)
    for path in ("result", "plan"):
        page.goto(f"/visits/{visit}/{path}")
        if page.locator("[data-body-view]").count():
            drawn(page)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{path} is too wide"
        axe(page)


def test_without_scripts_the_tables_say_the_same_and_the_plan_can_be_saved(
    open_page: OpenPage, practice: Practice
) -> None:
    page = open_page(practice.url, token=practice.token(), java_script_enabled=False)
    visit = visit_of(practice, "short_hip_flexor")
    page.goto(f"/visits/{visit}/result")
    expect(page.get_by_text("The 3D view needs scripts.")).to_be_visible()
    expect(page.locator("[data-body-table] tbody tr")).to_have_count(6)
    page.locator("summary", has_text="Where the pain may come from").click()
    page.locator("details.source > summary").first.click()
    expect(page.locator("details.source .reasons").first).to_be_visible()
    page.get_by_role("link", name="Go to the plan").click()
    page.get_by_role("button", name="Leave out: Half-kneeling hip-flexor stretch with tucked pelvis").click()
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("The plan is saved.")).to_be_visible()
    expect(page.get_by_role("heading", name="Half-kneeling hip-flexor stretch")).to_have_count(0)


def test_from_the_result_to_the_sheet(page: Page, practice: Practice) -> None:
    visit = visit_of(practice, "short_hip_flexor")
    page.goto(f"/visits/{visit}/result")
    page.get_by_role("link", name="Go to the plan").click()
    page.locator("summary", has_text="Exercises").click()
    page.get_by_role("button", name="Add Clamshell").click()
    expect(page.get_by_role("heading", name="Clamshell")).to_be_visible()
    days = page.get_by_role("group", name="Dose of Clamshell").get_by_label("Days/week")
    days.fill("9")
    days.blur()
    expect(page.get_by_role("alert")).to_contain_text("expected 1 to 7")
    days.fill("2")
    days.blur()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("The plan is saved.")).to_be_visible()
    sheet = page.request.get(f"/visits/{visit}/handout.pdf")
    assert sheet.ok and sheet.body().startswith(b"%PDF")


def test_a_browser_that_cannot_draw_says_so(open_page: OpenPage, practice: Practice) -> None:
    page = open_page(practice.url, token=practice.token())
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"/visits/{visit_of(practice, 'short_hip_flexor')}/result")
    expect(page.locator("[data-body-status]")).to_contain_text("cannot draw in 3D")
    expect(page.locator("[data-body-stage]")).to_be_hidden()
    expect(page.locator("[data-body-table]")).to_be_visible()


def test_the_bones_are_small_and_whole(front_end: None) -> None:
    assets.manifest.cache_clear()
    path = Path(assets.STATIC) / assets.manifest()["body.glb"]
    content = path.read_bytes()
    assert content[:4] == b"glTF" and len(content) < 500_000
    for name in ("t12", "l1", "l2", "l3", "l4", "l5", "pelvis", "femur_right"):
        assert f'"name":"{name}"'.encode() in content


def test_on_paper_the_name_stands_and_the_plan_without_its_buttons(page: Page, practice: Practice) -> None:
    visit = visit_of(practice, "short_hip_flexor")
    page.emulate_media(media="print")
    for path in ("result", "plan"):
        page.goto(f"/visits/{visit}/{path}")
        expect(page.locator(".crumbs a").first).to_be_visible()
    expect(page.locator(".plan-item").first).to_be_visible()
    for hidden in (".plan .moves", ".plan .save", "#add-title", "#sheet-title"):
        expect(page.locator(hidden).first).to_be_hidden()
