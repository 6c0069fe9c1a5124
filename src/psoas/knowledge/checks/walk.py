"""Going through a pack: every record and every plain mapping in it, with the path that leads there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeGuard

from psoas.knowledge.packs.entry import Entry

Node = Entry | Mapping[str, Any]
_HOLDERS = (Entry, dict, tuple, list)


class Place(NamedTuple):
    """A record or plain mapping of a pack. `above` holds what it stands in, outermost first."""

    path: tuple[str, ...]
    node: Node
    above: tuple[Node, ...]

    @property
    def where(self) -> str:
        """The path as text."""
        return "/".join(self.path)


def parts_of(node: Node) -> Iterator[tuple[str, Any]]:
    """Keys of the file and their values, of a record or a plain mapping."""
    if isinstance(node, Entry):
        for name in node._names:
            yield name.rstrip("_"), getattr(node, name)
    else:
        for key, value in node.items():
            yield str(key), value


def get(node: Node, key: str) -> Any:
    """The value under a key of the file, None where there is none."""
    return getattr(node, key, None) if isinstance(node, Entry) else node.get(key)


def texts(value: object) -> tuple[str, ...]:
    """The strings of a value that may be a string, a row of strings, or something else."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, tuple | list):
        return tuple(item for item in value if isinstance(item, str))
    return ()


def is_number(value: object) -> TypeGuard[float]:
    """Whether this is a figure (a truth value is not)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def places(tree: object) -> list[Place]:
    """Every record and plain mapping at or below `tree`, in file order, outermost first."""
    found: list[Place] = []
    _gather(tree, (), (), found)
    return found


def _gather(node: object, path: tuple[str, ...], above: tuple[Node, ...], found: list[Place]) -> None:
    if isinstance(node, Entry | Mapping):
        found.append(Place(path, node, above))
        inner = (*above, node)
        for name, value in parts_of(node):
            if isinstance(value, _HOLDERS):
                _gather(value, (*path, name), inner, found)
    elif isinstance(node, tuple | list):
        for index, value in enumerate(node):
            if isinstance(value, _HOLDERS):
                own = get(value, "id") if isinstance(value, Entry | Mapping) else None
                _gather(value, (*path, own if isinstance(own, str) else str(index)), above, found)


def references_of(tree: object) -> Mapping[str, Any]:
    """The references of a pack by id; empty for a pack whose `sources` are the columns of a table."""
    listed = getattr(tree, "sources", None)
    return listed if isinstance(listed, Mapping) else {}
