"""Processes that compute beside the server: each does one job at a time, may die, and is replaced."""

from psoas.web.pool.pool import Busy, JobFailed, Pool

__all__ = ["Busy", "JobFailed", "Pool"]
