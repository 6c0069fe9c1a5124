"""What proves a record: the audit chain, the seals of rows, and their verification."""
