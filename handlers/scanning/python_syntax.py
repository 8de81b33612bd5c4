"""Names the Python files below a folder that do not parse; run as a program, in a child process.

Reads the folder from its argument and prints one JSON list. Standard library only.
"""

import ast
import json
import sys
import warnings
from pathlib import Path


def main() -> None:
    """Parse every file and print the places of those that do not parse."""
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    broken = []
    for path in sorted(folder.rglob("*.py")):
        try:
            ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            broken.append(path.relative_to(folder).as_posix())
    print(json.dumps(broken))  # noqa: T201  # its only output


if __name__ == "__main__":
    main()
