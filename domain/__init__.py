"""The business of common components, testable without an engine and without the web.

One room per subject of the standard: ``catalogue`` (components, versions, Table 1, the
state machine), ``people``, ``checks``, ``gateway``, ``market``, ``notices``, and what a version leaves by:
``delisting``, ``suspension``, ``orders``, ``usage``, ``emergency``, ``scans``. A room asks
another only through its ``service`` and ``queries``; the arrows run market, gateway →
catalogue → delisting, orders → checks, usage → people. ``samples`` ships the fictitious
components and people. Nothing here knows a BPMN word. Start reading at ``catalogue/states.py``.
"""
