"""Fixtures and options for every folder of tests."""

from __future__ import annotations

import random
from itertools import groupby

import pytest

from tests.postgres import administer, postgres_url, server

__all__ = ["administer", "postgres_url", "server"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--order-seed N`: the files in another order, and the tests of each file too."""
    parser.addoption("--order-seed", type=int, default=None, help="shuffle files, and tests in a file, by this seed")


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
