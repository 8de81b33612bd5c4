"""Uploads and downloads. A file is stored once and named "file:<id>" in forms and records."""

from webapp.files.routes import blueprint

__all__ = ["blueprint"]
