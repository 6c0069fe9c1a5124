"""Reads a case file (YAML or JSON) into plain Python data, whatever somebody put into it.

A case file comes from a person, a web form or another program, so it is treated as hostile: it may not use YAML
aliases (they can explode), tags (they can name Python objects), duplicate keys (the last one would win in silence) or
more than 1 MB. Numbers are decimal: what YAML 1.1 would turn into another number without a word (`010`, `1:30`,
`0x10`) stays text, which no field for a number takes. Everything wrong becomes one `CaseError` sentence.
"""

from __future__ import annotations

import json
import re
import stat
import sys
from pathlib import Path
from typing import Any

import yaml

from psoas.case.types import MAX_DEPTH
from psoas.errors import CaseError

MAX_BYTES = 1_000_000

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _CaseLoader(_Base):  # type: ignore[misc]
    """YAML's safe loader with what a case never needs taken away."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, bool):
            key = key_node.value  # a key `no:` or `yes:` is a word, not a truth value
        if not isinstance(key, str):
            raise CaseError(f"line {key_node.start_mark.line + 1}", f"the key {key!r} is not a word; keys are words.")
        if key in out:
            raise CaseError(f"line {key_node.start_mark.line + 1}", f"'{key}' stands twice; give it once.")
        out[key] = loader.construct_object(value_node, deep=True)
    return out


def _number(text: str) -> float:
    """An integer of thousands of digits becomes an infinite float, which a field refuses under its own name."""
    return int(text) if len(text) <= 18 else float(text)


_INT, _FLOAT = "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"
_CaseLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag not in (_INT, _FLOAT)]
    for first, pairs in _Base.yaml_implicit_resolvers.items()
}
_CaseLoader.add_implicit_resolver(_INT, re.compile(r"[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))
_CaseLoader.add_implicit_resolver(
    _FLOAT,
    re.compile(
        r"(?:[-+]?(?:0|[1-9][0-9]*)?\.[0-9]+(?:[eE][-+]?[0-9]+)?|[-+]?(?:0|[1-9][0-9]*)\.?(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
    list("-+0123456789."),
)
_CaseLoader.add_constructor(_INT, lambda loader, node: _number(loader.construct_scalar(node)))
_CaseLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# A date in a case is a word like any other: no field takes one.
_CaseLoader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def _refuse_what_explodes(text: str) -> None:
    """Walk the event stream, which expands nothing, before anything is built from it."""
    depth = documents = 0
    events: Any = yaml.parse(text, Loader=_Base)
    for event in events:
        line = f"line {event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise CaseError(line, "YAML anchors and aliases (& and *) are not allowed in a case; write the value out.")
        if getattr(event, "tag", None) not in (None, "!"):
            raise CaseError(line, f"the YAML tag {event.tag} is not allowed in a case; write a plain value.")
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise CaseError(line, "a second document begins here; a case file holds one case.")
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                raise CaseError(line, f"nested more than {MAX_DEPTH} levels deep; a case needs five at most.")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        if key in out:
            raise CaseError("the file", f"'{key}' stands twice; give it once.")
        out[key] = value
    return out


def _parsed(text: str) -> Any:
    """JSON as JSON (YAML reads its escapes of letters outside the basic plane as an error), all else as YAML."""
    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text, object_pairs_hook=_once, parse_int=_number)
        except json.JSONDecodeError:
            pass  # a flow mapping of YAML begins with the same sign
    _refuse_what_explodes(text)
    return yaml.load(text, Loader=_CaseLoader)  # noqa: S506 - a subclass of the safe loader


def parse_case_text(text: str) -> dict[str, Any]:
    """Parse JSON, or YAML, into a dictionary.

    Raises:
        CaseError: neither of them, not a mapping, or one of the things that a case may not hold.
    """
    try:
        data = _parsed(text)
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        problem = getattr(err, "problem", None) or getattr(err, "reason", None) or "unreadable"
        raise CaseError(where, f"this is not YAML or JSON: {problem}.") from None
    except RecursionError:
        raise CaseError("the file", f"nested more than {MAX_DEPTH} levels deep; a case needs five at most.") from None
    except ValueError as err:
        raise CaseError("the file", f"a value cannot be read: {err}.") from None
    if not isinstance(data, dict):
        kind = "empty" if data is None else f"a {type(data).__name__}"
        raise CaseError("the file", f"it is {kind}; expected a case that begins with `psoas_case: 1`.")
    return data


def read_case_text(path: str | Path) -> str:
    """The text of a case file; `-` is standard input.

    Raises:
        CaseError: missing, a folder, unreadable, too large or not UTF-8.
    """
    name = str(path)
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            kind = Path(path).stat().st_mode
            if stat.S_ISDIR(kind):
                raise CaseError(name, "this is a folder; expected a case file.")
            if not stat.S_ISREG(kind):  # a pipe can wait for ever, a device can have no end
                raise CaseError(name, "this is no plain file; give a file, or - to read standard input.")
            with Path(path).open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise CaseError(name, "there is no such file.") from None
    except (OSError, ValueError) as err:
        raise CaseError(name, f"the file cannot be read: {getattr(err, 'strerror', None) or err}.") from None
    if len(raw) > MAX_BYTES:
        raise CaseError(name, f"the file is larger than {MAX_BYTES // 1000} kB; a case is a few kB.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise CaseError(name, f"the file is not UTF-8 text (byte {err.start}); save it as UTF-8.") from None
