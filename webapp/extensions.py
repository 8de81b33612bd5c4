"""The Flask extensions, created once here and bound to an application by :func:`init_app`."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_wtf import CSRFProtect

babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
login_manager = LoginManager()


def init_app(app: Flask) -> None:
    """Bind every extension but Babel, which ``webapp.languages`` binds with its locale selector."""
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
