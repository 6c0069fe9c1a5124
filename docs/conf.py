"""How the documentation site is built: `sphinx-build -W docs build/docs`, where a broken link is an error.

Sphinx with MyST reads the Markdown pages as they stand here and the reference from the docstrings. Nothing is fetched:
no intersphinx, no web font, no script from elsewhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE)]

from psoas import __version__  # noqa: E402

project = "Psoas"
author = "The Psoas authors"
copyright = "2026, the Psoas authors"  # noqa: A001 - Sphinx's own name
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "commands"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["README.md"]
nitpicky = False

html_theme = "furo"
html_title = f"Psoas {release}"
html_copy_source = False
html_show_sphinx = False

myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_use_type_comments = False
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
