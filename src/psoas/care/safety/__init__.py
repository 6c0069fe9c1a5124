"""What keeps an item off a plan: the screen, interactions, flags, and the check of the finished plan."""
