"""`psoas records`: looking after the practice's store from a terminal.

Whoever holds the key of the store may do everything here; what is done is in the audit trail, as done at the terminal.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from psoas.cli.output import Json, console, print_json
from psoas.records.errors import Conflict, Invalid, KeyNeeded, NotFound

if TYPE_CHECKING:
    from psoas.records import Person, Records

FOUND_SOMETHING = 1

app = typer.Typer(
    help="The practice's records: whole or not, backup, restore, export and erasure.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Store = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="STORE", help="A file or a database's address; else PSOAS_STORE or the usual place."
    ),
]
Ask = Annotated[
    bool, typer.Option("--passphrase", help="Ask for the passphrase or recovery code, whatever the key store has.")
]
Practice = Annotated[str | None, typer.Option("--practice", help="Which practice, where the store holds several.")]
PersonId = Annotated[
    str, typer.Argument(metavar="PERSON", help="The id of a person; `psoas records people` lists them.")
]


@app.command(epilog="Example:  psoas records verify --against heads.json")
def verify(
    store: Store = None,
    passphrase: Ask = False,
    json_: Json = False,
    against: Annotated[
        Path | None, typer.Option(help="Heads noted earlier (what --json printed): finds out an older store put back.")
    ] = None,
) -> None:
    """Whether every record and the audit trail are as they were written. Exit code 1 if not."""
    noted = _noted(against) if against else {}
    with _open(store, passphrase) as records:
        problems = [*records.verify(), *records.behind(noted)]
        heads = records.heads()
        where = records.where
    if json_:
        print_json({"store": where, "whole": not problems, "problems": problems, "heads": heads})
    elif problems:
        for problem in problems:
            print(problem)
    else:
        entries = sum(int(head.partition(":")[0]) for head in heads.values())
        print(f"Whole: {where}, {entries} entries in the audit trail.")
    if problems:
        raise typer.Exit(FOUND_SOMETHING)


@app.command(epilog="Example:  psoas records backup /media/stick/practice-2026-03-01.db")
def backup(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; nothing is overwritten.")],
    store: Store = None,
    passphrase: Ask = False,
) -> None:
    """Write an encrypted copy with the same key, while the app goes on."""
    with _open(store, passphrase) as records:
        records.backup(to)
    print(f"Backed up to {to} and checked; it opens with the same passphrase or recovery code.")


@app.command(epilog="Example:  psoas records restore /media/stick/practice-2026-03-01.db")
def restore(
    backup_file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup; it stays as it is.")],
    store: Store = None,
    passphrase: Ask = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of a store that is there; that one is kept beside.")
    ] = False,
) -> None:
    """Put a backup back. A store that is there is never lost: it is kept under another name."""
    from psoas.records.address import file_of, store_url
    from psoas.records.store import Records, open_records

    url = store_url(store)
    target = file_of(url)
    if target is not None and target.exists() and not replace and sys.stdin.isatty():
        replace = typer.confirm(
            f"There is a store at {target}. Put the backup in its place and keep the old one beside?"
        )
    key = _key_for(backup_file, passphrase)
    kept = Records.restore(backup_file, url, key, overwrite=replace)
    with open_records(url, key=key) as records:
        problems, where = records.verify(), records.where
    print(f"Restored to {where}." + (f" The store that was there is now {kept}." if kept else ""))
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(FOUND_SOMETHING)


@app.command("accept-loss", epilog="Example:  psoas records accept-loss --store practice.db")
def accept_loss(
    store: Store = None,
    passphrase: Ask = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Go on with a store that lacks changes which were confirmed. Put a backup back instead, if there is one."""
    from psoas.records.opening import open_store

    if not yes and not typer.confirm("Go on without the changes that are missing? The audit trail will say so"):
        raise typer.Abort
    with open_store(store, passphrase=_ask() if passphrase else None, accept_loss=True).records as records:
        print(f"{records.where} is open again as it stands; `psoas records verify` says whether the rest is whole.")


