"""The library of standby components: which component may take the place of which, and where one is missing.

Operators keep it. A core component without a standby is reported and nothing more: the library is advised,
not required. Start at ``service.py``. Source: draft standard, 10.3c.
"""
