"""Hip-flexor tightness from measured angles: the forward test and its inverse."""
