"""The pages of the dictionaries: the codes of Table 1, drafted by one administrator, released by another.

What an edition may say is decided in ``domain.catalogue.dictionary_rules``, not here.
"""

from webapp.dictionaries.routes import blueprint

__all__ = ["blueprint"]
