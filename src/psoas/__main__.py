"""`python -m psoas` is the command line."""

from psoas.cli import main

main()
