"""The resource market: published versions, found by two characters, seen by territory.

An entry is a copy of what the market shows, made when the version is published; the
record itself stays in the catalogue. Applications and orders come later.
"""
