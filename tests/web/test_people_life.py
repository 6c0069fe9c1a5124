"""People over time: the list, doubles found and merged, and people brought in from a table."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient

from psoas.web.people_csv import TableError, header_of, matched, rows_of, text_of
from tests.web.conftest import House, csrf_of
from tests.web.test_visit import CALM


def person_with_a_visit(house: House, **names: str) -> str:
    with house.records.work(house.scope) as work:
        person = work.people.add(**({"given_name": "Anna", "family_name": "Berg"} | names)).id
        visit = work.visits.start(person, case=CALM)
        work.visits.close(visit.id, "finished", next_on=date.today() + timedelta(days=7))
    return person


def test_the_list_says_who_came_when_with_what_and_comes_next(house: House) -> None:
    person_with_a_visit(house)
    page = house.client().get("/people").text
    assert "low back left, 6 of 10" in page and "last " in page and "next " in page
    desk = house.client("desk").get("/people").text
    assert "low back" not in desk and "next " in desk, "the front desk learns when, and not why"


def test_a_double_is_asked_about_before_it_is_added(house: House) -> None:
    person = person_with_a_visit(house)
    client = house.client()
    form = {"csrf": csrf_of(client.get("/people/new").text), "given_name": "Berg", "family_name": "anna"}
    page = client.post("/people/new", data=form)
    assert page.status_code == 200 and "Already here?" in page.text and f"/people/{person}" in page.text
    with house.records.work(house.scope) as work:
        assert work.people.count() == 1
    assert client.post("/people/new", data=form | {"sure": "yes"}).status_code == 303
    with house.records.work(house.scope) as work:
        assert work.people.count() == 2


def test_two_are_merged_and_parted_again_on_the_screen(house: House) -> None:
    old, new = person_with_a_visit(house), person_with_a_visit(house)
    client = house.client()
    page = client.get(f"/people/{new}/merge").text
    assert f'value="{old}"' in page
    csrf = csrf_of(page)
    client.post(f"/people/{new}/merge", data={"csrf": csrf, "other": old})
    assert client.get(f"/people/{old}").headers["location"] == f"/people/{new}"
    page = client.get(f"/people/{new}").text
    assert page.count('class="row-name"') == 2 and "Undo the merge" in page
    client.post(f"/people/{old}/unmerge", data={"csrf": csrf})
    assert client.get(f"/people/{new}").text.count('class="row-name"') == 1
    assert house.records.verify() == []


def sent(client: TestClient, table: str | bytes, **fields: str) -> Any:
    csrf = csrf_of(client.get("/import-people").text)
    data = table.encode() if isinstance(table, str) else table
    return client.post(
        "/import-people", data={"csrf": csrf, **fields}, files={"file": ("people.csv", data, "text/csv")}
    )


TABLE = (
    "First name;Last name;DOB;Gender;Phone\n"
    "Seán;O’Brien;31.05.1980;m;0123\n"
    "Anna;Berg;1985-02-30;f;\n"
    ";;01.01.1990;f;\n"
    "Zoë;Ång;29.02.2000;robot;\n"
    "=HYPERLINK(1);<script>alert(1)</script>;;;\n"
    "sean;O'BRIEN;31.05.1980;m;\n"
)


def test_a_table_is_looked_at_before_anybody_is_added(house: House) -> None:
    client = house.client()
    page = sent(client, TABLE)
    assert client.get("/import-people").status_code == 200
    assert page.status_code == 200 and "2 people can be brought in" in page.text
    for words in ("Line 3: Date of birth is '1985-02-30'", "Line 4: There is no name", "Line 5: Sex is 'robot'"):
        assert words in unescape(page.text)
    assert "1 row: there already, or twice in the table" in page.text
    assert "<script>alert(1)" not in page.text
    with house.records.work(house.scope) as work:
        assert work.people.count() == 0
    table = unescape(page.text.partition('<textarea name="table" hidden aria-hidden="true">')[2].partition("</text")[0])
    columns = dict(re.findall(r'name="(column\.\w+)".*?value="(\d+)" selected', page.text))
    form = {"csrf": csrf_of(page.text), "table": table.removeprefix("\n"), "do": "take", **columns}
    for _ in range(2):
        client.post("/import-people", data=form)
    with house.records.work(house.scope) as work:
        found = work.people.search("obrien")
        assert work.people.count() == 2, "a second press brings nobody in twice"
    assert (found[0].given_name, found[0].birth_date, found[0].sex) == ("Seán", date(1980, 5, 31), "male")
    assert house.records.verify() == []


def test_a_file_that_is_no_table_is_told(house: House) -> None:
    client = house.client()
    assert "no text" in sent(client, b"\x00\x01\x02 PK").text
    assert sent(client, b"").status_code in (200, 422)
    assert sent(client, "\n\n").status_code == 422


@pytest.mark.parametrize(
    "data", ["Name\nGroß\n".encode(), "Name\nGroß\n".encode("cp1252"), "Name\nGroß\n".encode("utf-16")]
)
def test_the_spellings_of_a_file_are_read(data: bytes) -> None:
    text = text_of(data)
    (row,) = rows_of(text, matched(header_of(text)), "dmy")
    assert row.fields["family_name"] == "Groß"


def test_ten_thousand_rows_are_judged_one_by_one() -> None:
    lines = [f"Given{n};Family{n};{1 + n % 31:02d}.{1 + n % 12:02d}.19{50 + n % 50}" for n in range(10_000)]
    text = "\n".join(["First name;Last name;DOB", *lines])
    rows = list(rows_of(text, matched(header_of(text)), "dmy"))
    assert len(rows) == 10_000
    for row in rows:
        day, month = 1 + (row.number - 2) % 31, 1 + (row.number - 2) % 12
        if day <= 28:
            assert not row.problem and row.fields["birth_date"].day == day
        elif day == 31 and month in (2, 4, 6, 9, 11):
            assert "Date of birth" in row.problem
    with pytest.raises(TableError, match="more than 50000 rows"):
        list(rows_of("Name\n" + "x\n" * 50_001, {"family_name": 0}, "dmy"))
