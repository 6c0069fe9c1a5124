"""A person is found however the name is typed: accents, letters of other alphabets, signs of telephones."""

from __future__ import annotations

import pytest

from psoas.records import open_records

NAMES = [
    ("O\u2019Brien", ["O'Brien", "o\u2019brien", "O`Brien"]),
    ("Sørensen", ["Sorensen", "sørensen"]),
    ("Wałęsa", ["Walesa", "WAŁĘSA"]),
    ("Işık", ["IŞIK", "Isik", "ışık"]),
    ("Đoković", ["Dokovic"]),
    ("Þórðardóttir", ["Thordardottir"]),
    ("al\u2011Masri", ["al-Masri", "al\u2013Masri"]),
    ("Müller", ["muller", "Mu\u0308ller"]),
    ("Strauß", ["Strauss"]),
]


@pytest.mark.parametrize(("name", "typed"), NAMES)
def test_a_name_is_found_as_people_type_it(name: str, typed: list[str]) -> None:
    with open_records("sqlite://") as store:
        owner = store.set_up(practice="P", name="O", login="owner", password="long enough 123")
        with store.work(owner.scope) as work:
            person = work.people.add(given_name="Seán", family_name=name)
            for text in (name, *typed, f"{name}, Sean", f"Sean {typed[0]}"):
                assert [one.id for one in work.people.search(text)] == [person.id], text
                assert work.people.count(text) == 1
