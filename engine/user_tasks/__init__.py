"""Human work: claim, give back, draft, complete, withdraw; the reviewer actions; the inbox.

Not here: what happens to the tokens (``engine.runtime``) and the form rules (``engine.forms``).
Start with ``completing.py``, then ``reviewing.py`` and one file per action;
``docs/reference/user-task-lifecycle.md`` and ``docs/reference/reviewer-actions.md`` state the rules.
"""
