"""Components, their versions, Table 1 and the state machine of a version.

``states.py`` is the state machine as a table, ``rules/`` is Table 1 as a table; both are
pure. ``service`` changes, ``queries`` reads. Not here: running checks on artefacts (the
handlers do that and leave their findings in ``domain.checks``) and the market.
"""
