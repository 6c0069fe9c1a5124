"""Bad input gets a sentence on standard error and exit code 2; never a traceback, never a guess."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import ROOT, psoas

BAD = {
    "unknown finding": ("psoas_case: 1\nfindings: {saddle_numb: yes}", "findings.saddle_numb", "saddle_numbness"),
    "impossible age": ("psoas_case: 1\nperson: {age_years: 400}", "person.age_years", "at most 120"),
    "wrong side": ("psoas_case: 1\npain: {regions: {lumbar_up: 3}}", "pain.regions.lumbar_up", "lumbar_left"),
    "pain score": ("psoas_case: 1\npain: {regions: {lumbar_left: 11}}", "pain.regions.lumbar_left", "at most 10"),
    "version": ("psoas_case: 7", "psoas_case", "allowed: 1"),
    "empty": ("", "the file", "psoas_case: 1"),
    "alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "line 1", "anchors"),
    "tag": ("!!python/object/apply:os.system ['true']", "line 1", "tag"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("command", ["assess", "screen", "check"])
def test_a_sentence_and_exit_code_two(name: str, command: str, tmp_path: Path) -> None:
    text, field, allowed = BAD[name]
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    ran = psoas(command, str(path))
    assert ran.code == 2
    assert field in ran.err and allowed in ran.err
    assert "Traceback" not in ran.err and ran.out == ""


@pytest.mark.parametrize("content", [b"\xff\xfe\x00p", b"psoas_case: 1\nnotes: \xe9t\xe9", b"\x00" * 50])
def test_bytes_that_are_no_text(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(content)
    ran = psoas("assess", str(path))
    assert ran.code == 2 and "Traceback" not in ran.err


def test_missing_file_and_folder(tmp_path: Path) -> None:
    (tmp_path / "a_folder").mkdir()
    for name in ("none.yaml", "a_folder"):  # by a short name: a message cuts a path that is very long
        ran = psoas("assess", name, cwd=tmp_path)
        assert ran.code == 2 and name in ran.err


def test_unknown_command_and_option() -> None:
    assert psoas("asess", "x").code == 2
    assert psoas("assess", "examples/leg_pain.yaml", "--who", "nobody").code == 2


def test_an_internal_error_is_exit_code_three(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import psoas.assessment
    from psoas import cli

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(psoas.assessment, "assess", broken)
    monkeypatch.setattr("sys.argv", ["psoas", "assess", "examples/leg_pain.yaml"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    assert "an internal error" in capsys.readouterr().err


def test_help_of_every_command_has_an_example() -> None:
    for name in ("", "assess", "screen", "check", "ask", "schema"):
        ran = psoas(*([name] if name else []), "--help")
        assert ran.code == 0 and "Example:" in ran.out


def test_a_full_disk_is_said_and_no_traceback() -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "psoas", "assess", "examples/leg_pain.yaml"], stdout=full, stderr=subprocess.PIPE,
            cwd=ROOT, text=True,
        )  # fmt: skip
    assert ran.returncode == 3
    assert ran.stderr.strip() == "psoas: the answer could not be written: No space left on device."


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m psoas assess examples/desk_worker.yaml | head -1; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0 and ran.stderr == ""
