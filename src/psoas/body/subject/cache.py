"""Keeps the compiled reference body in the user's cache folder, so that it is built once per version.

One file holds everything with a checksum; it is written beside and moved into place, so a reader never sees half of it.
Anything wrong with it means building again; a folder that cannot be written means building every time.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import fields
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import numpy as np

from psoas.body._folders import cache_folder
from psoas.body.anatomy.muscles import Muscles
from psoas.body.kinematics.geometry import Dependency
from psoas.body.subject.compiled import CompiledBody
from psoas.body.subject.passive import HipCapsule

_MODEL_NAME = "psoas.mjb"
_DIGEST_BYTES = 32


def cache_key() -> str:
    """Changes with everything the compiled body depends on: the source's and MuJoCo's version, our code and data."""
    digest = hashlib.sha256()
    for package in ("mujoco", "myo-sim", "numpy"):
        digest.update(f"{package} {metadata.version(package)}\n".encode())
    folder = resources.files("psoas.body")
    for file in sorted((*folder.iterdir(), *folder.joinpath("data").iterdir()), key=lambda item: item.name):
        if file.name.endswith((".py", ".yaml")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def load_or_build(build: Callable[[], CompiledBody]) -> CompiledBody:
    """The compiled body from the cache, or built and then cached."""
    path = cache_folder() / f"body-{cache_key()}.bin"
    found = read_cached(path)
    if found is None:
        found = build()
        write_cached(path, found)
    return found


def read_cached(path: Path) -> CompiledBody | None:
    """The compiled body in `path`, or None when there is none or it is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, body = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != digest:
        return None
    return _unpack(body)


def write_cached(path: Path, compiled: CompiledBody) -> bool:
    """Writes the compiled body to `path` in one step; False when the folder cannot be written."""
    body = _pack(compiled)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(body).digest() + body)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        return False
    return True


def _pack(compiled: CompiledBody) -> bytes:
    import mujoco

    model = np.zeros(mujoco.mj_sizeModel(compiled.model), dtype=np.uint8)
    mujoco.mj_saveModel(compiled.model, None, model)
    head = json.dumps(
        {
            "muscles": {
                field.name: value.tolist() if isinstance(value, np.ndarray) else value
                for field in fields(Muscles)
                for value in (getattr(compiled.muscles, field.name),)
            },
            "dependencies": [[rule.address, rule.sources, rule.polynomial] for rule in compiled.dependencies],
            "capsule": {field.name: getattr(compiled.capsule, field.name) for field in fields(HipCapsule)},
            "notes": compiled.notes,
        }
    ).encode()
    return len(head).to_bytes(8, "little") + head + model.tobytes()


def _unpack(body: bytes) -> CompiledBody:
    import mujoco

    length = int.from_bytes(body[:8], "little")
    head: dict[str, Any] = json.loads(body[8 : 8 + length])
    model = mujoco.MjModel.from_binary_path(_MODEL_NAME, {_MODEL_NAME: body[8 + length :]})
    table: dict[str, Any] = {
        name: tuple(value) if name in ("names", "groups") else np.array(value)
        for name, value in head["muscles"].items()
    }
    rules = tuple(Dependency(a, tuple(sources), tuple(c)) for a, sources, c in head["dependencies"])
    return CompiledBody(model, Muscles(**table), rules, HipCapsule(**head["capsule"]), head["notes"])
