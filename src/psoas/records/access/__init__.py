"""Who comes in: the first start, passwords, sessions, tokens, and the guards against guessing."""
