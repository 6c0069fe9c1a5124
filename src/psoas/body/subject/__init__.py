"""One person's body: the compiled reference, scaled to a height, a mass, a sex and an age."""
