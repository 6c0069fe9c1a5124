"""The cache of compiled packs: same facts with and without it, and nothing that is not ours is ever trusted."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from psoas.knowledge import Entry, EvidenceError, Knowledge, _cache
from psoas.knowledge._load import DATA, PACKS

USED_BY_ASSESS = (
    "red_flags", "findings", "sources_of_pain", "terminology", "interactions", "interventions", "exercises",
)  # fmt: skip


@pytest.fixture
def warm(own_cache: Path, knowledge: Knowledge) -> Path:
    """The cache folder with every pack in it."""
    key = Knowledge()._key
    for name, pack in knowledge.packs().items():
        assert _cache.write(name, key, pack)
    return own_cache


def stored(folder: Path, name: str) -> Path:
    (found,) = folder.glob(f"{name}.*.pickle")
    return found


@pytest.fixture
def compilings(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> list[Knowledge]:
    """Compiling takes a second, so here it hands out what was compiled before; the list has one entry for each time."""
    times: list[Knowledge] = []

    def compile_once(self: Knowledge) -> dict[str, Entry]:
        times.append(self)
        return knowledge.packs()

    monkeypatch.setattr(Knowledge, "_compile", compile_once)
    return times


def forbid_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Knowledge) -> None:
        raise AssertionError("compiled although the cache was good")

    monkeypatch.setattr(Knowledge, "_compile", fail)


def test_the_first_load_compiles_and_the_second_reads(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Knowledge().packs()
    assert {path.name.split(".")[0] for path in own_cache.iterdir()} == set(PACKS)
    assert own_cache.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in own_cache.iterdir())
    forbid_compiling(monkeypatch)
    second = Knowledge().packs()
    for name in PACKS:
        assert second[name] == first[name]
        assert repr(second[name]) == repr(first[name]), "down to the last digit and in the same order"


def test_packs_are_read_one_by_one(warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_compiling(monkeypatch)
    stored(warm, "spine_loads").unlink()
    k = Knowledge()
    assert k.claims.topic == "claims", "other packs do not need the one that is gone"
    with pytest.raises(AssertionError):
        _ = k.spine_loads


@pytest.mark.parametrize("damage", [b"", b"psoas", b"\x80\x05garbage", None], ids=["empty", "short", "garbage", "cut"])
def test_a_damaged_file_is_made_anew(
    warm: Path, knowledge: Knowledge, compilings: list[Knowledge], damage: bytes | None
) -> None:
    path = stored(warm, "claims")
    good = path.read_bytes()
    path.write_bytes(good[: len(good) // 2] if damage is None else damage)
    assert Knowledge().claims == knowledge.claims
    assert len(compilings) == 1
    assert _cache.read("claims", Knowledge()._key) == knowledge.claims, "the damaged file was replaced"


class Trap:
    """Unpickling this leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.mark,))


@pytest.fixture
def trap(warm: Path, tmp_path: Path, compilings: list[Knowledge]) -> Path:
    """A pickle under the right key that would run code; returns the mark it would leave."""
    mark = tmp_path / "mark"
    stored(warm, "claims").write_bytes(_cache._head(Knowledge()._key) + pickle.dumps(Trap(mark)))
    return mark


def test_a_file_that_others_can_write_is_not_opened(
    trap: Path, warm: Path, knowledge: Knowledge, compilings: list[Knowledge]
) -> None:
    stored(warm, "claims").chmod(0o666)
    assert Knowledge().claims == knowledge.claims
    assert not trap.exists() and len(compilings) == 1


def test_a_folder_that_others_can_write_is_not_used(
    trap: Path, warm: Path, knowledge: Knowledge, compilings: list[Knowledge]
) -> None:
    warm.chmod(0o777)
    before = {path.name: path.read_bytes() for path in warm.iterdir()}
    assert Knowledge().claims == knowledge.claims
    assert not trap.exists() and len(compilings) == 1
    assert {path.name: path.read_bytes() for path in warm.iterdir()} == before, "nor is anything put there"


