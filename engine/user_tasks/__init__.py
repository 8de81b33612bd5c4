"""Human work: claim, give back, draft, complete, withdraw; the inbox.

Not here: what happens to the tokens (``engine.instances.shell``) and the form rules (``engine.forms``).
Start with ``complete.py``; ``docs/reference/user-task-lifecycle.md`` states the rules.
"""
