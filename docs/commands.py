"""A Sphinx extension of one directive: `psoas-commands` writes the reference of every command from its own help."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList


def _commands(command: Any, path: str) -> list[tuple[str, Any]]:
    """Every command under this one with the words that call it, in the order of the help."""
    if children := getattr(command, "commands", None):
        return [found for name, child in children.items() for found in _commands(child, f"{path} {name}")]
    return [] if command.hidden else [(path, command)]


def _lines(path: str, command: Any) -> list[str]:
    """A command as Markdown: what it does, then its arguments and options."""
    lines = [f"## {path}", "", *str(command.help or "").replace("\b", "").splitlines(), ""]
    for parameter in command.params:
        if getattr(parameter, "hidden", False) or parameter.name == "help":
            continue
        is_option = parameter.param_type_name == "option"
        names = ", ".join(f"`{name}`" for name in parameter.opts) if is_option else f"`{parameter.name.upper()}`"
        lines.append(f"- {names}: {(getattr(parameter, 'help', None) or '').strip() or 'see above'}")
    return [*lines, ""]


class Commands(Directive):
    """The sections of all commands."""

    def run(self) -> list[nodes.Node]:
        """Parse them as Markdown in place."""
        import typer

        from psoas.cli import app

        root = nodes.section()
        root.document = self.state.document
        lines = [line for path, each in _commands(typer.main.get_command(app), "psoas") for line in _lines(path, each)]
        self.state.nested_parse(StringList(lines, source="psoas --help"), self.content_offset, root, match_titles=True)
        return list(root.children)


def setup(app: Any) -> dict[str, bool]:
    """Tell Sphinx of the directive."""
    app.add_directive("psoas-commands", Commands)
    return {"parallel_read_safe": True}