@app.command(epilog="Example:  psoas records learned")
def learned(store: Store = None, passphrase: Ask = False, practice: Practice = None, json_: Json = False) -> None:
    """What the practice's own trials say: whether the words for chances hold, what helped whom. Changes nothing."""
    from dataclasses import asdict

    from psoas.records.learned import settled_questions, words_of_trials
    from psoas.trial.practice import helped, reliability

    with _open(store, passphrase) as records, records.work(records.operator(practice)) as work:
        settled, trials = settled_questions(work), words_of_trials(work)
    rows, things = reliability(settled), helped(trials)
    if json_:
        print_json({"reliability": [asdict(row) for row in rows], "helped": [asdict(one) for one in things]})
        return
    for row in rows:
        low, high = row.came_true.interval_90
        few = "" if row.came_true.enough else "; too few to read as a share"
        print(
            f"{row.word.replace('_', ' ')}: predicted {row.predicted:.0%}, came true in {row.came_true.yes} of "
            f"{row.came_true.of} ({low:.0%} to {high:.0%}{few})"
        )
    for one in things:
        print(f"{one.what}: helps {one.helps}, does not {one.does_not}, undecided {one.undecided}")
    if not rows and not things:
        print("No trial of this practice has been finished yet.")


@app.command("study-export", epilog="Example:  psoas records study-export study.zip --yes")
def study_export(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="The ZIP to write; nothing is overwritten.")],
    store: Store = None,
    passphrase: Ask = False,
    practice: Practice = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Write the trials without names, dates or words for a study; docs/study_protocol.md says what it needs."""
    from psoas.records.clock import today
    from psoas.records.learned import study_file

    if to.exists():
        raise Conflict(f"{to} is there already; choose another name.")
    if not yes and not typer.confirm("Write the trials of everybody in this practice, de-identified, into a file"):
        raise typer.Abort
    with _open(store, passphrase) as records, records.work(records.operator(practice)) as work:
        made = study_file(work, today=today())
    to.write_bytes(made)
    print(f"Written to {to}. It holds no name, date or free word; whether it may be shared, an ethics board decides.")


@app.command(epilog="Example:  psoas records people berg")
def people(
    text: Annotated[str, typer.Argument(help="Part of a name.")] = "",
    store: Store = None,
    passphrase: Ask = False,
    practice: Practice = None,
    json_: Json = False,
) -> None:
    """List the people of the practice with their ids."""
    with _open(store, passphrase) as records, records.work(records.operator(practice)) as work:
        found = work.people.search(text, limit=10_000)
    if json_:
        print_json([_person(one) for one in found])
        return
    from rich.table import Table

    table = Table("Name", "Born", "Id", box=None, pad_edge=False)
    for one in found:
        table.add_row(f"{one.family_name}, {one.given_name}".strip(", "), str(one.birth_date or "-"), one.id)
    console().print(table if found else "Nobody found.")


@app.command(epilog="Example:  psoas records export 0199c2... --to anna.zip")
def export(
    person: PersonId,
    to: Annotated[Path, typer.Option("--to", help="The ZIP file to write; nothing is overwritten.")],
    store: Store = None,
    passphrase: Ask = False,
    practice: Practice = None,
) -> None:
    """Write a person's whole record: JSON, FHIR, a page to read, and the files. It is not encrypted any more."""
    with _open(store, passphrase) as records:
        data = records.export_person(records.operator(practice), person)
    _write_private(to, data)
    print(f"Written to {to}. It is not encrypted: hand it over, then delete it.")


@app.command(epilog="Example:  psoas records fhir 0199c2... --to anna.json")
def fhir(
    person: PersonId,
    to: Annotated[Path, typer.Option("--to", help="The JSON file to write; nothing is overwritten.")],
    named: Annotated[
        bool, typer.Option("--named", help="With name and day of birth, not only the id and the year.")
    ] = False,
    store: Store = None,
    passphrase: Ask = False,
    practice: Practice = None,
) -> None:
    """Write a person's record for other health software, as a FHIR R4 Bundle without files. It is not encrypted."""
    with _open(store, passphrase) as records:
        made = records.export_fhir(records.operator(practice), person, named=named)
    _write_private(to, json.dumps(made, indent=2, ensure_ascii=False).encode())
    print(f"Written to {to}. It is not encrypted: hand it over, then delete it.")


