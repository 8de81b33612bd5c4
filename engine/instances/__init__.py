"""Process instances: start, advance, cancel, and what is known of them.

``execution.py`` is the imperative shell: load, ``advance``, turn effects into rows, store. Everything that
moves a token goes through it. Not here: human work (``engine.user_tasks``), automatic work (``engine.jobs``).
"""
