"""Fixtures and options for every folder of tests."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from itertools import groupby

import pytest

from tests.postgres import administer, postgres_url, server

__all__ = ["administer", "postgres_url", "server"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--order-seed N`: the files in another order, and the tests of each file too; `--cpu N`: the N that cost most."""
    parser.addoption("--order-seed", type=int, default=None, help="shuffle files, and tests in a file, by this seed")
    parser.addoption("--cpu", type=int, default=0, help="show the tests that took most processor time (no xdist)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle where asked. The tests of one file stay together, so that what they share is made once."""
    seed = config.getoption("--order-seed")
    if seed is None:
        return
    shuffle = random.Random(seed).shuffle
    files = [list(tests) for _, tests in groupby(items, key=lambda item: item.path)]
    for tests in files:
        shuffle(tests)
    shuffle(files)
    items[:] = [item for tests in files for item in tests]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The tests that took most processor time, which says more than the clock on a busy machine."""
    if not (most := config.getoption("--cpu")):
        return
    ranked = sorted(_SPENT.items(), key=lambda item: -item[1])[:most]
    terminalreporter.section(f"processor time, {sum(_SPENT.values()):.0f} s in all")
    for name, seconds in ranked:
        terminalreporter.line(f"{seconds:7.1f} s  {name}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Add up what this process and those it has waited for spent on a test, fixtures included."""
    before = sum(os.times()[:4])
    try:
        return (yield)
    finally:
        _SPENT[item.nodeid] = sum(os.times()[:4]) - before


_SPENT: dict[str, float] = {}
