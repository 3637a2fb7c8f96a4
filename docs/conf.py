"""Settings of the documentation: Sphinx, furo, MyST. `tox -e docs` builds it and takes no warning."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "skerry"
author = "the skerry project"
project_copyright = "the skerry project"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "generated_pages"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "skerry"

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = [("Cancellation", "notes_style")]
python_use_unqualified_type_names = True

# The builtin `type` in an annotation is also the name of attributes of media types and dispositions.
suppress_warnings = ["ref.python"]
