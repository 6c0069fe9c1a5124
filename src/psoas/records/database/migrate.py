"""Bringing an old store forward, revision by revision, in one transaction: all of it happens, or nothing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from psoas.records.errors import TooNew

SCRIPTS = Path(__file__).parent / "migrations"


def bring_forward(connection: Connection, found: str | None, where: str, scripts: Path = SCRIPTS) -> None:
    """Runs the revisions after the one found; the caller holds the transaction.

    Args:
        found: the revision of the store; None runs every one.
        where: the store as a person knows it.

    Raises:
        TooNew: the revision is not one of ours.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise TooNew(f"{where} was written by a later Psoas (revision {found}); update Psoas to open it.")
    if connection.dialect.name == "sqlite":  # tables that are rebuilt are away for a moment
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    command.upgrade(config, "head")
