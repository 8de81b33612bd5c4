"""The web pages: Flask, Jinja and htmx. The top layer, where everything is wired together.

Each room is a package with a ``blueprint``; :func:`create_app` assembles them and nothing else. Every route
declares who may use it (see ``webapp.permissions``); without a declaration a route answers nobody.
Start reading at ``webapp/inbox/routes.py``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask

from webapp import (
    acting,
    assets,
    error_pages,
    extensions,
    languages,
    navigation,
    observing,
    permissions,
    security,
)
from webapp.presentation import register_filters

if TYPE_CHECKING:
    from kernel.settings import Settings
    from webapp.wiring import Platform

ROOMS = (
    "webapp.auth",
    "webapp.home",
    "webapp.inbox",
    "webapp.files",
    "webapp.catalogue",
    "webapp.market",
    "webapp.orders",
    "webapp.delisting",
    "webapp.plans",
    "webapp.evaluations",
    "webapp.standby",
    "webapp.credentials",
    "webapp.deployments",
    "webapp.notices",
    "webapp.people",
    "webapp.dictionaries",
    "webapp.api",
    "webapp.modeler",
    "webapp.audit",
    "webapp.conformance",
    "webapp.instances",
    "webapp.baseline",
    "webapp.assessments",
    "webapp.admissions",
    "webapp.health",
)


def create_app(settings: Settings, platform: Platform | None = None) -> Flask:
    """Assemble the application; build the platform from the settings unless one is handed in."""
    app = Flask("webapp", template_folder="templates", static_folder="static")
    security.configure(app, settings)
    observing.init_app(app)
    extensions.init_app(app)
    acting.init_app(app, platform or _build_platform(settings))
    permissions.init_app(app)
    languages.init_app(app)
    assets.init_app(app)
    navigation.init_app(app)
    error_pages.init_app(app)
    register_filters(app)
    for room in ROOMS:
        app.register_blueprint(import_module(room).blueprint)
    return app


def _build_platform(settings: Settings) -> Platform:
    # Imported here: the wiring imports engine, domain and handlers, which a test with a fake does not need.
    from webapp.wiring import build_platform

    return build_platform(settings)
