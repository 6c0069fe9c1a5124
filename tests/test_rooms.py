"""The arrows between the rooms (DESIGN.md), read from the imports of every module.

case <- knowledge <- screening, diagnosis, body, measure <- care, figures, follow_up, trial, own_words
     <- interview, assessment <- report, records <- web, cli

The danger screen may be asked by all that come after the knowledge, the body by diagnosis and care. No module stands
in a circle of imports, those inside functions counted.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import psoas

SOURCE = Path(psoas.__file__).parent

ROOM_OF = {"__init__": "face", "__main__": "cli"}
"""Modules that belong to a room of another name; `face` is the package itself, which brings names in when asked."""

CALC = {"case", "knowledge", "errors"}
MIDDLE = CALC | {
    "screening",
    "diagnosis",
    "body",
    "care",
    "figures",
    "follow_up",
    "trial",
    "own_words",
    "interview",
    "assessment",
}
MAY_ASK: dict[str, set[str]] = {
    "errors": set(),
    "case": {"errors"},
    "knowledge": {"case", "errors"},
    "screening": CALC,
    "body": CALC,
    "measure": CALC,
    "diagnosis": CALC | {"screening", "body"},
    "care": CALC | {"screening", "diagnosis", "body"},
    "figures": CALC | {"body"},
    "trial": CALC,
    "own_words": CALC,
    "follow_up": CALC | {"screening", "diagnosis", "care"},
    "assessment": CALC | {"face", "screening", "diagnosis", "care", "body"},
    "interview": CALC | {"face", "screening", "diagnosis", "body", "assessment"},
    "report": MIDDLE | {"face"},
    "records": MIDDLE | {"face", "report"},
    "web": MIDDLE | {"face", "report", "records", "measure"},
    "face": {"assessment", "case", "errors", "knowledge"},
}
TOP = {"cli"}
"""Every command: the one room that may ask all others, and that none asks."""
APP = {"fastapi", "starlette", "jinja2", "markupsafe", "uvicorn", "segno"}
"""What the practice app stands on; only its own inside may import it at the start."""
DATABASE = {"sqlalchemy", "alembic", "argon2", "keyring", "sqlcipher3", "psycopg"}
HEAVY = (
    APP
    | DATABASE
    | {
        *("mujoco", "myo_sim", "scipy", "numba", "matplotlib", "pandas", "xarray", "jax", "ray", "pyarrow"),
        *("shapely", "typst", "trimesh", "av", "PIL", "ai_edge_litert"),
    }
)
ONLY_WHEN_COMPILING = {"yaml", "pydantic"}
COMPILERS = {"_compile.py"}
"""Modules of the knowledge that run only when a pack has changed."""


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted(path for path in SOURCE.rglob("*.py") if "frontend" not in path.parts))


def room_of(module: str) -> str:
    """The room of `psoas.body.statics.loads` or of a path below the package."""
    parts = module.removeprefix("psoas").strip(".").split(".")
    first = parts[0] or "__init__"
    return ROOM_OF.get(first, first)


def dotted(path: Path) -> str:
    return ".".join(("psoas", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")


def _typing_only(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, *, at_start: bool, typing_too: bool = True) -> Iterator[str]:
    """Dotted names that a module imports; `at_start`: only those that run when it is imported."""
    todo: list[ast.AST] = [tree_of(path)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:  # relative
                package = dotted(path).split(".")
                package = package if path.name == "__init__.py" else package[:-1]
                base = ".".join([*package[: len(package) - node.level + 1], *([base] if base else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif (
            at_start
            and (
                isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
                or (isinstance(node, ast.stmt) and _typing_only(node))
            )
        ) or (not typing_too and isinstance(node, ast.stmt) and _typing_only(node)):
            continue
        todo += ast.iter_child_nodes(node)


def wrong_arrows(room: str, imported: Iterator[str]) -> list[str]:
    asked = {name: room_of(name) for name in imported if name == "psoas" or name.startswith("psoas.")}
    allowed = MAY_ASK.get(room)
    return [
        name
        for name, other in asked.items()
        if other != room
        and name not in ("psoas", "psoas.__version__")
        and (other == "cli" or (allowed is not None and other not in allowed))
    ]


def test_every_module_lives_in_a_room_that_is_drawn() -> None:
    rooms = {room_of(dotted(path)) for path in modules()}
    assert rooms <= {*MAY_ASK, *TOP}, "a room that DESIGN.md does not have"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_arrow_runs_upward(path: Path) -> None:
    assert wrong_arrows(room_of(dotted(path)), imports(path, at_start=False)) == []


@pytest.mark.parametrize(
    ("room", "name", "right"),
    [
        ("case", "psoas.knowledge.load", False),
        ("case", "psoas.errors.CaseError", True),
        ("knowledge", "psoas.case.Case", True),
        ("knowledge", "psoas.screening.screen", False),
        ("screening", "psoas.diagnosis.rank", False),
        ("diagnosis", "psoas.body.statics.loads", True),
        ("body", "psoas.diagnosis.rank", False),
        ("diagnosis", "psoas.care.plan", False),
        ("care", "psoas.diagnosis.rank", True),
        ("care", "psoas.records.store", False),
        ("errors", "psoas.case.Case", False),
        ("cli", "psoas.web.serve.serve", True),
        ("web", "psoas.cli.serve.register", False),
        ("records", "psoas.web.app", False),
        ("report", "psoas.records.store", False),
        ("interview", "psoas.report.phrases", False),
        ("figures", "psoas.care.plan", False),
        ("records", "psoas.care.plan", True),
        ("screening", "psoas.cli.main", False),
    ],
)
def test_the_reader_of_arrows_knows_them(room: str, name: str, right: bool) -> None:
    assert (wrong_arrows(room, iter([name])) == []) is right


def targets(path: Path) -> set[str]:
    """The modules of the package that a module imports anywhere outside of what only a type checker reads."""
    names = {dotted(other) for other in modules()}
    found = set()
    for imported in imports(path, at_start=False, typing_too=False):
        while imported and imported not in names:
            imported = imported.rpartition(".")[0]
        found.add(imported)
    return found - {"", dotted(path)}


def circles(arrows: Mapping[str, set[str]]) -> list[set[str]]:
    """The groups of modules that can reach one another."""
    reach = {name: set(to) for name, to in arrows.items()}
    for through in reach:
        for to in reach.values():
            if through in to:
                to |= reach[through]
    groups = {frozenset({name, *(o for o in reach[name] if name in reach[o])}) for name in reach if name in reach[name]}
    return [set(group) for group in groups]


def test_no_module_stands_in_a_circle_of_imports() -> None:
    assert circles({dotted(path): targets(path) for path in modules()}) == []


def test_a_circle_is_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


MOST_FILES = 15
"""A folder that holds more wants to be two."""


def test_no_folder_is_overfull() -> None:
    """A newcomer finds a thing by its name, among few."""
    counted = Counter(path.parent for path in modules() if path.name != "__init__.py")
    assert {str(folder.relative_to(SOURCE)): n for folder, n in counted.items() if n > MOST_FILES} == {}


def light() -> tuple[Path, ...]:
    """Every module but the insides of the body, the records and the app: their faces and commands alone."""
    insides = {SOURCE / "body", SOURCE / "web", SOURCE / "records"}
    return tuple(
        path
        for path in modules()
        if not insides & set(path.parents)
        or (path.parent in insides and path.name.startswith(("__init__.", "settings.")))
    )


@pytest.mark.parametrize("path", light(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_nothing_heavy_is_imported_at_the_start(path: Path) -> None:
    heavy = {name.split(".")[0] for name in imports(path, at_start=True)} & HEAVY
    assert not heavy, f"import {', '.join(sorted(heavy))} inside the function that needs it"


@pytest.mark.parametrize("path", sorted((SOURCE / "knowledge").rglob("*.py")), ids=lambda path: path.name)
def test_a_warm_start_of_the_knowledge_needs_no_yaml_and_no_pydantic(path: Path) -> None:
    if path.name in COMPILERS:
        return
    assert not {name.split(".")[0] for name in imports(path, at_start=True)} & ONLY_WHEN_COMPILING


def test_what_is_loaded_by_importing_psoas_and_loading_the_evidence() -> None:
    """The same, as it is: in a fresh interpreter, after the cache has been filled."""
    code = (
        "import sys, psoas; from psoas.knowledge import load; load().red_flags; load().findings; "
        "print(' '.join(name for name in sys.modules if '.' not in name))"
    )
    for _ in range(2):
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert not loaded & (HEAVY | ONLY_WHEN_COMPILING)


def test_importing_psoas_alone_loads_nothing_of_it() -> None:
    code = "import sys, psoas; print(sorted(name for name in sys.modules if name.startswith('psoas.')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_only_the_records_know_the_database() -> None:
    """Elsewhere nobody imports its library, not even inside a function: the records' face is the way to it."""
    for path in modules():
        if SOURCE / "records" not in path.parents:
            found = {name.split(".")[0] for name in imports(path, at_start=False)} & DATABASE
            assert not found, f"{path.name} imports {', '.join(sorted(found))}"


@pytest.mark.parametrize(
    "code",
    [
        "import psoas.records, psoas.cli.records",
        "import psoas.records.errors, psoas.records.model",
        "import psoas; psoas.assess('examples/desk_worker.yaml')",
    ],
)
def test_the_database_is_not_loaded_before_a_store_is_opened(code: str) -> None:
    tell = "; import sys; print(' '.join(name for name in sys.modules if '.' not in name))"
    command = [sys.executable, "-c", code + tell]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=SOURCE.parents[1])
    assert not set(run.stdout.split()) & DATABASE
