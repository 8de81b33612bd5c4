"""Addresses of what the front-end build wrote to ``static/dist``, and the icons.

The build names each file by its content and writes ``manifest.json``; pages ask for ``asset("inbox.js")``.
"""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask, url_for

DIST = Path(__file__).parent / "static" / "dist"


def init_app(app: Flask) -> None:
    """Read the manifest once and offer ``asset(name)`` to the templates."""
    manifest = _read_manifest(DIST / "manifest.json")

    def asset(name: str) -> str:
        return url_for("static", filename=f"dist/{manifest.get(name, name)}")

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["has_asset"] = manifest.__contains__


def _read_manifest(path: Path) -> dict[str, str]:
    # Without a build (tests of routes) the pages still render; the browser then finds no styles.
    if not path.exists():
        return {}
    return dict(json.loads(path.read_text("utf-8")))
