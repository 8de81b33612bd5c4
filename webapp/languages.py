"""The language of a page: the person's choice, else the browser's wish, else Chinese.

Message identifiers are the Chinese texts, so Chinese needs no catalogue; English is in
``translations/en/LC_MESSAGES/messages.po``.
"""

from __future__ import annotations

from typing import Literal

import flask_babel
from flask import Flask, has_request_context, request

from kernel.language import Text
from webapp.extensions import babel

Language = Literal["zh-CN", "en"]

COOKIE = "language"
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
TIME_ZONE = "Asia/Shanghai"
_BABEL_LOCALES = {"zh-CN": "zh_Hans_CN", "en": "en"}


def init_app(app: Flask) -> None:
    """Bind Babel with our way to choose the language, and offer the language to the templates."""
    babel.init_app(
        app,
        default_locale="zh_Hans_CN",
        default_timezone=TIME_ZONE,
        default_translation_directories="translations",
        locale_selector=lambda: _BABEL_LOCALES[_choose()],
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.context_processor(lambda: {"language": language()})
    app.template_filter("text")(in_language)


def language() -> Language:
    """Return the language of this request."""
    return "en" if str(flask_babel.get_locale() or "").startswith("en") else "zh-CN"


def gettext(chinese: str, **values: object) -> str:
    """Return a text in the language of this request; import it as ``_`` so that it is extracted."""
    return str(flask_babel.gettext(chinese, **values))


def ngettext(one: str, many: str, number: int) -> str:
    """Return the singular or plural with ``%(num)d`` filled in."""
    return str(flask_babel.ngettext(one, many, number))


def in_language(text: Text | str | None) -> str:
    """Return a two-language text in the language of this request; plain strings pass unchanged."""
    if text is None:
        return ""
    return text if isinstance(text, str) else text.in_(language())


def _choose() -> Language:
    if not has_request_context():
        return "zh-CN"
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    wished = request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh-CN")
    return "en" if wished == "en" else "zh-CN"
