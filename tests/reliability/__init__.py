"""Durability under fire: real processes killed at random moments, and what must be true afterwards.

Start reading at ``load.py`` (who works and who kills) and ``checker.py`` (who judges, from the database and
the ledger alone). ``faults.py`` breaks the engine on purpose, to show that the judge would notice.
``soak.py`` is the long form; docs/explanation/durability.md explains it.
"""
