"""From the bytes of a pack to its typed record. Only needed when the cache holds nothing: imports YAML and Pydantic.

Three steps: read the YAML (a key that stands twice is an error); bring it into the shape of the types (lists of
records with an id become mappings, a single citation becomes a tuple of one, `for` becomes `for_`); check every value
against the types, strictly and with no unknown keys, by Pydantic.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from psoas.knowledge.packs.entry import Entry
from psoas.knowledge.packs.red_flags import Combination
from psoas.knowledge.problems import EvidenceError, Problem
from psoas.knowledge.readers.nearest import nearest_ids

RULE_KEYS = (
    "all_of", "any_of", "n_of", "none_of", "unless_yes", "unless", "when", "not_possible", "weighted", "always",
    "urgency_at_least",
)  # fmt: skip
"""Keys that make up a rule, as `rule_language` of red_flags.yaml defines them."""

_KEYWORDS = {"for": "for_", "class": "class_", "if": "if_", "list": "list_"}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML without tags, in which a key that stands twice in one mapping is an error."""


def _mapping_without_doubles(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=deep)
        if key in made:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        made[key] = loader.construct_object(value_node, deep=True)
    return made


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_doubles)

P = typing.TypeVar("P", bound=Entry)


def compile_pack(name: str, raw: bytes, kind: type[P]) -> P:
    """The typed record of one pack.

    Raises:
        EvidenceError: naming every place where the file does not fit the types.
    """
    tree = read_yaml(name, raw)
    shaper = _Shaper(name)
    shaped = shaper.shape(kind, tree)
    if shaper.problems:
        raise EvidenceError(shaper.problems)
    try:
        # JSON, because Pydantic's strict mode takes objects and arrays for records and tuples only from there.
        return TypeAdapter(kind).validate_json(to_json(shaped), strict=True)
    except ValidationError as error:
        raise EvidenceError(list(_problems_of(name, error, kind))) from None


def read_yaml(name: str, raw: bytes) -> dict[str, Any]:
    """The plain tree of a pack."""
    try:
        tree = yaml.load(raw.decode("utf-8"), Loader=_Loader)  # noqa: S506  a safe loader, see _Loader
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise EvidenceError([Problem(name, "", None, f"readable YAML in UTF-8: {error}")]) from None
    if not isinstance(tree, dict):
        raise EvidenceError([Problem(name, "", tree, "a mapping at the top of the file")])
    return tree


# ---------------------------------------------------------------- shape
class _Shaper:
    """Brings a tree into the form that the types ask for. Values are not judged here, only where they stand."""

    def __init__(self, pack: str) -> None:
        self.pack = pack
        self.problems: list[Problem] = []
        self._hints: dict[type[Entry], dict[str, Any]] = {}

    def shape(self, hint: Any, raw: Any, path: tuple[str, ...] = ()) -> Any:
        """`raw` as `hint` wants it."""
        origin, args = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            return self._union(args, raw, path)
        if origin is tuple and args[-1] is ...:
            items = raw if isinstance(raw, list) else [] if raw is None else [raw]
            return [self.shape(args[0], item, (*path, _name(item, i))) for i, item in enumerate(items)]
        if origin is Mapping:
            return self._mapping(args[1], raw, path)
        if _is_record(hint) and isinstance(raw, dict):
            return self._record(hint, raw, path)
        return raw

    def _union(self, args: tuple[Any, ...], raw: Any, path: tuple[str, ...]) -> Any:
        """Of `A | B` the member that the raw value looks like; scalars need no shaping."""
        for member in args:
            origin = typing.get_origin(member)
            if isinstance(raw, dict) and (_is_record(member) or origin is Mapping):
                return self.shape(member, raw, path)
            if isinstance(raw, list) and origin in (tuple, Mapping):
                return self.shape(member, raw, path)
        return raw

    def _mapping(self, value_hint: Any, raw: Any, path: tuple[str, ...]) -> Any:
        """A list of records with ids as a mapping from id to record, in file order."""
        if isinstance(raw, list) and _is_record(value_hint):
            made: dict[str, Any] = {}
            for i, item in enumerate(raw):
                key = item.get("id") if isinstance(item, dict) else None
                if not isinstance(key, str):
                    self._fault((*path, str(i)), item, "a record with an id")
                elif key in made:
                    self._fault((*path, key), key, "an id that stands once in its list")
                else:
                    made[key] = self.shape(value_hint, item, (*path, key))
            return made
        if isinstance(raw, dict):
            return {str(key): self.shape(value_hint, item, (*path, str(key))) for key, item in raw.items()}
        return raw

    def _record(self, kind: type[Entry], raw: dict[Any, Any], path: tuple[str, ...]) -> dict[str, Any]:
        """The keys of one record as its fields; the keys of a combination's rule gathered in `rule`."""
        hints = self._hints.get(kind) or self._hints.setdefault(kind, typing.get_type_hints(kind))
        made: dict[str, Any] = {}
        rule: dict[str, Any] = {}
        for key, value in raw.items():
            name = _KEYWORDS.get(key, str(key))
            if kind is Combination and name in RULE_KEYS:
                rule[name] = value
            else:
                made[name] = self.shape(hints.get(name), value, (*path, str(key)))
        if kind is Combination:
            made["rule"] = rule
        return made

    def _fault(self, path: tuple[str, ...], value: object, expected: str) -> None:
        self.problems.append(Problem(self.pack, "/".join(path), value, expected))


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Entry)


def _name(item: Any, index: int) -> str:
    return str(item["id"]) if isinstance(item, dict) and isinstance(item.get("id"), str) else str(index)


# ---------------------------------------------------------------- messages
def _problems_of(pack: str, error: ValidationError, kind: type[Entry]) -> Iterator[Problem]:
    """Pydantic's findings in our words; of the members of a union only the first is reported."""
    seen: set[str] = set()
    for found in error.errors(include_url=False):
        path = "/".join(str(part) for part in found["loc"])
        value: object = found["input"]
        if found["type"] == "missing":
            value, expected = None, "this key, which the record lacks"
        elif found["type"] == "unexpected_keyword_argument":
            value, expected = None, f"no key of this name{_meant(str(found['loc'][-1]), kind)}"
        else:
            expected = found["msg"].removeprefix("Input should be ").removeprefix("Value should be ")
        if path not in seen:
            seen.add(path)
            yield Problem(pack, path, value, expected)


def _meant(key: str, kind: type[Entry]) -> str:
    near = nearest_ids(key, sorted({name for record in _records(kind) for name in record._names}))
    return f"; near it are {', '.join(near)}" if near else ""


def _records(kind: type[Entry]) -> frozenset[type[Entry]]:
    """Every type of record that stands somewhere inside `kind`, itself included."""
    found: set[type[Entry]] = set()
    waiting: list[Any] = [kind]
    while waiting:
        hint = waiting.pop()
        if _is_record(hint):
            if hint not in found:
                found.add(hint)
                waiting.extend(typing.get_type_hints(hint).values())
        else:
            waiting.extend(typing.get_args(hint))
    return frozenset(found)
