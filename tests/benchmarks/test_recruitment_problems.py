"""The benchmark's problems are what they say, and Psoas answers them as DAQP does."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import daqp
import numpy as np
import pytest

from psoas.body.recruitment.solver import recruit

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def sets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("recruitment_problems", BENCHMARKS / "recruitment_problems.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["recruitment_problems"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("kind", "shape"), [("real", (18, 246)), ("easy", (18, 210)), ("hard", (18, 210)), ("saturated", (18, 210))]
)
def test_trunk_problems_have_daqp_s_answer(
    sets: ModuleType, kind: str, shape: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for A, b in sets.problems("myotorso", kind, 3):
        assert A.shape == shape
        assert np.linalg.matrix_rank(A) == shape[0]
        answer = recruit(A, b)
        n = shape[1]
        lower, upper = np.concatenate([np.zeros(n), b]), np.concatenate([np.ones(n), b])
        sense = np.concatenate([np.zeros(n, np.int32), np.full(len(b), 5, np.int32)])
        peer = daqp.solve(None, np.zeros(n), A, upper, lower, sense, primal_tol=1e-11, dual_tol=1e-11)[0]
        np.testing.assert_allclose(answer.activation, peer, atol=1e-6)
        assert ((answer.activation == 1.0).mean() > 0.3) == (kind == "saturated")
    assert not list(tmp_path.iterdir())


def test_the_saturated_optimum_is_known(sets: ModuleType) -> None:
    rng = np.random.default_rng(5)
    A = rng.normal(size=(8, 60))
    efforts = sets.saturated_efforts(A, rng)
    assert (efforts == 1.0).sum() == pytest.approx(20, abs=1)
    np.testing.assert_allclose(recruit(A, A @ efforts).activation, efforts, atol=1e-9)


def test_the_saturated_optimum_of_a_trunk_is_found_to_1e6(sets: ModuleType) -> None:
    rng = np.random.default_rng(2)
    for A, _ in sets.problems("myotorso", "easy", 5):
        efforts = sets.saturated_efforts(A, rng)
        for engine in ("numba", "numpy"):
            np.testing.assert_allclose(recruit(A, A @ efforts, engine=engine).activation, efforts, atol=1e-6)


def test_an_unknown_kind_is_refused(sets: ModuleType) -> None:
    with pytest.raises(ValueError, match="kind is 'odd'"):
        sets.problems("myotorso", "odd")
