"""Secrets that others entrust to the platform: encrypted at rest, shown once to whom they are meant for.

A secret never lies in a process variable, a form snapshot, an audit event or a log; those hold its
reference, ``secret:<id>``. ``vault.py`` encrypts, ``service.py`` has the verbs, ``queries.py`` tells of
credentials and never of their secrets. Start reading at ``service.py``.
"""
