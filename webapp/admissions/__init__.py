"""Admissions of external products: the list, one certificate, and the button that applies for one."""

from webapp.admissions.routes import blueprint

__all__ = ["blueprint"]