@app.command(epilog="Example:  psoas records erase 0199c2...")
def erase(
    person: PersonId,
    store: Store = None,
    passphrase: Ask = False,
    practice: Practice = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove everything about a person for good. The audit trail stays whole; backups made before still hold it."""
    with _open(store, passphrase) as records:
        scope = records.operator(practice)
        with records.work(scope) as work:
            found = work.people.get(person)
        name = f"{found.given_name} {found.family_name}".strip()
        if not yes and not typer.confirm(f"Erase everything about {name}? This cannot be undone"):
            raise typer.Abort
        with records.work(scope) as work:
            work.people.erase(person)
    print("Erased. Backups made before still hold the record: erase it there too, or delete them.")


@app.command(epilog="Example:  psoas records password olga@birch.example")
def password(
    login: Annotated[str, typer.Argument(help="Whose password is forgotten.")],
    store: Store = None,
    passphrase: Ask = False,
    practice: Practice = None,
) -> None:
    """Set a new password for an account whose own is forgotten."""
    with _open(store, passphrase) as records:
        scope = records.operator(practice)
        with records.work(scope) as work:
            known = {one.login: one.id for one in work.accounts.list()}
        if login.casefold() not in known:
            raise NotFound(f"login is {login!r}; expected one of: {', '.join(known)}.")
        new = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
        with records.work(scope) as work:
            work.accounts.set_password(known[login.casefold()], new)
    print("The password is changed. Sessions that used the old one have been signed out.")


@app.command("add-practice", epilog='Example:  psoas records add-practice "Elm Street" --owner "Otto Elm" --login otto')
def add_practice(
    name: Annotated[str, typer.Argument(help="The name of the further practice.")],
    owner: Annotated[str, typer.Option(help="The name of its owner.")],
    login: Annotated[str, typer.Option(help="The name that its owner signs in with.")],
    store: Store = None,
    passphrase: Ask = False,
) -> None:
    """Make a further practice in the same store. Neither sees anything of the other."""
    with _open(store, passphrase) as records:
        new = typer.prompt("First password of the owner", hide_input=True, confirmation_prompt=True)
        made = records.add_practice(practice=name, name=owner, login=login, password=new)
    print(f"Made {name}. {made.name} signs in as {made.login} and adds the accounts of the others.")


def _open(store: str | None, ask: bool) -> Records:
    """The store, with the key from where it is found; asked for at a terminal when it is nowhere."""
    from psoas.records.opening import open_store

    if ask:
        return open_store(store, passphrase=_ask()).records
    try:
        return open_store(store).records
    except KeyNeeded:
        if not sys.stdin.isatty():
            raise
        return open_store(store, passphrase=_ask()).records


def _key_for(backup_file: Path, ask: bool) -> str:
    import os

    from psoas.records.opening import PASSPHRASE_VARIABLE, key_of

    if ask:
        return _ask()
    if given := os.environ.get(PASSPHRASE_VARIABLE):
        return given
    if not backup_file.is_file():
        raise NotFound(f"There is no backup at {backup_file}.")
    try:
        return key_of(backup_file)
    except KeyNeeded:
        if not sys.stdin.isatty():
            raise
        return _ask()


def _ask() -> str:
    return str(typer.prompt("Passphrase or recovery code", hide_input=sys.stdin.isatty(), err=True))


def _noted(path: Path) -> dict[str, str]:
    try:
        heads = json.loads(path.read_text(encoding="utf-8"))["heads"]
        return {str(practice): str(head) for practice, head in heads.items() if int(head.partition(":")[0]) >= 0}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
        raise Invalid(
            "against", f"{path} cannot be read: {err}; expected what `psoas records verify --json` prints."
        ) from err


def _person(person: Person) -> dict[str, str | None]:
    return {
        "id": person.id,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "created_at": person.created_at.isoformat(),
    }


def _write_private(to: Path, data: bytes) -> None:
    import os

    try:
        handle = os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as err:
        raise Conflict(f"{to} is already there and is not overwritten; choose another name.") from err
    with os.fdopen(handle, "wb") as out:
        out.write(data)
