"""The one expression tree: expressions, conditions of rules, and what follows from a case."""