def test_what_another_user_owns_is_not_used(
    trap: Path, knowledge: Knowledge, compilings: list[Knowledge], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert Knowledge().claims == knowledge.claims
    assert not trap.exists() and len(compilings) == 1


def test_a_link_is_not_followed(
    trap: Path, warm: Path, tmp_path: Path, knowledge: Knowledge, compilings: list[Knowledge]
) -> None:
    path = stored(warm, "claims")
    elsewhere = tmp_path / "elsewhere.pickle"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    assert Knowledge().claims == knowledge.claims
    assert not trap.exists() and len(compilings) == 1


def test_without_a_folder_psoas_works_from_memory(
    tmp_path: Path, knowledge: Knowledge, compilings: list[Knowledge], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a_file").write_text("in the way")
    monkeypatch.setenv("PSOAS_CACHE_DIR", str(tmp_path / "a_file"))
    k = Knowledge()
    assert k.claims == knowledge.claims and k.spine_loads == knowledge.spine_loads
    assert len(compilings) == 1, "once, not once for each pack"


def test_a_folder_that_cannot_be_written_is_no_obstacle(
    own_cache: Path, knowledge: Knowledge, compilings: list[Knowledge], monkeypatch: pytest.MonkeyPatch
) -> None:
    own_cache.mkdir(parents=True, mode=0o500)
    own_cache.chmod(0o500)

    def refuse(*args: object, **kwargs: object) -> None:  # root may write everywhere, so the refusal is made here
        raise PermissionError("read-only")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    assert Knowledge().claims == knowledge.claims
    assert len(compilings) == 1 and list(own_cache.iterdir()) == []


def test_the_folder_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSOAS_CACHE_DIR", "/own")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    monkeypatch.setenv("HOME", "/home/someone")
    assert _cache.cache_folder() == Path("/own/knowledge")
    monkeypatch.delenv("PSOAS_CACHE_DIR")
    assert _cache.cache_folder() == Path("/xdg/psoas/knowledge")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert _cache.cache_folder() == Path("/home/someone/.cache/psoas/knowledge")


def test_changed_evidence_is_compiled_anew(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for path in DATA.glob("*.yaml"):
        (data / path.name).write_bytes(path.read_bytes())
    claims = data / "claims.yaml"
    text = claims.read_text(encoding="utf-8")
    claims.write_text(text.replace("topic: claims", "topic: hearsay"), encoding="utf-8")
    assert Knowledge(data).claims.topic == "hearsay"
    assert Knowledge(data)._key != Knowledge()._key
    claims.write_text(text.replace("topic:", "topik:"), encoding="utf-8")
    with pytest.raises(
        EvidenceError, match=r"claims\.yaml topik; expected no key of this name; near it are topic"
    ) as caught:
        _ = Knowledge(data).red_flags
    assert [problem.path for problem in caught.value.problems] == ["topic", "topik"]


def test_old_files_are_cleared_away(warm: Path, knowledge: Knowledge) -> None:
    old, recent = warm / "claims.0000000000000000.pickle", warm / "claims.1111111111111111.pickle"
    for path in (old, recent):
        path.write_bytes(b"")
    os.utime(old, (0, 0))
    _cache.write("claims", "2" * 64, knowledge.claims)
    assert not old.exists() and recent.exists()


def test_writers_do_not_disturb_each_other(own_cache: Path) -> None:
    """Four processes start on an empty cache at once; each gets the facts, and good files remain."""
    code = "from psoas.knowledge import load; k = load(); print(len(k.findings.findings), k.claims.topic)"
    started = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {process.communicate()[0].strip() for process in started}
    assert said == {"328 claims"}
    assert all(process.returncode == 0 for process in started)
    assert len(list(own_cache.iterdir())) == len(PACKS), "no temporary file is left"


def test_a_warm_start_reads_neither_yaml_nor_pydantic(warm: Path) -> None:
    code = (
        "import sys; from psoas.knowledge import load; k = load(); k.sha256\n"
        f"for name in {USED_BY_ASSESS!r}: getattr(k, name)\n"
        "heavy = {'yaml', 'pydantic', 'numpy', 'psoas.knowledge.packs.loads', 'typer', 'rich'}\n"
        "print(sorted(sys.modules.keys() & heavy))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
