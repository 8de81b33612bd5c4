"""Small artefacts made by us, clean and planted with faults, for every language that is scanned.

Nothing binary is kept: archives, class files and images are written by code, the same bytes every time.
The planted secrets open nothing. Start at ``write_artefact``; ``plants.py`` says what is planted where.
"""

from domain.samples.artefacts.advisories import ADVISORIES, ADVISORIES_AS_OF
from domain.samples.artefacts.making import KINDS, LANGUAGES, write_artefact

__all__ = ["ADVISORIES", "ADVISORIES_AS_OF", "KINDS", "LANGUAGES", "write_artefact"]
