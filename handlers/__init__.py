"""What service tasks and listeners of the processes do: one module per topic family.

Handlers connect the engine (which routes by topic) with the domain (which knows no process). They hold
no business rules of their own. Start reading at ``register_all``.
"""
