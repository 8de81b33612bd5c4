"""Security assessments: what was checked on a version or an external product, and what came of it.

An assessment has seven checks, each with a result of its own; one that did not run counts as not passed
unless two operators accepted a third-party report instead. This room judges and keeps; the tools are run
by handlers. Start reading at ``rules``. Source: draft standard, clauses 8.1.1, 8.2.4, 8.3.1
"""
