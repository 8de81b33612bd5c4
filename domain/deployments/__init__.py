"""Which artefact of a version runs where, in the pre-release environment or in production, and how it went.

Rows only: the processes themselves are started and stopped by a driver (``handlers/deploying``), and what
happened is recorded here. Start reading at ``service.py``.
"""
