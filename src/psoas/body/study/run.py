"""Runs a study over many processes or a Ray cluster, and keeps what is done.

A study is a folder: `plan.json`, one Parquet file a finished part under `parts/`, and `results.parquet` when all is
done. A part is written beside and moved into place, so a kill at any instant leaves whole parts only; the same command
goes on from there.
"""

from __future__ import annotations

import importlib
import importlib.util
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psoas.body.study.population import Plan, Row, StudyError, solve_part

_AHEAD = 3  # parts handed out a worker before the first comes back
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def run_study(
    plan: Plan,
    folder: Path,
    *,
    workers: int | None = None,
    ray_address: str | None = None,
    on_part: Callable[[int, int], None] | None = None,
) -> Path:
    """Run what is left of a study and return the path of its table.

    Args:
        plan: what is asked.
        folder: where it is kept; made when missing, gone on with when it holds the same plan.
        workers: processes; all cores when left out.
        ray_address: a Ray cluster to work on instead, ``local`` for one started here.
        on_part: called with parts done and parts in all, first with what was found done.

    Returns:
        The path of `results.parquet`: one row for each person, shortening and posture, with units in the names of
        columns.

    Raises:
        StudyError: the folder holds another plan, or Ray is asked for and not installed.
    """
    arrow: Any = importlib.import_module("pyarrow")
    _claim(plan, folder)
    results = folder / "results.parquet"
    parts = plan.parts()
    if results.exists():
        if on_part:
            on_part(len(parts), len(parts))
        return results
    left = [number for number in range(len(parts)) if not _part_path(folder, number).exists()]
    done = len(parts) - len(left)
    if on_part:
        on_part(done, len(parts))
    stream = _over_ray(plan, left, ray_address) if ray_address else _over_processes(plan, left, workers)
    for number, rows in stream:
        _write(arrow.Table.from_pylist(rows), _part_path(folder, number))
        done += 1
        if on_part:
            on_part(done, len(parts))
    _gather(folder, len(parts), results)
    return results


def _claim(plan: Plan, folder: Path) -> None:
    """Make the folder this plan's own, or refuse."""
    kept = folder / "plan.json"
    if kept.exists():
        if kept.read_text(encoding="utf-8") != plan.to_json():
            raise StudyError(
                f"{folder} holds a study with another plan (see {kept.name}). Take another folder or the same options."
            )
        return
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    temporary = kept.with_suffix(".part")
    temporary.write_text(plan.to_json(), encoding="utf-8")
    temporary.replace(kept)


def _part_path(folder: Path, number: int) -> Path:
    return folder / "parts" / f"part-{number:06d}.parquet"


def _write(table: Any, path: Path) -> None:
    """Write an Arrow table so that the file is there whole or not at all."""
    temporary = path.with_suffix(".part")
    importlib.import_module("pyarrow.parquet").write_table(table, temporary)
    temporary.replace(path)


def _gather(folder: Path, parts: int, results: Path) -> None:
    """One table of all parts, people in order; the parts go when it is in place."""
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    paths = [_part_path(folder, number) for number in range(parts)]
    _write(arrow.concat_tables([parquet.read_table(path) for path in paths]), results)
    for path in paths:
        path.unlink()
    (folder / "parts").rmdir()


def _work(plan: Plan, number: int) -> tuple[int, list[Row]]:
    return number, solve_part(plan, plan.parts()[number])


@contextmanager
def _single_threaded_children() -> Iterator[None]:
    """Processes started within take one thread each for linear algebra; as many processes as cores are the plan."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _over_processes(plan: Plan, left: list[int], workers: int | None) -> Iterator[tuple[int, list[Row]]]:
    """Parts as they finish. Children are started afresh: a fork of a process with threads may hang."""
    count = min(workers or os.cpu_count() or 1, max(len(left), 1))
    if count == 1:
        for number in left:
            yield _work(plan, number)
        return
    with _single_threaded_children(), ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        waiting = list(reversed(left))
        running = {pool.submit(_work, plan, waiting.pop()) for _ in range(min(len(left), _AHEAD * count))}
        try:
            while running:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                running |= {pool.submit(_work, plan, waiting.pop()) for _ in range(min(len(finished), len(waiting)))}
                for future in finished:
                    yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _over_ray(plan: Plan, left: list[int], address: str) -> Iterator[tuple[int, list[Row]]]:
    """Parts as they finish on a Ray cluster, whose machines have the same Psoas installed."""
    if importlib.util.find_spec("ray") is None:
        raise StudyError("--ray needs Ray, which is not installed; run: pip install 'psoas[body,ray]'")
    ray: Any = importlib.import_module("ray")
    started = not ray.is_initialized()
    if started:
        ray.init(address=address, include_dashboard=False, log_to_driver=False, logging_level="error")
    try:
        task = ray.remote(_work)
        slots = int(ray.cluster_resources().get("CPU", 1))
        waiting = list(reversed(left))
        running = [task.remote(plan, waiting.pop()) for _ in range(min(len(left), _AHEAD * slots))]
        while running:
            finished, running = ray.wait(running)
            running += [task.remote(plan, waiting.pop()) for _ in range(min(len(finished), len(waiting)))]
            yield from ray.get(finished)
    finally:
        if started:
            ray.shutdown()
