"""`psoas serve` before it serves: what is missing, and what a long run needs."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest
import uvicorn

from psoas.web import serve
from psoas.web.settings import Settings


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn", "sqlalchemy", "jinja2"])
def test_without_the_extra_a_sentence_says_what_to_install(missing: str) -> None:
    blocked = f"import sys; sys.modules[{missing!r}] = None; sys.argv = ['psoas', 'serve']"
    code = f"{blocked}; from psoas.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert f"The app needs {missing}" in done.stderr and "pip install 'psoas[web]'" in done.stderr


def test_garbage_is_collected_in_a_long_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: seen.append(gc.isenabled()))
    monkeypatch.setattr(serve, "bring_up_to_date", lambda: None)
    monkeypatch.setattr(serve, "warm_up", lambda app: None)
    monkeypatch.setenv("PSOAS_PASSPHRASE", "four words for tests")
    gc.disable()
    try:
        serve.run(Settings(store=str(tmp_path / "a.db"), port=0), open_browser=False)
    finally:
        gc.enable()
        gc.unfreeze()
    assert seen == [True]
