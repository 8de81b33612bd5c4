"""A BPMN engine that could serve any business; it knows no business word.

Outsiders import ``engine.api`` only. ``bpmn`` and ``runtime`` are the pure core (XML to net, and
``advance``); the other rooms are the shell around it: rows, jobs, audit, authorisation. Start with
``engine/api.py``, then ``engine/instances/execution.py``.
"""
