"""Makes the bones of the 3D view, `body-<hash>.glb` in src/psoas/web/static, from the compiled body. Run at set-up.

Every bone stands in the axes of its own joint at the size of the reference man, so that a scene places it by a position
and a turn. The source's meshes are coarse: they are subdivided smooth, hollows are shaded once into the vertices, and
meshoptimizer makes the whole small. Left-hand bones are the right-hand ones mirrored, when shown.

    python scripts/build_body_mesh.py           # nothing to do when nothing changed
    python scripts/build_body_mesh.py --force

It comes after build_frontend.py, whose packages it uses.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
import trimesh
from trimesh.visual import ColorVisuals

from psoas.body.anatomy.blueprint import Surface
from psoas.body.subject.cache import cache_key
from psoas.body.view.skeleton import bones_at_their_joints

sys.path.insert(0, str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves out a script's own folder
from build_frontend import find_tools

HERE = Path(__file__).resolve().parent.parent
WEB = HERE / "src" / "psoas" / "web"
STATIC = WEB / "static"
PACK = WEB / "frontend" / "pack_body.mjs"
MOST_BYTES = 500_000

# Looks: our choice. Colours are sRGB 0 to 255: bone, its hollows and its ridges.
BONE, HOLLOW, RIDGE = np.array([230.0, 219.0, 193.0]), np.array([146.0, 112.0, 80.0]), np.array([245.0, 239.0, 224.0])
COARSE = 1200
"""A mesh of fewer triangles than this is subdivided."""


def main() -> int:
    """Build, pack and put into place; the exit status."""
    wanted = _digest()
    stamp = STATIC / ".body-built"
    if "--force" not in sys.argv[1:] and stamp.exists() and stamp.read_text() == wanted:
        return 0
    tools = find_tools()
    if tools is None or not (PACK.parent / "node_modules").is_dir():
        print("psoas: the app's scripts come first; run: python scripts/build_frontend.py", file=sys.stderr)
        return 3
    content = packed(tools[0])
    if not content:
        return 3
    if len(content) > MOST_BYTES:
        print(f"psoas: the bones take {len(content)} bytes; expected at most {MOST_BYTES}.", file=sys.stderr)
        return 3
    put(content)
    stamp.write_text(wanted)
    return 0


def packed(node: str) -> bytes:
    """The bones as a small GLB; empty when packing failed, with the reason on stderr."""
    scene = trimesh.Scene()
    for name, surface in bones_at_their_joints().items():
        scene.add_geometry(smooth(surface), node_name=name, geom_name=name)
    with tempfile.TemporaryDirectory() as folder:
        raw, small = Path(folder) / "raw.glb", Path(folder) / "body.glb"
        raw.write_bytes(scene.export(file_type="glb", include_normals=True))
        status = subprocess.run([node, str(PACK), str(raw), str(small)], stdout=sys.stderr).returncode
        return b"" if status else small.read_bytes()


def put(content: bytes) -> None:
    """Into the static folder under a name that holds its hash, then into the list of what a page may ask for."""
    STATIC.mkdir(exist_ok=True)
    name = f"body-{hashlib.sha256(content).hexdigest()[:8].upper()}.glb"
    for target, data in ((name, content), ("manifest-body.json", f'{{"body.glb": "{name}"}}\n'.encode())):
        part = STATIC / f"{target}.new"
        part.write_bytes(data)
        part.replace(STATIC / target)
    for old in STATIC.glob("body-*.glb"):
        if old.name != name:
            old.unlink()
    print(f"psoas: {name}, {len(content) / 1000:.0f} kB", file=sys.stderr)


def _digest() -> str:
    """Changes with everything the bones are made from."""
    total = hashlib.sha256(cache_key().encode())
    for path in (Path(__file__), PACK, PACK.parent / "package-lock.json"):
        total.update(path.read_bytes())
    return total.hexdigest()


def smooth(surface: Surface) -> trimesh.Trimesh:
    """A bone with round forms and shaded hollows."""
    mesh = trimesh.Trimesh(surface.vertices.copy(), surface.faces.copy(), process=True)
    mesh.merge_vertices(merge_norm=True, merge_tex=True)
    mesh.update_faces(mesh.nondegenerate_faces())
    mesh.update_faces(mesh.unique_faces())
    mesh.remove_unreferenced_vertices()
    # Sacrum and both halves of the pelvis come as one surface; each part is smoothed by what it allows.
    parts = mesh.split(only_watertight=False) if len(mesh.faces) < COARSE else [mesh]
    mesh = trimesh.util.concatenate([_rounded(part) for part in parts if len(part.faces) > 8])
    mesh.visual = ColorVisuals(mesh, vertex_colors=_shade(mesh))
    return mesh


def _rounded(mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    if mesh.volume < 0:
        mesh.invert()
    if len(mesh.faces) >= COARSE:
        return mesh
    try:
        return mesh.subdivide_loop(iterations=2)
    except ValueError:  # edges that more than two triangles share
        fine = mesh.subdivide().subdivide()
        trimesh.smoothing.filter_humphrey(fine, iterations=6)
        return fine


def _shade(mesh: trimesh.Trimesh) -> np.ndarray[Any, Any]:
    """Vertex colours (n, 4), linear 0 to 255: dark where the surface lies below its own smoothed copy."""
    edges, count = mesh.edges_unique, len(mesh.vertices)
    ones = np.ones(2 * len(edges))
    near = sparse.coo_matrix((ones, (np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]])), (count, count))
    near = near.tocsr()
    degree = np.maximum(np.asarray(near.sum(axis=1)).ravel(), 1.0)
    flat = mesh.vertices.copy()
    for _ in range(14):
        flat = 0.5 * flat + 0.5 * (near @ flat) / degree[:, None]
    depth = np.einsum("ij,ij->i", flat - mesh.vertices, mesh.vertex_normals)
    depth = np.clip(depth / max(float(np.percentile(np.abs(depth), 92)), 1e-9), -1.0, 1.0)
    for _ in range(3):
        depth = 0.5 * depth + 0.5 * (near @ depth) / degree
    share = depth[:, None]
    colour = np.where(share > 0, BONE + (HOLLOW - BONE) * share * 0.85, BONE + (RIDGE - BONE) * -share * 0.8) / 255.0
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return np.c_[np.round(linear * 255.0), np.full(count, 255.0)].astype(np.uint8)


if __name__ == "__main__":
    sys.exit(main())
