"""The database of the store: its engine, tables, triggers and migrations."""
