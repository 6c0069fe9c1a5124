"""A person's whole record, handed over: complete, readable, and of nobody else."""

from __future__ import annotations

import io
import json
import zipfile
from html.parser import HTMLParser

import pytest

from psoas.records import NotFound, Refused

from .conftest import Practice, answer


class Tags(HTMLParser):
    """Every tag opened and closed, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def bundle(practice: Practice) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(practice.records.export_person(practice.practitioner, practice.person)))


def test_the_bundle_holds_everything_about_one_person(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        work.people.add(family_name="Vale")
    made = bundle(practice)
    record = json.loads(made.read("record.json"))
    assert (record["person"]["given_name"], record["person"]["birth_date"]) == ("Anna", "1980-05-31")
    (visit,) = record["visits"]
    assert visit["case"] == {"pain": {"worst": 7}}
    assert visit["results"][0]["answer"] == answer()
    assert record["plans"][0]["content"] == {"items": ["walk"]}
    assert record["check_ins"][0]["content"] == {"nrs": 4}
    assert json.loads(made.read("fhir.json"))["entry"][0]["resource"]["name"][0]["family"] == "Berg"
    assert record["responses"][0]["words"] == "Telephoned: to go on as before"
    assert made.read(visit["files"][0]["path"]) == b"\x89PNG secret picture"
    assert {one["action"] for one in record["trail"]} >= {
        "person.add",
        "visit.start",
        "file.add",
        "result.keep",
        "response.add",
    }
    everything = b"".join(made.read(name) for name in made.namelist()).decode("latin-1")
    assert "Vale" not in everything
    assert practice.token not in everything, "a link is told of, not given away"
    assert practice.records.verify() == []


def test_the_page_is_sound_html_that_needs_nothing_else(practice: Practice) -> None:
    with practice.records.work(practice.owner) as work:
        work.people.change(practice.person, note="<script>alert('&')</script>")
    page = bundle(practice).read("index.html").decode()
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert "script" not in tags.seen and "<script>alert('&')</script>" in tags.text
    assert "src=" not in page and "href=" not in page
    assert "Record of Anna Berg" in tags.text and "worst" in tags.text


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\windows\\x", "...", "ü 😀.png", "a" * 200])
def test_names_of_files_do_not_lead_out_of_the_folder(practice: Practice, name: str) -> None:
    with practice.records.work(practice.owner) as work:
        work.files.add(practice.visit, name=name, media_type="image/png", data=b"x")
    for path in bundle(practice).namelist():
        assert ".." not in path.split("/") and not path.startswith(("/", ".")) and "\\" not in path and ":" not in path


def test_only_those_who_treat_may_export(practice: Practice) -> None:
    for scope in (practice.front_desk, practice.client()):
        with pytest.raises(Refused):
            practice.records.export_person(scope, practice.person)
    with pytest.raises(NotFound):
        practice.records.export_person(practice.owner, "0" * 32)
    bundle(practice)
    with practice.records.work(practice.owner) as work:
        assert work.audit.entries(limit=1)[0].action == "person.export"
