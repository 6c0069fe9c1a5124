"""A person's own movement: files in, loads out."""
