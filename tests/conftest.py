"""Fixtures for every folder of tests."""

from tests.postgres import administer, postgres_url, server

__all__ = ["administer", "postgres_url", "server"]
