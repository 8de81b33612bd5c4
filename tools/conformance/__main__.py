"""``python -m tools.conformance``: try the seeded faults that are new, then write the matrix."""

from __future__ import annotations

import argparse
import sys

from tools.conformance import pages
from tools.conformance.faults import faults, red_faults, try_faults
from tools.conformance.proofs import proofs


def main() -> int:
    """Read the arguments, try, write; the exit code tells whether every fault was noticed."""
    parser = argparse.ArgumentParser(prog="make conformance", description=__doc__)
    parser.add_argument("--all", action="store_true", help="try every fault again")
    parser.add_argument("--area", nargs="*", default=[], help="only the faults of these files")
    parser.add_argument(
        "--no-faults", action="store_true", help="write the matrix from the verdicts that are known"
    )
    parser.add_argument("--no-pages", action="store_true", help="leave the matrix as it is")
    wanted = parser.parse_args()
    found = proofs()
    unnoticed = 0
    if not wanted.no_faults:
        unnoticed = try_faults(found, areas=wanted.area, everything=wanted.all)
    red = red_faults(found)
    if not wanted.no_pages:
        pages.write(found, red)
    print(f"{len(found)} marked tests, {len(faults())} seeded faults, {len(red)} of them noticed.")
    return min(unnoticed, 1)


if __name__ == "__main__":
    sys.exit(main())
