"""Checks that look at real things: files, addresses, documents.

Every check is a plain function from an artefact to a ``CheckResult``; none of them knows the
database, the engine or a process. What could not be looked at is ``not_checked`` with its reason,
never passed. Start reading in ``results.py``; ``handlers/recording.py`` stores what comes out.
"""
