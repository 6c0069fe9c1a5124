"""The same jobs for programs, under /api/v1."""
