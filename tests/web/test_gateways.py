"""The screen of the gateways in the app: one tap where nothing is wrong, and a sheet only on a yes."""

from __future__ import annotations

import re

from tests.web.conftest import House
from tests.web.test_visit import begin

BACK = {"psoas_case": 1, "person": {"age_years": 44, "sex": "male"}, "pain": {"regions": {"lumbar_left": 5}}}


def test_none_of_these_leads_past_every_sheet(house: House) -> None:
    going = begin(house, BACK)
    page = going.get("danger")
    shown = re.findall(r'name="shown" value="(\w+)"', page.text)
    assert "system_belly" in shown and "system_womb" not in shown
    assert "Ask every sheet in full" in page.text and "intimate" in page.text
    going.send("danger", sheet="systems", shown=shown, none="1")
    assert going.case["findings"]["no_urine_passed"] == going.case["findings"]["system_belly"] == "no"
    assert "/questions" in str(going.get("danger").url) or "first are all answered" in going.get("danger").text


def test_a_yes_opens_its_sheet_alone_and_in_full_means_all(house: House) -> None:
    going = begin(house, BACK)
    shown = re.findall(r'name="shown" value="(\w+)"', going.get("danger").text)
    going.send("danger", sheet="systems", shown=shown, tick=["system_belly"])
    page = going.get("danger")
    assert str(page.url).endswith("sheet=belly") and "2 of 2" in page.text
    other = begin(house, BACK)
    other.get("danger")
    other.send("danger", sheet="systems", shown=shown, skip="1")
    assert str(other.get("danger").url).endswith("sheet=bladder_and_bowel")
