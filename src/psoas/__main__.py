"""`python -m psoas` is the command line.

Python puts the current folder before everything else for `-m`; a `yaml.py` that lies there would be run in place of the
library. So the folder is taken out again, unless Psoas itself was found there.
"""

import os
import sys

_here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  nothing is imported before
if not sys.flags.safe_path and sys.path and os.path.abspath(sys.path[0] or ".") not in (_here,):  # noqa: PTH100
    del sys.path[0]

from psoas.cli import main  # noqa: E402  only now is nothing of the current folder found

main()
