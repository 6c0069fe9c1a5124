"""Answers and plans of the app: computed in workers, kept as long as what they rest on."""
