"""The two pose networks, run by LiteRT on this machine from the weights that came at set-up."""

from __future__ import annotations

import threading
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from psoas.errors import MissingExtraError
from psoas.measure.picture import NEEDS

Array = NDArray[np.float64]
_LOCK = threading.Lock()


class Networks:
    """Both networks, loaded once; they hold state while they run, so one call at a time."""

    def __init__(self) -> None:
        self._detector = _interpreter("pose_detection.tflite")
        self._landmarks = _interpreter("pose_landmark_full.tflite")

    def detect(self, picture: NDArray[np.float32]) -> tuple[Array, Array]:
        """For a picture (224, 224, 3) from -1 to 1: boxes (2254, 12), pixels from their anchors, and scores (2254,)."""
        out = _run(self._detector, picture)
        return out[1, 2254, 12][0], sigmoid(out[1, 2254, 1][0, :, 0])

    def landmarks(self, cut: NDArray[np.float32]) -> tuple[Array, Array, Array, float]:
        """For a cut (256, 256, 3) from 0 to 1: landmarks (39, 5), heat (64, 64, 39), metres (39, 3), and presence."""
        out = _run(self._landmarks, cut)
        return out[1, 195].reshape(39, 5), out[1, 64, 64, 39][0], out[1, 117].reshape(39, 3), float(out[1, 1][0, 0])


@cache
def networks() -> Networks:
    """The networks, loaded when first asked for.

    Raises:
        MissingExtraError: LiteRT or the weights are not installed.
    """
    return Networks()


def sigmoid(x: Array) -> Array:
    """From logits to shares."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -80.0, 80.0))))


def _run(network: Any, given: NDArray[np.float32]) -> dict[tuple[int, ...], Array]:
    """Outputs by their shape, which tells them apart."""
    with _LOCK:
        network.set_tensor(network.get_input_details()[0]["index"], given[None])
        network.invoke()
        return {
            tuple(int(size) for size in one["shape"]): network.get_tensor(one["index"]).astype(float)
            for one in network.get_output_details()
        }


def _interpreter(name: str) -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter, OpResolverType
    except ImportError as err:
        raise MissingExtraError(NEEDS.format(err.name)) from None
    file = resources.files("psoas.measure").joinpath("weights").joinpath(name)
    if not file.is_file():
        raise MissingExtraError(
            f"The weights of the pose network ({name}) are not there; in a copy of the repository run "
            "scripts/pose_weights.py, which fetches them once. With --taps a photo is measured without them."
        )
    # The default delegate announces itself on standard error; without it a picture takes some hundredths longer.
    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    network = Interpreter(model_content=file.read_bytes(), num_threads=2, experimental_op_resolver_type=plain)
    network.allocate_tensors()
    return network
